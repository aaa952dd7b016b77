import {expect, test} from 'vitest';
import {bytes, floats, score, scoreFused} from '../score.js';

test('identical images give epsilon', async () => {
  const image = bytes(3, 2, 1, [0, 50, 100, 150, 200, 250]);
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'charbonnier'}, {pred: image, target: image}))['']).toBeCloseTo(1e-3, 9);
    expect((await run({type: 'charbonnier', epsilon: 0.25}, {pred: image, target: image}))['']).toBeCloseTo(0.25, 7);
  }
});

test('charbonnier of a 3-4-5 triangle by hand', async () => {
  const images = {pred: floats(1, 1, 1, [0.3]), target: floats(1, 1, 1, [0])};
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'charbonnier', epsilon: 0.4}, images))['']).toBeCloseTo(0.5, 7);
  }
});
