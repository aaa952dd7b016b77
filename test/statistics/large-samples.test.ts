import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {confidenceIntervals} from '../../src/statistics/confidence.js';
import {moments} from '../../src/statistics/moments.js';
import {longValues, reference} from './reference.js';

test('up to 10,000 values: the bootstrap, which agrees with the normal interval there', () => {
  const values = longValues(10_000);
  const [atLimit] = confidenceIntervals([{values, moments: moments(values)}]);
  expect(atLimit?.ci95_method).toBe('bootstrap');
  reference.long.normal.forEach((bound, i) => {
    expect(Math.abs((atLimit?.ci95?.[i] ?? Number.NaN) - bound)).toBeLessThan(0.25 * 0.0029);
  });
});

test('covers the true mean about 95 times in 100', () => {
  let covered = 0;
  for (let set = 0; set < 200; set++) {
    const values = Float64Array.from({length: 40}, (_, i) => ((set * 40 + i + 1) * Math.PI * 1000) % 1);
    const [low, high] = bootstrapMeans([values])[0] ?? [Number.NaN, Number.NaN];
    if (low <= 0.5 && 0.5 <= high) covered++;
  }
  expect(covered).toBeGreaterThan(175);
});
