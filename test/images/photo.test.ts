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

test.each([
  ['jpeg/cmyk.jpg', 'CMYK'],
  ['webp/animated.webp', 'animated WebP'],
])('%s is refused by name', async (name, what) => {
  await expect(decode(name)).rejects.toMatchObject({
    code: 'unsupported-format',
    message: expect.stringContaining(what),
  });
});
