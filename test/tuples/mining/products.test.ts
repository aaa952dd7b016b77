import {beforeAll, describe, expect, test} from 'vitest';
import {tensorRowProducts} from '../../../src/device/row-products.js';
import {onnxRowProducts} from '../../../src/networks/onnx/row-products.js';
import {kernelProducts, type MakeRowProducts} from '../../../src/tuples/mining/row-products.js';
import type {MiningOptions} from '../../../src/tuples/mining/strategy.js';
import {cpu} from '../../run/devices.js';
import {mined, type Triplet, textOf, UNLIMITED} from './naive.js';
import {clustered} from './sets.js';

const onnx: MakeRowProducts = async (values, dimensions) => {
  const products = await onnxRowProducts(values, dimensions, 2);
  if (!products) throw new Error('ONNX Runtime is not there');
  return products;
};
const tensors: MakeRowProducts = async (values, dimensions) => tensorRowProducts((await cpu()).tf, values, dimensions);

const PRODUCTS = [
  ['ONNX Runtime', onnx],
  ['TensorFlow.js', tensors],
  ['the kernel', kernelProducts],
] as const;

/**
 * More anchors than a block of products holds. Every fifth vector is that of the item before it but for 1e-9, every
 * seventh is that of the item 20 before it, of another identity: float32 tells neither, and some distances are equal.
 */
const given = (() => {
  const {set, labels} = clustered(330, 24, 6, 0.9);
  const vectors = set.vectors.slice();
  const copy = (from: number, to: number) => vectors.copyWithin(to * 24, from * 24, (from + 1) * 24);
  for (let item = 20; item < 330; item++) {
    if (item % 7 === 0) copy(item - 20, item);
    else if (item % 5 === 0) {
      copy(item - 1, item);
      vectors[item * 24] = (vectors[item * 24] as number) + 1e-9;
    }
  }
  return {set: {...set, vectors}, labels};
})();

/** As far apart as float64 may round two forms of a distance. */
const ROUNDING = 1e-12;

/** |x/|x| − y/|y||² of every two. */
const distances = (() => {
  const units = given.labels.map((_, item) => {
    const vector = Array.from(given.set.vectors.subarray(item * 24, (item + 1) * 24));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
  return units.map((x) => units.map((y) => x.reduce((sum, value, k) => sum + (value - (y[k] as number)) ** 2, 0)));
})();

/** The triplets whose d_an − d_ap is from `low` to `high`. */
function within(low: number, high: number): Set<string> {
  const {labels} = given;
  const keys = new Set<string>();
  for (const [a, row] of distances.entries()) {
    for (const p of labels.keys()) {
      if (p === a || labels[p] !== labels[a]) continue;
      for (const n of labels.keys()) {
        const gap = (row[n] as number) - (row[p] as number);
        if (labels[n] !== labels[a] && gap >= low && gap <= high) keys.add(`${a} ${p} ${n}`);
      }
    }
  }
  return keys;
}

const keyOf = ([a, p, n]: Triplet) => `${a} ${p} ${n}`;

function expectDistances(found: readonly Triplet[]): void {
  const off = found.map(([a, p, n, ap, an]) => {
    const [wantedAp, wantedAn] = [distances[a]?.[p] as number, distances[a]?.[n] as number];
    return Math.max(Math.abs(ap - wantedAp), Math.abs(an - wantedAn));
  });
  expect(off.findLast((difference) => !(difference < ROUNDING))).toBeUndefined();
}

test('the set has distances that float32 cannot tell apart, and equal ones', () => {
  expect(within(1e-11, 1e-7).size).toBeGreaterThan(10);
  expect(within(-ROUNDING, ROUNDING).size).toBeGreaterThan(10);
});

describe.each(PRODUCTS)('products of %s', (_, makeProducts) => {
  test.each([
    ['hard', -Infinity, 0],
    ['semi-hard', 0, 0.2],
  ] as const)(
    '%s: every triplet of the definition in float64, and none else, but for ties',
    async (strategy, low, high) => {
      const found = await mined(given, {...UNLIMITED, strategy}, {makeProducts});
      expectDistances(found);
      const keys = new Set(found.map(keyOf));
      expect(keys.size).toBe(found.length);
      const missing = [...within(low + ROUNDING, high - ROUNDING)].filter((key) => !keys.has(key));
      const allowed = within(low - ROUNDING, high + ROUNDING);
      expect({missing, wrong: [...keys].filter((key) => !allowed.has(key))}).toEqual({missing: [], wrong: []});
    },
  );

  test('the nearest semi-hard negative of a pair is as near as any', async () => {
    const found = await mined(given, {...UNLIMITED, strategy: 'semi-hard', perPair: 1}, {makeProducts});
    expectDistances(found);
    const nearest = new Map<string, number>();
    for (const key of within(ROUNDING, 0.2 - ROUNDING)) {
      const [a = 0, p = 0, n = 0] = key.split(' ').map(Number);
      nearest.set(`${a} ${p}`, Math.min(nearest.get(`${a} ${p}`) ?? Infinity, distances[a]?.[n] as number));
    }
    const foundOf = new Map(found.map(([a, p, , , an]) => [`${a} ${p}`, an]));
    const tied = new Set(Array.from(within(-ROUNDING, ROUNDING), (key) => key.split(' ').slice(0, 2).join(' ')));
    const decided = [...nearest].filter(([pair]) => !tied.has(pair));
    expect(decided.length).toBeGreaterThan(800);
    expect(decided.filter(([pair, an]) => !(Math.abs((foundOf.get(pair) ?? NaN) - an) < ROUNDING))).toEqual([]);
  });
});

describe('whatever computes the products, the same triplets to the last bit, ties as well', () => {
  const strategies: readonly (Partial<MiningOptions> & Pick<MiningOptions, 'strategy'>)[] = [
    {strategy: 'hard'},
    {strategy: 'semi-hard'},
    {strategy: 'semi-hard', perPair: 2},
    {strategy: 'semi-hard', perPair: 2, keep: 'random'},
    {strategy: 'hard', measure: 'l2', normalize: false, count: 500},
    {strategy: 'all', perAnchor: 3},
    {strategy: 'distance-weighted', perPair: 2, keep: 'random'},
  ];
  let texts: string[][];

  beforeAll(async () => {
    texts = await Promise.all(
      strategies.map((strategy) =>
        Promise.all(
          PRODUCTS.map(async ([, makeProducts]) =>
            textOf(await mined(given, {...UNLIMITED, ...strategy}, {seed: 3, makeProducts})),
          ),
        ),
      ),
    );
  });

  test.each(strategies.map((strategy, i) => [JSON.stringify(strategy), i] as const))('%s', (_, i) => {
    const [first, ...others] = texts[i] as string[];
    expect(first?.split('\n').length).toBeGreaterThan(300);
    for (const other of others) expect(other === first).toBe(true);
  });
});

test('the products themselves: float32 sums of the rows asked for, in any order and twice', async () => {
  const values = Float32Array.from(given.set.vectors.subarray(0, 40 * 24));
  const rows = Int32Array.from([39, 0, 7, 7]);
  for (const [name, makeProducts] of PRODUCTS) {
    const products = await makeProducts(values, 24);
    const out = new Float32Array(rows.length * 40);
    await products.write(rows, out);
    await products.close();
    for (const [i, row] of rows.entries()) {
      for (let j = 0; j < 40; j++) {
        const terms = Array.from(
          {length: 24},
          (_, k) => (values[row * 24 + k] as number) * (values[j * 24 + k] as number),
        );
        const [sum, size] = [0, 1].map((absolute) =>
          terms.reduce((s, term) => s + (absolute ? Math.abs(term) : term), 0),
        );
        // γₙ of n float32 sums.
        const bound = 25 * 2 ** -24 * (size as number);
        expect(Math.abs((out[i * 40 + j] as number) - (sum as number)), name).toBeLessThanOrEqual(bound);
      }
    }
  }
});
