import {describe, expect, test} from 'vitest';
import {toGrey} from '../../src/images/colour.js';
import {fixture} from './fixtures.js';

/** 35 pixels with the greys that OpenCV (luma, float32) and scikit-image (ycbcr) give for them. */
const reference = JSON.parse(fixture('colour.json').toString()) as Record<'rgb' | 'luma' | 'ycbcr-y', number[]>;
const rgb = (index: number) => (reference.rgb[index] as number) / 255;

test('luma is OpenCV’s RGB to grey', () => {
  const grey = toGrey(rgb, 35, 3, 'luma');
  for (let i = 0; i < 35; i++) expect(Math.abs((grey[i] as number) - (reference.luma[i] as number))).toBeLessThan(1e-6);
});

test('ycbcr-y is scikit-image’s Y over 255', () => {
  const grey = toGrey(rgb, 35, 3, 'ycbcr-y');
  for (let i = 0; i < 35; i++) expect(255 * (grey[i] as number)).toBeCloseTo(reference['ycbcr-y'][i] as number, 10);
});

describe('luma8', () => {
  // rgb2gray takes the first row of the inverse of NTSC's YIQ-to-RGB matrix.
  const [[, b, c], [, e, f], [, h, k]] = [
    [1, 0.956, 0.621],
    [1, -0.272, -0.647],
    [1, -1.106, 1.703],
  ] as [number[], number[], number[]] as unknown as [[1, number, number], [1, number, number], [1, number, number]];
  const determinant = e * k - f * h - (b * k - c * h) + (b * f - c * e);
  const weights = [e * k - f * h, c * h - b * k, b * f - c * e].map((cofactor) => cofactor / determinant);

  test('is MATLAB’s rgb2gray, rounded half up', () => {
    const grey = toGrey(rgb, 35, 3, 'luma8');
    for (let i = 0; i < 35; i++) {
      const exact = weights.reduce((sum, weight, k) => sum + weight * (reference.rgb[3 * i + k] as number), 0);
      expect(255 * (grey[i] as number)).toBeCloseTo(Math.round(exact), 10);
    }
  });

  test('keeps every grey level', () => {
    const grey = toGrey((i) => i / 255, 256, 1, 'luma8');
    for (let i = 0; i < 256; i++) expect(255 * (grey[i] as number)).toBeCloseTo(i, 10);
  });
});

test('one channel counts as R = G = B', () => {
  for (const color of ['luma', 'luma8', 'ycbcr-y'] as const) {
    const triple = toGrey(() => 0.4, 1, 3, color);
    expect(toGrey(() => 0.4, 1, 1, color)).toEqual(triple);
  }
});

test('two or four channels have no grey', () => {
  expect(() => toGrey(() => 0, 1, 2, 'luma')).toThrow(expect.objectContaining({code: 'channels'}));
  expect(() => toGrey(() => 0, 1, 4, 'luma')).toThrow('has 4');
});
