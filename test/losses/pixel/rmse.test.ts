import {expect, test} from 'vitest';
import {bytes, floats, javascript, score, scoreFused} from '../score.js';
import {gradientOf} from './gradient.js';

test('rmse of two pixels by hand', async () => {
  const images = {pred: floats(1, 2, 1, [0.3, 0]), target: floats(1, 2, 1, [0, 0.4])};
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'rmse'}, images))['']).toBeCloseTo(Math.sqrt(0.125), 7);
  }
});

test('its gradient at identical images is 0, not NaN', async () => {
  const image = bytes(2, 2, 1, [1, 2, 3, 4]);
  const gradient = await gradientOf({type: 'rmse'}, {pred: image, target: image}, 'difference', await javascript());
  expect(gradient).toEqual([0, 0, 0, 0]);
});
