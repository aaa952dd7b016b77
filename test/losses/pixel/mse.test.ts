import {expect, test} from 'vitest';
import {bytes, score} from '../score.js';

test('mse of two pixels by hand', async () => {
  const {'': value} = await score({type: 'mse'}, {pred: bytes(1, 2, 1, [0, 255]), target: bytes(1, 2, 1, [51, 255])});
  expect(value).toBeCloseTo(0.2 ** 2 / 2, 8);
});
