import {describe, expect, test} from 'vitest';
import {decode, npyBytes, pattern, pick} from './fixtures.js';

describe('lossy files decode as Pillow decodes them', () => {
  test.each([
    ['jpeg/rgb.jpg', 3],
    ['jpeg/rgb-444.jpg', 3],
    ['jpeg/rgb-progressive.jpg', 3],
    ['jpeg/grey.jpg', 1],
    ['webp/rgb-lossy.webp', 3],
  ])('%s', async (name, channels) => {
    const raster = await decode(name);
    expect(raster).toMatchObject({height: 23, width: 31, channels, maximum: 255});
    expect(Buffer.from(raster.data as Uint8Array).equals(npyBytes(`${name}.npy`))).toBe(true);
  });
});

describe('lossless WebP comes back exactly', () => {
  test('RGB', async () => {
    const raster = await decode('webp/rgb-lossless.webp');
    expect(raster).toMatchObject({height: 5, width: 7, channels: 3, maximum: 255});
    expect(Array.from(raster.data)).toEqual(pattern(3));
  });

  test('RGB under a dropped alpha', async () => {
    const raster = await decode('webp/rgba-lossless.webp', 'pixels', {alpha: 'drop'});
    expect(Array.from(raster.data)).toEqual(pick(pattern(4), 4, [0, 1, 2]));
  });
});

describe('EXIF orientation', () => {
  test('is applied to pixels', async () => {
    const raster = await decode('jpeg/orientation-6.jpg');
    expect(raster).toMatchObject({height: 31, width: 23});
    expect(Buffer.from(raster.data as Uint8Array).equals(npyBytes('jpeg/orientation-6-upright.npy'))).toBe(true);
  });

  test.each([
    ['pixels', false],
    ['scores', true],
    ['labels', true],
  ] as const)('is left alone for %s with orient %s', async (reading, orient) => {
    const raster = await decode('jpeg/orientation-6.jpg', reading, {orient});
    expect(raster).toMatchObject({height: 23, width: 31});
    expect(Buffer.from(raster.data as Uint8Array).equals(npyBytes('jpeg/orientation-6.jpg.npy'))).toBe(true);
  });
});

describe('every EXIF orientation is turned upright as Pillow turns it', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i', async (k) => {
    const raster = await decode(`orientation/${k}.jpg`);
    expect([raster.height, raster.width]).toEqual(k < 5 ? [23, 31] : [31, 23]);
    // The fixture holds every fourth pixel of every fourth row.
    const expected = npyBytes(`orientation/${k}.npy`);
    const columns = Math.ceil(raster.width / 4);
    expect(expected.length).toBe(3 * columns * Math.ceil(raster.height / 4));
    expected.forEach((value, i) => {
      const pixel = Math.floor(i / 3);
      const at = 4 * Math.floor(pixel / columns) * raster.width + 4 * (pixel % columns);
      expect(raster.data[3 * at + (i % 3)]).toBe(value);
    });
  });

  test.each(['orientation/8.png', 'orientation/8.webp'])('%s', async (name) => {
    const raster = await decode(name);
    expect(raster).toMatchObject({height: 31, width: 23});
    expect(Buffer.from(raster.data as Uint8Array).equals(npyBytes('orientation/8-lossless.npy'))).toBe(true);
    expect(await decode(name, 'pixels', {orient: false})).toMatchObject({height: 23, width: 31});
    expect(await decode(name, 'labels')).toMatchObject({height: 23, width: 31});
  });

  test('that of AVIF is part of the format', async () => {
    const expected = npyBytes('avif/orientation-6.avif.npy');
    for (const orient of [true, false]) {
      const raster = await decode('avif/orientation-6.avif', 'pixels', {orient});
      expect(raster).toMatchObject({height: 31, width: 23});
      expected.forEach((value, i) => {
        expect(Math.abs((raster.data[i] as number) - value)).toBeLessThanOrEqual(1);
      });
    }
  });
});
