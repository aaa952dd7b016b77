import {expect, test} from 'vitest';
import {softSkeleton} from '../../src/kernels/soft-skeleton.js';
import {random} from '../losses/random.js';
import {slowSoftSkeleton} from './slow-soft-skeleton.js';

test('soft skeletons are those of the algorithm, map by map', () => {
  const next = random(12);
  for (let run = 0; run < 1000; run++) {
    const [height, width, iterations] = [
      1 + Math.floor(9 * next()),
      1 + Math.floor(9 * next()),
      Math.floor(5 * next()),
    ];
    const hard = next() < 0.3;
    const map = Float64Array.from({length: height * width}, () => (hard ? Number(next() < 0.8) : next()));
    const before = Float64Array.from(map);
    const found = softSkeleton(map, height, width, iterations);
    const expected = slowSoftSkeleton([...map], height, width, iterations);
    found.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(1e-12);
    });
    expect(map).toEqual(before);
  }
});
