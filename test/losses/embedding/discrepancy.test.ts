import {test} from 'vitest';
import {discrepancy} from '../../../src/losses/embedding/discrepancy.js';
import {expectClose} from '../close.js';
import {random} from '../random.js';

const KERNEL = {gamma: 0.5, coefficient: 1, degree: 3};
const DIMENSIONS = 3;

test.each([
  [2, 3],
  [63, 65],
  [130, 64],
])('of %s and %s rows: the means over pairs as the paper writes them', (n, m) => {
  const next = random(n);
  // One matrix holds both sets, so that a range need not begin at its first row.
  const values = Float64Array.from({length: (n + m) * DIMENSIONS}, () => 2 * next() - 1);
  const row = (i: number) => values.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS);
  const k = (i: number, j: number) =>
    (KERNEL.gamma * row(i).reduce((sum, value, d) => sum + value * (row(j)[d] as number), 0) + KERNEL.coefficient) **
    KERNEL.degree;
  const mean = (rows: readonly number[], others: readonly number[]) => {
    const pairs = rows.flatMap((i) => others.filter((j) => j !== i).map((j) => k(i, j)));
    return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
  };
  const x = Array.from({length: n}, (_, i) => i);
  const y = Array.from({length: m}, (_, i) => n + i);
  const range = (first: number, count: number) => ({values, dimensions: DIMENSIONS, first, count});
  expectClose(discrepancy(range(0, n), range(n, m), KERNEL), mean(x, x) + mean(y, y) - 2 * mean(x, y), {
    relative: 1e-10,
    floor: 1e-12,
  });
});
