import {describe, expect, test} from 'vitest';
import {resolveAlpha} from '../../src/images/alpha.js';
import {decode, pattern} from './fixtures.js';

test('a real alpha is an error that names the option', async () => {
  for (const reading of ['pixels', 'scores', 'labels'] as const) {
    await expect(decode('png/rgba-8.png', reading)).rejects.toMatchObject({
      code: 'alpha',
      message: expect.stringContaining('image.alpha'),
    });
  }
  await expect(decode('png/grey-transparent-8.png')).rejects.toMatchObject({code: 'alpha'});
  await expect(decode('png/palette-transparent-8.png')).rejects.toMatchObject({code: 'alpha'});
  await expect(decode('webp/rgba-lossless.webp')).rejects.toMatchObject({code: 'alpha'});
});

describe('blending', () => {
  // Porter and Duff's over, on values of 0..1, then to the nearest level.
  const over = (value: number, alpha: number, under: number, maximum: number) =>
    Math.round(((value / maximum) * (alpha / maximum) + (under / 255) * (1 - alpha / maximum)) * maximum);

  test.each([
    ['png/rgba-8.png', 255],
    ['png/rgba-16.png', 65535],
  ])('%s over a colour', async (name, maximum) => {
    const colour = [250, 100, 3] as const;
    const raster = await decode(name, 'pixels', {alpha: {blend: colour}});
    expect(raster).toMatchObject({channels: 3, maximum});
    const stored = pattern(4, maximum);
    const expected = Array.from({length: 35}, (_, i) =>
      colour.map((under, c) => over(stored[4 * i + c] as number, stored[4 * i + 3] as number, under, maximum)),
    ).flat();
    raster.data.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(Number(isHalf(stored, i, colour, maximum)));
    });
  });

  test('grey over grey stays grey, over a colour it becomes RGB', async () => {
    const stored = pattern(2);
    const grey = await decode('png/grey-alpha-8.png', 'pixels', {alpha: {blend: [0, 0, 0]}});
    expect(grey.channels).toBe(1);
    expect(grey.data[3]).toBe(over(stored[6] as number, stored[7] as number, 0, 255));
    const rgb = await decode('png/grey-alpha-8.png', 'pixels', {alpha: {blend: [255, 0, 9]}});
    expect(rgb.channels).toBe(3);
    expect(Array.from(rgb.data.subarray(9, 12))).toEqual(
      [255, 0, 9].map((under) => over(stored[6] as number, stored[7] as number, under, 255)),
    );
  });

  test('ids are not blended', async () => {
    await expect(decode('png/rgba-8.png', 'labels', {alpha: {blend: [0, 0, 0]}})).rejects.toMatchObject({
      code: 'alpha',
    });
  });

  /** Whether the exact value lies so near a half that the order of operations decides. */
  function isHalf(stored: number[], i: number, colour: readonly number[], maximum: number): boolean {
    const pixel = Math.floor(i / 3);
    const alpha = (stored[4 * pixel + 3] as number) / maximum;
    const exact =
      (stored[4 * pixel + (i % 3)] as number) * alpha + (((colour[i % 3] as number) * maximum) / 255) * (1 - alpha);
    return Math.abs((exact % 1) - 0.5) < 1e-6;
  }
});

test('an opaque 16-bit alpha is one of 65535 throughout', () => {
  const raster = {height: 1, width: 2, channels: 2, maximum: 65535} as const;
  const opaque = {...raster, data: Uint16Array.of(7, 65535, 8, 65535)};
  expect(Array.from(resolveAlpha(opaque, 'pixels', 'error', 'a').data)).toEqual([7, 8]);
  const almost = {...raster, data: Uint16Array.of(7, 65535, 8, 65534)};
  expect(() => resolveAlpha(almost, 'pixels', 'error', 'a')).toThrow('partly transparent');
});
