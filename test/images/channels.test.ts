import {describe, expect, test} from 'vitest';
import {decode, pattern} from './fixtures.js';

describe('image.color', () => {
  test('rgb replicates grey', async () => {
    const raster = await decode('png/grey-16.png', 'pixels', {color: 'rgb'});
    expect(raster).toMatchObject({channels: 3, maximum: 65535});
    expect(Array.from(raster.data)).toEqual(pattern(1, 65535).flatMap((value) => [value, value, value]));
  });

  test.each([
    ['png/rgb-8.png', 255],
    ['png/rgb-16.png', 65535],
  ])('grey takes the BT.601 luma of %s at its depth', async (name, maximum) => {
    const raster = await decode(name, 'pixels', {color: 'grey'});
    expect(raster).toMatchObject({channels: 1, maximum});
    const stored = pattern(3, maximum);
    for (let i = 0; i < 35; i++) {
      // In whole thousandths, so that a half is exact.
      const [r = 0, g = 0, b = 0] = stored.slice(3 * i, 3 * i + 3);
      expect(raster.data[i]).toBe(Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000));
    }
  });

  test('grey leaves floats unrounded', async () => {
    const raster = await decode('npy/f8-little-c.npy', 'pixels', {color: 'grey'});
    expect(raster).toMatchObject({channels: 1, maximum: null});
    expect(raster.data[0]).toBeCloseTo((0.299 * -50 + 0.587 * -49 + 0.114 * -48) / 64, 14);
  });

  test('concerns pixels only', async () => {
    for (const reading of ['scores', 'labels', 'weights'] as const) {
      expect((await decode('png/grey-8.png', reading, {color: 'rgb'})).channels).toBe(1);
    }
  });
});
