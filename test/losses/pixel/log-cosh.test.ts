import {expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {floats, score, scoreFused} from '../score.js';

test.each([
  [0, 0],
  // d²/2 − d⁴/12, the first terms of its series.
  [1e-2, 5e-5 - 1e-8 / 12],
  [-1, Math.log((Math.E + 1 / Math.E) / 2)],
  [20, 20 - Math.LN2],
  [-1e6, 1e6 - Math.LN2],
])('log-cosh of the difference %d', async (difference, expected) => {
  const images = {pred: floats(1, 1, 1, [difference]), target: floats(1, 1, 1, [0])};
  const {'': tensor} = await score({type: 'log-cosh'}, images);
  const {'': fused} = await scoreFused({type: 'log-cosh'}, images);
  expectClose(tensor, expected);
  expect(Math.abs((fused as number) - expected)).toBeLessThanOrEqual(1e-9 * expected);
});
