import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cellOf, sumPerSample, weightedSums} from '../../src/losses/tensor-loss.js';
import {type Random, random} from './random.js';
import {wasm} from './score.js';

/** Values that float32 sums take badly: equal ones (their rounding errors add up), mixed signs, and wide ranges. */
const SERIES: Readonly<Record<string, (next: Random) => () => number>> = {
  equal: (next) => {
    const value = next();
    return () => value;
  },
  positive: (next) => next,
  mixed: (next) => () => 2 * next() - 1,
  wide: (next) => () => 10 ** (6 * next() - 6),
};

function fill(length: number, value: () => number): Float32Array {
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = value();
  return data;
}

async function expectSums(data: Float32Array, samples: number): Promise<void> {
  const tf = await wasm();
  const length = data.length / samples;
  const sums = tf.tidy(() => sumPerSample(tf, tf.tensor2d(data, [samples, length])));
  const values = await sums.data();
  sums.dispose();
  expect(values).toHaveLength(samples);
  for (let n = 0; n < samples; n++) {
    let sum = 0;
    let magnitude = 0;
    for (let i = n * length; i < (n + 1) * length; i++) {
      sum += data[i] as number;
      magnitude += Math.abs(data[i] as number);
    }
    expect(Math.abs((values[n] as number) - sum)).toBeLessThanOrEqual(1e-6 * magnitude);
  }
}

describe('sumPerSample', () => {
  test('agrees with float64 sums, whatever the length', async () => {
    const series = fc.constantFrom(...Object.keys(SERIES));
    const property = fc.asyncProperty(
      series,
      fc.integer({min: 1, max: 4}),
      fc.integer({min: 1, max: 5000}),
      fc.nat(),
      async (name, samples, length, seed) => {
        await expectSums(
          fill(samples * length, (SERIES[name] as (next: Random) => () => number)(random(seed))),
          samples,
        );
      },
    );
    await fc.assert(property, {numRuns: 300, seed: 4});
  });

  test.each(Object.keys(SERIES))('agrees with float64 sums over 2048×2048×3: %s', async (name) => {
    const value = (SERIES[name] as (next: Random) => () => number)(random(5));
    await expectSums(fill(2048 * 2048 * 3, value), 1);
  });

  test('agrees with float64 sums over 2047×2049×3, no multiple of a block', async () => {
    await expectSums(fill(2047 * 2049 * 3, random(6)), 1);
  });

  test('is 0 for samples without elements', async () => {
    const tf = await wasm();
    expect(Array.from(await sumPerSample(tf, tf.zeros([3, 0, 2])).data())).toEqual([0, 0, 0]);
  });
});

describe('weightedSums', () => {
  test('weighs every channel of a pixel, and leaves out a NaN of weight 0', async () => {
    const tf = await wasm();
    const errors = tf.tensor4d([1, 2, Number.NaN, 4], [1, 1, 2, 2]);
    const {sum, count} = weightedSums(tf, errors, tf.tensor4d([3, 0], [1, 1, 2, 1]));
    expect([...(await sum.data()), ...(await count.data())]).toEqual([9, 6]);
  });

  test('counts every element without weights', async () => {
    const tf = await wasm();
    const {sum, count} = weightedSums(tf, tf.tensor4d([1, 2, 3, 4], [2, 1, 1, 2]), null);
    expect([...(await sum.data()), ...(await count.data())]).toEqual([3, 7, 2, 2]);
  });
});

test.each([
  [2, 3, null, 'computed NaN'],
  [2, 3, [0, 0, 0, 0, 0, 1], 'computed NaN'],
  [2, 3, [0, 0, 0, 0, 0, 0], 'no valid pixel'],
  [0, 3, null, 'no valid pixel'],
  [2, 0, null, 'no valid pixel'],
])('NaN of a sample of %i×%i pixels weighing %j: %s', (height, width, weights, reason) => {
  const sample = {height, width, weights: () => weights && Float32Array.from(weights)};
  expect(cellOf(Number.NaN, sample)).toEqual({undefined: reason});
  expect(cellOf(0, sample)).toBe(0);
});
