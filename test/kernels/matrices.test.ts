import fc from 'fast-check';
import {expect, test} from 'vitest';
import {centreRows} from '../../src/kernels/centred-rows.js';
import {pivotedCholesky} from '../../src/kernels/pivoted-cholesky.js';
import {dotProducts, type RowRange, squaredDistances} from '../../src/kernels/row-products.js';
import {scatterMatrix} from '../../src/kernels/scatter-matrix.js';
import {random} from '../losses/random.js';

function matrix(seed: number, count: number, dimensions: number): RowRange {
  const next = random(seed);
  return {values: Float64Array.from({length: count * dimensions}, () => next() * 4 - 2), dimensions, first: 0, count};
}

function rowsOf({values, dimensions, first, count}: RowRange): number[][] {
  return Array.from({length: count}, (_, i) =>
    Array.from(values.subarray((first + i) * dimensions, (first + i + 1) * dimensions)),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('products of ranges of rows, of any count', () => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 9}),
      fc.integer({min: 1, max: 9}),
      fc.integer({min: 1, max: 7}),
      fc.nat(),
      (m, n, dimensions, seed) => {
        const a = {...matrix(seed, m + 2, dimensions), first: 1, count: m};
        const b = {...matrix(seed + 1, n + 3, dimensions), first: 2, count: n};
        // One place more than the result needs: nothing may be written there.
        const [dots, squares] = [new Float64Array(m * n + 1).fill(7), new Float64Array(m * n + 1).fill(7)];
        dotProducts(a, b, dots);
        squaredDistances(a, b, squares);
        const pairs = rowsOf(a).flatMap((x) => rowsOf(b).map((y) => ({x, y})));
        pairs.forEach(({x, y}, at) => {
          expect(dots[at]).toBeCloseTo(sum(x.map((value, k) => value * (y[k] as number))), 12);
          expect(squares[at]).toBeCloseTo(sum(x.map((value, k) => (value - (y[k] as number)) ** 2)), 12);
        });
        expect([dots[m * n], squares[m * n]]).toEqual([7, 7]);
      },
    ),
  );
});

test('centred rows have the mean 0 in every column, and a constant column is 0', () => {
  const rows = {values: Float64Array.of(0.1, 1e9 + 1, 0.1, 1e9 + 2, 0.1, 1e9 + 6), dimensions: 2, first: 0, count: 3};
  const {mean, values} = centreRows(rows);
  expect(mean[0]).toBeCloseTo(0.1, 16);
  expect(mean[1]).toBe(1e9 + 3);
  expect(Array.from(values, (value) => Math.round(value * 1e15) / 1e15)).toEqual([0, -2, 0, -1, 0, 3]);
  expect(rows.values[0]).toBe(0.1);
});

test.each([
  {count: 3, dimensions: 2},
  {count: 300, dimensions: 67},
  {count: 1, dimensions: 130},
])('scatter matrix of $count rows of $dimensions', ({count, dimensions}) => {
  const x = matrix(count, count, dimensions);
  const rows = rowsOf(x);
  const scatter = scatterMatrix(x);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < dimensions; j++) {
      const expected = sum(rows.map((row) => (row[i] as number) * (row[j] as number)));
      expect(Math.abs((scatter[i * dimensions + j] as number) - expected)).toBeLessThan(1e-11);
    }
  }
});

test('a Cholesky factor gives its matrix back, at the rank that the matrix has', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 12}), fc.integer({min: 1, max: 12}), fc.nat(), (size, count, seed) => {
      const scatter = scatterMatrix(matrix(seed, count, size));
      const {rank, values} = pivotedCholesky(scatter, size);
      expect(rank).toBe(Math.min(size, count));
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          let product = 0;
          for (let l = 0; l < rank; l++) product += (values[l * size + i] as number) * (values[l * size + j] as number);
          expect(Math.abs(product - (scatter[i * size + j] as number))).toBeLessThan(1e-10);
        }
      }
    }),
  );
});

test('the factor of zeros has no rows', () => {
  expect(pivotedCholesky(new Float64Array(9), 3)).toEqual({rank: 0, values: new Float64Array(0)});
});
