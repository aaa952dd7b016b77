import {deflateSync} from 'node:zlib';
import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import type {Raster} from '../../src/images/raster.js';
import {decodeBytes, pngOf} from './fixtures.js';

const ROAD = [128, 64, 128];
const SKY = [70, 130, 180];
const palette = new Map([
  [0x804080, 7],
  [0x4682b4, 300],
  [0x000000, 255],
]);

const rgb = (colours: readonly (readonly number[])[], width: number) =>
  sharp(Uint8Array.from(colours.flat()), {raw: {width, height: colours.length / width, channels: 3}});
const ids = ({data, channels}: Raster) => ({channels, ids: Array.from(data)});

/** A PNG of 8-bit palette indices. */
const indexed = (
  indices: readonly number[],
  colours: readonly (readonly number[])[],
  transparency?: readonly number[],
) =>
  pngOf({width: indices.length, height: 1, depth: 8, colourType: 3}, [
    ['PLTE', Buffer.from(colours.flat())],
    ...(transparency ? [['tRNS', Buffer.from(transparency)] as const] : []),
    ['IDAT', deflateSync(Buffer.from([0, ...indices]))],
  ]);

describe('a mask in colours', () => {
  const mask = rgb([ROAD, SKY, [0, 0, 0], SKY], 2);

  test.each(['labels', 'mask'] as const)('as %s: the ids of its colours', async (reading) => {
    const decoded = await decodeBytes(await mask.png().toBuffer(), 'm.png', reading, {palette});
    expect(decoded).toMatchObject({height: 2, width: 2, maximum: 65535});
    expect(ids(decoded)).toEqual({channels: 1, ids: [7, 300, 255, 300]});
  });

  test.each(['pixels', 'scores'] as const)('as %s: its colours', async (reading) => {
    const decoded = await decodeBytes(await mask.png().toBuffer(), 'm.png', reading, {palette});
    expect(ids(decoded)).toEqual({channels: 3, ids: [ROAD, SKY, [0, 0, 0], SKY].flat()});
  });

  test('one colour, a grey among those of the palette', async () => {
    const black = await rgb([[0, 0, 0]], 1)
      .png()
      .toBuffer();
    expect(ids(await decodeBytes(black, 'm.png', 'labels', {palette}))).toEqual({channels: 1, ids: [255]});
  });

  test('an opaque alpha goes, another one is an error that names the option', async () => {
    const opaque = await mask.clone().ensureAlpha(1).png().toBuffer();
    expect(ids(await decodeBytes(opaque, 'm.png', 'labels', {palette}))).toEqual({
      channels: 1,
      ids: [7, 300, 255, 300],
    });
    const half = await mask.clone().ensureAlpha(0.5).png().toBuffer();
    await expect(decodeBytes(half, 'm.png', 'labels', {palette})).rejects.toMatchObject({
      code: 'alpha',
      message: 'm.png: the image is partly transparent; set image.alpha to drop, or to blend over a colour',
    });
    const dropped = await decodeBytes(half, 'm.png', 'labels', {palette, alpha: 'drop'});
    expect(ids(dropped)).toEqual({channels: 1, ids: [7, 300, 255, 300]});
    const blend = decodeBytes(half, 'm.png', 'labels', {palette, alpha: {blend: [0, 0, 0]}});
    await expect(blend).rejects.toMatchObject({message: expect.stringContaining('would change the ids')});
  });

  test('an unknown colour is named, with its place', async () => {
    const file = await rgb([ROAD, SKY, ROAD, [255, 0, 9]], 2)
      .png()
      .toBuffer();
    await expect(decodeBytes(file, 'm.png', 'labels', {palette})).rejects.toMatchObject({
      code: 'labels',
      message: 'm.png: colour #ff0009 at x 1, y 1 is not in the palette',
    });
  });

  test.each(['jpeg', 'webp'] as const)('%s changes colours, which the message says', async (format) => {
    const noisy = rgb(
      Array.from({length: 64}, (_, i) => ((i * 7) % 3 === 0 ? ROAD : SKY)),
      8,
    );
    const file = await noisy.toFormat(format, {quality: 60}).toBuffer();
    await expect(decodeBytes(file, `m.${format}`, 'mask', {palette})).rejects.toMatchObject({
      code: 'labels',
      message: expect.stringMatching(
        /^m\.\w+: colour #[0-9a-f]{6} at x \d, y \d is not in the palette; JPEG, WebP and AVIF change colours, save masks as PNG$/,
      ),
    });
  });

  test('16 bits a channel are refused', async () => {
    const file = await rgb([ROAD], 1).toColourspace('rgb16').png().toBuffer();
    await expect(decodeBytes(file, 'm.png', 'labels', {palette})).rejects.toMatchObject({
      message: 'm.png: a mask in colours must have 8 bits a channel',
    });
  });

  test('without a palette it is no mask', async () => {
    await expect(decodeBytes(await mask.png().toBuffer(), 'photo.png', 'mask')).rejects.toMatchObject({
      code: 'channels',
      message:
        'photo.png: an image of 3 channels is no mask; set palette for a mask in colours (scores of several classes come as NPY, NPZ or a file per class)',
    });
  });
});

describe('ids in one channel are read as they are, palette or not', () => {
  test.each([null, palette])('grey of 8 and 16 bits', async (of) => {
    for (const [space, values] of [
      ['b-w', Uint8Array.of(0, 18, 255)],
      ['grey16', Uint16Array.of(0, 1018, 65535)],
    ] as const) {
      const file = await sharp(values, {raw: {width: 3, height: 1, channels: 1}})
        .toColourspace(space)
        .png()
        .toBuffer();
      for (const reading of ['labels', 'mask'] as const) {
        expect(ids(await decodeBytes(file, 'm.png', reading, {palette: of}))).toEqual({
          channels: 1,
          ids: Array.from(values),
        });
      }
    }
  });

  test.each([null, palette])('the indices of a palette PNG, as Pascal VOC stores ids', async (of) => {
    const file = indexed(
      [2, 0, 1, 2],
      [
        [0, 0, 0],
        [128, 0, 0],
        [0, 128, 0],
      ],
    );
    expect(ids(await decodeBytes(file, 'm.png', 'labels', {palette: of}))).toEqual({channels: 1, ids: [2, 0, 1, 2]});
  });

  test('transparency of a palette is no part of an id', async () => {
    const file = indexed([1, 0, 1], [ROAD, SKY], [0, 128]);
    expect(ids(await decodeBytes(file, 'm.png', 'labels'))).toEqual({channels: 1, ids: [1, 0, 1]});
  });
});

describe('a palette PNG whose colours are all of the run’s palette', () => {
  test('is a mask in colours that was stored small: its order means nothing', async () => {
    const file = indexed([0, 1, 2, 0], [SKY, [0, 0, 0], ROAD]);
    expect(ids(await decodeBytes(file, 'm.png', 'mask', {palette}))).toEqual({channels: 1, ids: [300, 255, 7, 300]});
    expect(ids(await decodeBytes(file, 'm.png', 'mask'))).toEqual({channels: 1, ids: [0, 1, 2, 0]});
  });

  test('entries that fill up the end count once', async () => {
    const file = indexed([0, 1], [SKY, ROAD, [0, 0, 0], [0, 0, 0], [0, 0, 0]]);
    expect(ids(await decodeBytes(file, 'm.png', 'labels', {palette}))).toEqual({channels: 1, ids: [300, 7]});
  });

  test('as pixels it has its colours', async () => {
    const {data} = await decodeBytes(indexed([0, 1], [SKY, ROAD]), 'm.png', 'pixels', {palette});
    expect(Array.from(data)).toEqual([...SKY, ...ROAD]);
  });
});
