import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {kernelProducts, type MakeRowProducts} from '../../../src/tuples/mining/row-products.js';
import {setOf} from '../sets.js';
import {all, anchorOf, defined, hardest, mined, pairOf, type Triplet, textOf, UNLIMITED} from './naive.js';
import {clustered, labelledSets, worstProducts} from './sets.js';

const STRATEGIES = ['all', 'hard', 'semi-hard'] as const;
const LIMITS = [
  ['perPair', pairOf],
  ['perAnchor', anchorOf],
  ['count', all],
] as const;
const spaces = fc.record({
  measure: fc.constantFrom('squared-l2', 'l2', 'cosine' as const),
  normalize: fc.boolean(),
  margin: fc.constantFrom(0.05, 0.2, 1, 4),
});
const products = fc.constantFrom<MakeRowProducts>(kernelProducts, worstProducts);

describe.each(STRATEGIES)('%s', (strategy) => {
  test('without a limit: what the definition takes, in the order of the set', () =>
    fc.assert(
      fc.asyncProperty(labelledSets, spaces, products, async (given, space, makeProducts) => {
        const options = {...UNLIMITED, ...space, strategy};
        expect(textOf(await mined(given, options, {makeProducts}))).toBe(textOf(defined(given, options)));
      }),
      {numRuns: 60},
    ));

  test.each(LIMITS)('%s: the hardest of the definition', (limit, groupOf) =>
    fc.assert(
      fc.asyncProperty(labelledSets, spaces, products, fc.integer({min: 1, max: 5}), async (...given) => {
        const [labelled, space, makeProducts, size] = given;
        const options = {...UNLIMITED, ...space, strategy, [limit]: size};
        const expected = hardest(defined(labelled, options), size, groupOf);
        expect(textOf(await mined(labelled, options, {makeProducts}))).toBe(textOf(expected));
      }),
      {numRuns: 60},
    ),
  );

  test.each(LIMITS)('%s, kept at random: so many of the definition, by the seed alone', (limit, groupOf) =>
    fc.assert(
      fc.asyncProperty(labelledSets, spaces, fc.integer({min: 1, max: 5}), fc.nat(), async (...given) => {
        const [labelled, space, size, seed] = given;
        const options = {...UNLIMITED, ...space, strategy, keep: 'random' as const, [limit]: size};
        const triplets = defined(labelled, options);
        const found = await mined(labelled, options, {seed});
        const known = new Map(triplets.map((triplet, i) => [String(triplet), i]));
        const places = found.map((triplet) => known.get(String(triplet)) ?? -1);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(places).not.toContain(-1);
        expect(sizes(found, groupOf)).toEqual(
          new Map([...sizes(triplets, groupOf)].map(([group, count]) => [group, Math.min(size, count)])),
        );
        expect(textOf(await mined(labelled, options, {seed, makeProducts: worstProducts}))).toBe(textOf(found));
      }),
      {numRuns: 40},
    ),
  );
});

test('both limits: the hardest of an anchor among the hardest of its pairs', () =>
  fc.assert(
    fc.asyncProperty(labelledSets, spaces, async (given, space) => {
      const options = {...UNLIMITED, ...space, strategy: 'all' as const, perPair: 2, perAnchor: 3};
      const expected = hardest(hardest(defined(given, options), 2, pairOf), 3, anchorOf);
      expect(textOf(await mined(given, options))).toBe(textOf(expected));
    }),
    {numRuns: 50},
  ));

test('all with one triplet an anchor is batch-hard: the farthest positive and the nearest negative', async () => {
  const given = clustered(60, 8, 5, 0.8);
  const found = await mined(given, {...UNLIMITED, strategy: 'all', perAnchor: 1});
  const every = defined(given, {...UNLIMITED, strategy: 'all'});
  const extremes = given.labels.map((_, a) => {
    const own = every.filter(([anchor]) => anchor === a);
    return [Math.max(...own.map((triplet) => triplet[3])), Math.min(...own.map((triplet) => triplet[4]))];
  });
  expect(found.map(([, , , ap, an]) => [ap, an])).toEqual(extremes);
});

test('several blocks and float32 that decides little: 300 vectors far from zero and near one another', async () => {
  const {set, labels} = clustered(300, 12, 6, 0.9);
  const given = {set: {...set, vectors: set.vectors.map((value) => 1e4 + value / 100)}, labels};
  for (const strategy of ['hard', 'semi-hard'] as const) {
    const options = {...UNLIMITED, strategy, normalize: false, margin: 1e-3, perPair: 1};
    const expected = defined(given, options);
    const found = await mined(given, options);
    expect(found.length).toBeGreaterThan(200);
    expect(textOf(found)).toBe(textOf(nearestOfPairs(expected)));
  }
});

test.each([1e-160, 1e-220, 1e140])('vectors of length about %g, where float32 cannot tell', async (scale) => {
  const {set, labels} = clustered(40, 4, 4, 1);
  const given = {set: {...set, vectors: set.vectors.map((value) => value * scale)}, labels};
  for (const strategy of STRATEGIES) {
    const options = {...UNLIMITED, strategy, normalize: false, margin: scale ** 2, perPair: 2};
    expect(textOf(await mined(given, options))).toBe(textOf(hardest(defined(given, options), 2, pairOf)));
    const cosine = {...UNLIMITED, strategy, measure: 'cosine' as const};
    expect(textOf(await mined(given, cosine))).toBe(textOf(defined(given, cosine)));
  }
});

test('equal vectors of two identities: hard at distance 0, never semi-hard', async () => {
  const given = {
    set: setOf([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]),
    labels: ['a', 'a', 'b', 'b'],
  };
  expect(await mined(given, {...UNLIMITED, strategy: 'hard', perPair: 1})).toEqual(
    expect.arrayContaining([[0, 1, 2, 0, 0]]),
  );
  expect(await mined(given, {...UNLIMITED, strategy: 'semi-hard', margin: 2})).toEqual([]);
});

test('products that are wrong are noticed', async () => {
  const makeProducts: MakeRowProducts = async (values, dimensions) => {
    const right = await kernelProducts(values, dimensions);
    return {
      ...right,
      async write(rows, out) {
        await right.write(rows, out);
        for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + 0.01;
      },
    };
  };
  const mining = mined(clustered(30, 8, 3, 1), {...UNLIMITED, strategy: 'hard'}, {makeProducts});
  await expect(mining).rejects.toMatchObject({code: 'wrong-products'});
});

function sizes(triplets: readonly Triplet[], groupOf: (triplet: Triplet) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const triplet of triplets) counts.set(groupOf(triplet), (counts.get(groupOf(triplet)) ?? 0) + 1);
  return counts;
}

/** One a pair, in one pass. */
function nearestOfPairs(triplets: readonly Triplet[]): Triplet[] {
  const nearest = new Map<string, Triplet>();
  for (const triplet of triplets) {
    const known = nearest.get(pairOf(triplet));
    if (!known || triplet[4] < known[4]) nearest.set(pairOf(triplet), triplet);
  }
  return [...nearest.values()];
}
