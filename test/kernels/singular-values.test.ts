import {Matrix, SingularValueDecomposition} from 'ml-matrix';
import {expect, test} from 'vitest';
import {singularFactors} from '../../src/kernels/singular-values.js';
import {random} from '../losses/random.js';

const next = random(3);

test.each([
  [1, 1],
  [4, 4],
  [3, 7],
  [9, 5],
  [40, 33],
])('a matrix of %i × %i is put together again, and its values are those of ml-matrix', (rows, columns) => {
  const matrix = Float64Array.from({length: rows * columns}, () => 2 * next() - 1);
  const {count, values, left, right} = singularFactors(matrix, rows, columns);
  expect(count).toBe(Math.min(rows, columns));
  const again = matrix.map((_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    return values.reduce(
      (sum, value, k) => sum + value * (left[k * rows + i] as number) * (right[k * columns + j] as number),
      0,
    );
  });
  again.forEach((value, at) => {
    expect(Math.abs(value - (matrix[at] as number))).toBeLessThan(1e-13);
  });
  const whole = new Matrix(Array.from({length: rows}, (_, i) => matrix.slice(i * columns, (i + 1) * columns)));
  const expected = new SingularValueDecomposition(whole, {autoTranspose: true}).diagonal;
  expect([...values].sort((a, b) => b - a).map((value) => value.toFixed(12))).toEqual(
    expected.map((value) => value.toFixed(12)),
  );
  // The directions are of length 1, and orthogonal.
  for (const [factors, length] of [
    [left, rows],
    [right, columns],
  ] as const) {
    for (let k = 0; k < count; k++) {
      for (let l = 0; l <= k; l++) {
        let product = 0;
        for (let i = 0; i < length; i++)
          product += (factors[k * length + i] as number) * (factors[l * length + i] as number);
        expect(Math.abs(product - Number(k === l))).toBeLessThan(1e-13);
      }
    }
  }
});

test('values that are rounding are left out, and a matrix of zeros has none', () => {
  const [u, v] = [
    [1, 2, 3, 4],
    [1, -1, 2],
  ] as const;
  const matrix = Float64Array.from(u.flatMap((a) => v.map((b) => (a * b) / 3)));
  const {count, values} = singularFactors(matrix, 4, 3);
  expect(count).toBe(1);
  expect(values[0]).toBeCloseTo(Math.sqrt(30 * 6) / 3, 12);
  expect(singularFactors(new Float64Array(6), 2, 3).count).toBe(0);
});
