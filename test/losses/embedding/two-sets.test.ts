import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {random} from '../random.js';
import {javascript} from '../score.js';
import {bundledJson, createSetLoss, datasetOf, runLoss, setOf} from './runs.js';

interface Case {
  readonly name: string;
  readonly real: number[][];
  readonly fake: number[][];
  readonly frechet: {readonly mean: number; readonly covariance: number};
  readonly frechet_scipy: number | null;
  readonly frechet_normalized: {readonly mean: number; readonly covariance: number} | null;
  readonly kernel: number;
  readonly kernel_options: readonly {readonly options: Record<string, number>; readonly value: number}[];
}

const {sets} = bundledJson<{sets: readonly Case[]}>('embedding-distances.json');

/** Of the traces that are subtracted, and of the terms. */
function scale(rows: number[][]): number {
  return Math.max(...rows.flat().map((value) => value * value)) * (rows[0] as number[]).length;
}

describe.each(sets)('$name', ({real, fake, ...expected}) => {
  const dataset = datasetOf({sets: {real: setOf(real), fake: setOf(fake)}});

  test('frechet-distance is that of 50 digits, and of scipy where scipy is right', async () => {
    const {rows, aggregates} = await runLoss({type: 'frechet-distance'}, dataset);
    const cells = rows.get('sets');
    const {mean, covariance} = expected.frechet;
    // A covariance of dependent columns has rounding where zeros should be, and roots are taken of it.
    const close = {
      relative: 1e-9,
      floor: (expected.name.startsWith('dependent') ? 1e-9 : 1e-12) * scale([...real, ...fake]),
    };
    expectClose(cells?.mean, mean, {relative: 1e-12, floor: 1e-15});
    expectClose(cells?.covariance, covariance, close);
    expectClose(cells?.[''], mean + covariance, close);
    if (expected.frechet_scipy !== null) {
      expectClose(cells?.[''], expected.frechet_scipy, {relative: 1e-9, floor: 1e-12 * scale(real)});
    }
    expect(aggregates['']).toEqual({real: real.length, fake: fake.length});
    const mirrored = datasetOf({sets: {real: setOf(fake), fake: setOf(real)}});
    expectClose((await runLoss({type: 'frechet-distance'}, mirrored)).rows.get('sets')?.[''], mean + covariance, close);
  });

  test('so is its tensor program, of what float32 holds', async () => {
    const tf = await javascript();
    const {program} = await createSetLoss({type: 'frechet-distance'});
    const value = program?.({real: tf.tensor2d(real), fake: tf.tensor2d(fake)})['']?.dataSync()[0];
    const {mean, covariance} = expected.frechet;
    expectClose(value, mean + covariance, {relative: 2e-5, floor: 1e-6 * scale([...real, ...fake])});
  });

  test('kernel-distance of whole sets is numpy’s', async () => {
    // Whole where both have the same size; else subsets of the smaller size are drawn.
    const size = Math.min(real.length, fake.length);
    const {rows, aggregates} = await runLoss({type: 'kernel-distance', subsets: 2}, dataset);
    expect(aggregates['']).toMatchObject({subset_size: size, real: real.length, fake: fake.length});
    if (real.length !== fake.length) return expect([...rows.keys()]).toEqual(['subset/000', 'subset/001']);
    const close = {relative: 1e-10, floor: 0};
    expectClose(rows.get('subset/000')?.[''], expected.kernel, close);
    for (const {options, value} of expected.kernel_options) {
      const other = await runLoss({type: 'kernel-distance', ...options}, dataset);
      expectClose(other.rows.get('subset/000')?.[''], value, close);
    }
    return expect(rows.size).toBe(1);
  });
});

test('frechet-distance of unit vectors', async () => {
  const {real, fake, frechet_normalized} = sets.find(({name}) => name === 'full rank') as Case;
  const dataset = datasetOf({sets: {real: setOf(real), fake: setOf(fake)}});
  const {rows} = await runLoss({type: 'frechet-distance', normalize: true}, dataset);
  expectClose(rows.get('sets')?.covariance, frechet_normalized?.covariance as number, {relative: 1e-10, floor: 0});
  expectClose(rows.get('sets')?.mean, frechet_normalized?.mean as number, {relative: 1e-10, floor: 0});
});

test('frechet-distance in more than a block of dimensions: independent columns, whose distances add up', async () => {
  // Columns on disjoint rows have a covariance that is known: −m_j·m_k·n/(n − 1) off the diagonal. Shifted copies share it.
  const dimensions = 150;
  const next = random(5);
  const rows = Array.from({length: 400}, () => Array.from({length: dimensions}, () => next() - 0.5));
  const moved = rows.map((row) => row.map((value, k) => 3 * value + k / 100));
  const {rows: made} = await runLoss(
    {type: 'frechet-distance'},
    datasetOf({sets: {real: setOf(rows), fake: setOf(moved)}}),
  );
  // Σ₂ = 9Σ₁, so tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) = (1 − 3)²·tr Σ₁.
  const column = (k: number) => rows.map((row) => row[k] as number);
  const variance = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  };
  const trace = Array.from({length: dimensions}, (_, k) => variance(column(k))).reduce((sum, value) => sum + value, 0);
  expectClose(made.get('sets')?.covariance, 4 * trace, {relative: 1e-10, floor: 0});
});

describe('kernel-distance of subsets', () => {
  const {real, fake} = sets.find(({name}) => name === 'full rank') as Case;
  const dataset = datasetOf({sets: {real: setOf(real), fake: setOf(fake)}});

  test('is the same for the same seed, another for another', async () => {
    const config = {type: 'kernel-distance', subsets: 5, subset_size: 10};
    const first = await runLoss(config, dataset);
    expect((await runLoss(config, dataset)).rows).toEqual(first.rows);
    expect((await runLoss({...config, seed: 1}, dataset)).rows).not.toEqual(first.rows);
    expect(new Set([...first.rows.values()].map((cells) => cells[''])).size).toBe(5);
  });

  test('is unbiased: over many subsets the mean is that of the whole sets', async () => {
    const {kernel} = sets.find(({name}) => name === 'full rank') as Case;
    const {rows} = await runLoss({type: 'kernel-distance', subsets: 2000, subset_size: 10}, dataset);
    const values = [...rows.values()].map((cells) => cells[''] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean - kernel)).toBeLessThan(4 * (deviation / Math.sqrt(values.length)));
    expect([...rows.keys()].at(-1)).toBe('subset/1999');
  });
});
