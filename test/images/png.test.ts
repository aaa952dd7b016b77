import {deflateSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {decode, decodeBytes, pattern, pick, png} from './fixtures.js';

describe('pixels come back exactly', () => {
  test.each([
    ['grey-8', 1, 255],
    ['rgb-8', 3, 255],
    ['grey-16', 1, 65535],
    ['rgb-16', 3, 65535],
  ])('%s', async (name, channels, maximum) => {
    const {data, ...shape} = await decode(`png/${name}.png`);
    expect(shape).toEqual({height: 5, width: 7, channels, maximum});
    expect(data.constructor).toBe(maximum === 255 ? Uint8Array : Uint16Array);
    expect(Array.from(data)).toEqual(pattern(channels, maximum));
  });

  test.each([
    ['grey-alpha-8', 2, 255],
    ['rgba-8', 4, 255],
    ['grey-alpha-16', 2, 65535],
    ['rgba-16', 4, 65535],
  ])('%s under a dropped alpha', async (name, channels, maximum) => {
    const raster = await decode(`png/${name}.png`, 'pixels', {alpha: 'drop'});
    expect(raster).toMatchObject({height: 5, width: 7, channels: channels - 1, maximum});
    const colours = Array.from({length: channels - 1}, (_, c) => c);
    expect(Array.from(raster.data)).toEqual(pick(pattern(channels, maximum), channels, colours));
  });

  test.each([1, 2, 4])('grey of %i bits, widened to 8', async (bits) => {
    const raster = await decode(`png/grey-${bits}.png`);
    expect(raster).toMatchObject({channels: 1, maximum: 255});
    const widest = 2 ** bits - 1;
    expect(Array.from(raster.data)).toEqual(pattern(1, widest).map((value) => (value * 255) / widest));
  });

  test.each([1, 2, 4, 8])('a palette of %i bits, as RGB', async (bits) => {
    const raster = await decode(`png/palette-${bits}.png`);
    expect(raster).toMatchObject({channels: 3, maximum: 255});
    expect(Array.from(raster.data)).toEqual(
      pattern(1, 2 ** bits - 1).flatMap((index) => [0, 1, 2].map((c) => ((3 * index + c) * 50 + 7) % 256)),
    );
  });

  test.each([
    ['rgb-8-interlaced', 3, 255],
    ['rgb-16-interlaced', 3, 65535],
    ['grey-8-interlaced', 1, 255],
    ['grey-16-interlaced', 1, 65535],
  ])('%s', async (name, channels, maximum) => {
    const raster = await decode(`png/${name}.png`);
    expect(raster).toMatchObject({height: 11, width: 9, channels, maximum});
    expect(Array.from(raster.data)).toEqual(pattern(channels, maximum, 11, 9));
  });

  test.each([
    ['grey-gamma-8', 1],
    ['rgb-profile-8', 3],
  ])('%s is not colour managed', async (name, channels) => {
    expect(Array.from((await decode(`png/${name}.png`)).data)).toEqual(pattern(channels));
  });

  test('an opaque alpha goes silently', async () => {
    const raster = await decode('png/rgba-opaque-8.png');
    expect(raster.channels).toBe(3);
    expect(Array.from(raster.data)).toEqual(pattern(3));
  });
});

describe('ids', () => {
  test.each(['labels', 'instances'] as const)('%s are palette indices', async (reading) => {
    for (const bits of [1, 2, 4, 8]) {
      const raster = await decode(`png/palette-${bits}.png`, reading);
      expect(raster).toMatchObject({height: 5, width: 7, channels: 1});
      expect(Array.from(raster.data)).toEqual(pattern(1, 2 ** bits - 1));
    }
  });

  test.each([1, 2, 4, 8, 16])('grey of %i bits is unscaled, interlaced or not', async (bits) => {
    const maximum = 2 ** bits - 1;
    const plain = await decode(`png/grey-${bits}.png`, 'labels');
    expect(plain).toMatchObject({channels: 1, maximum});
    expect(Array.from(plain.data)).toEqual(pattern(1, maximum));
    const interlaced = await decode(`png/grey-${bits}-interlaced.png`, 'labels');
    expect(interlaced).toMatchObject({height: 11, width: 9});
    expect(Array.from(interlaced.data)).toEqual(pattern(1, maximum, 11, 9));
  });

  test.each([1, 2, 4, 8])('interlaced palettes of %i bits', async (bits) => {
    const {data} = await decode(`png/palette-${bits}-interlaced.png`, 'labels');
    expect(Array.from(data)).toEqual(pattern(1, 2 ** bits - 1, 11, 9));
  });

  test('transparency is no part of an id', async () => {
    for (const name of ['palette-transparent-8', 'grey-transparent-8']) {
      expect(Array.from((await decode(`png/${name}.png`, 'labels')).data)).toEqual(pattern(1));
    }
  });

  test('three equal channels count as the grey they show, for ids and weights only', async () => {
    for (const reading of ['labels', 'weights'] as const) {
      const raster = await decode('png/rgb-equal-8.png', reading);
      expect(raster.channels).toBe(1);
      expect(Array.from(raster.data)).toEqual(pattern(1));
    }
    expect((await decode('png/rgb-equal-8.png', 'pixels')).channels).toBe(3);
    expect((await decode('png/rgb-equal-8.png', 'scores')).channels).toBe(3);
    expect((await decode('png/rgb-8.png', 'labels')).channels).toBe(3);
  });

  test('pixels that inflate to more or less than the header says fail', async () => {
    const header = {width: 3, height: 2, depth: 8, colourType: 0};
    for (const length of [7, 9, 1_000_000]) {
      const file = png(header, deflateSync(Buffer.alloc(length)));
      await expect(decodeBytes(file, 'a.png', 'labels')).rejects.toMatchObject({code: 'decode-failed'});
    }
    const whole = await decodeBytes(png(header, deflateSync(Buffer.alloc(8))), 'a.png', 'labels');
    expect(Array.from(whole.data)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

test('an animated PNG is refused', async () => {
  await expect(decode('png/animated.png')).rejects.toMatchObject({
    code: 'unsupported-format',
    message: expect.stringContaining('animated PNG'),
  });
});
