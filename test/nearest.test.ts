import {expect, test} from 'vitest';
import {nearest} from '../src/nearest.js';

const names = ['mse', 'mae', 'ssim', 'ms-ssim', 'total-variation', 'cross-entropy', 'weight'];

test.each([
  ['sssim', 'ssim'],
  ['SSIM', 'ssim'],
  ['msssim', 'ms-ssim'],
  ['ms_ssim', 'ms-ssim'],
  ['mes', 'mse'],
  ['amse', null],
  ['totalvariance', 'total-variation'],
  ['crossentropy', 'cross-entropy'],
  ['wieght', 'weight'],
  ['l2', null],
  ['lpips', null],
  ['', null],
])('%s', (name, meant) => {
  expect(nearest(name, names)).toBe(meant);
});

test('a very long name is near nothing, at once', () => {
  expect(nearest('x'.repeat(1_000_000), names)).toBeNull();
});
