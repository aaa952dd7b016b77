import {expect, test} from 'vitest';
import {floats, score, scoreFused} from '../score.js';

test.each([
  [0.4, 0.08],
  [-1, 0.5],
  [3, 2.5],
  [-1e30, 1e30],
])('huber of the difference %d is %d', async (difference, expected) => {
  const images = {pred: floats(1, 1, 1, [difference]), target: floats(1, 1, 1, [0])};
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'huber'}, images))['']).toSatisfy(
      (value: number) => Math.abs(value / expected - 1) < 1e-6,
    );
  }
});

test('delta moves the bend', async () => {
  const images = {pred: floats(1, 2, 1, [0.2, 0.6]), target: floats(1, 2, 1, [0, 0])};
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'huber', delta: 0.5}, images))['']).toBeCloseTo((0.02 + 0.5 * (0.6 - 0.25)) / 2, 7);
  }
});

test.each([0, -1])('delta %d is refused', async (delta) => {
  const images = {pred: floats(1, 1, 1, [0]), target: floats(1, 1, 1, [0])};
  await expect(score({type: 'huber', delta}, images)).rejects.toThrow();
});
