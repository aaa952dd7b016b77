import {expect, test} from 'vitest';
import {gaussianWindow} from '../../src/kernels/gaussian-window.js';

test('is symmetric, sums to 1, and falls as a Gaussian does', () => {
  const taps = gaussianWindow(11, 1.5);
  expect(taps).toHaveLength(11);
  expect(taps.reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(1, 15);
  expect([...taps].reverse()).toEqual([...taps]);
  for (const away of [1, 2, 3, 4, 5]) {
    expect((taps[5 + away] as number) / (taps[5] as number)).toBeCloseTo(Math.exp(-(away ** 2) / 4.5), 15);
  }
});

test("is the window that the SSIM paper's authors use", () => {
  // fspecial('gaussian', 11, 1.5), middle row over its sum.
  const published = [0.00102838008447911, 0.00759875813523919, 0.0360007721284308, 0.1093606895097, 0.213005537711254];
  const taps = gaussianWindow(11, 1.5);
  published.forEach((tap, k) => {
    expect(taps[k]).toBeCloseTo(tap, 14);
  });
});
