import {expect, test} from 'vitest';
import {bytes, score, scoreFused} from '../score.js';

test('mae of two pixels by hand', async () => {
  const images = {pred: bytes(1, 2, 1, [0, 255]), target: bytes(1, 2, 1, [51, 153])};
  for (const run of [score, scoreFused]) expect((await run({type: 'mae'}, images))['']).toBeCloseTo(0.3, 7);
});
