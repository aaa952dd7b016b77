import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {seededBits} from '../../../src/statistics/seeded-bits.js';
import {distancesIn} from '../../../src/tuples/distances.js';
import {Draws} from '../../../src/tuples/mining/draws.js';
import type {MiningOptions} from '../../../src/tuples/mining/strategy.js';
import {setOf} from '../sets.js';
import {anchorOf, defined, mined, pairOf, type Triplet, textOf, UNLIMITED} from './naive.js';
import {clustered, labelledSets, normals, worstProducts} from './sets.js';

const DRAWN = ['random', 'distance-weighted'] as const;
const unit = {...UNLIMITED, keep: 'random', perPair: 1} as const;

/** Twelve unit vectors on the sphere in eight dimensions, two of one identity, the others' distances from 0.3 to 1.8. */
const around = (() => {
  const noise = normals(12 * 8, 3);
  const vectors = Array.from({length: 12}, (_, item) =>
    Array.from({length: 8}, (_value, k) => (k === 0 ? 1.2 : 0) + (item / 11) * (noise[item * 8 + k] as number)),
  );
  return {set: setOf(vectors), labels: vectors.map((_, item) => (item < 2 ? 'pair' : `single ${item}`))};
})();

/** How often each negative of item 0 and item 1 comes, over many seeds. */
async function frequencies(options: MiningOptions, runs: number): Promise<number[]> {
  const counts = new Array<number>(12).fill(0);
  for (let seed = 0; seed < runs; seed++) {
    for (const [anchor, , negative] of await mined(around, options, {seed})) {
      if (anchor === 0) counts[negative] = (counts[negative] as number) + 1;
    }
  }
  return counts.map((count) => count / runs);
}

/** Five standard deviations of a frequency, and what rounds off. */
const near = (expected: number, runs: number) => 5 * Math.sqrt((expected * (1 - expected)) / runs) + 1e-9;

function expectNear(found: readonly number[], expected: readonly number[], runs: number): void {
  expected.forEach((value, item) => {
    expect(Math.abs((found[item] as number) - value), `item ${item}`).toBeLessThanOrEqual(near(value, runs));
  });
}

/** Of the paper: min(λ, 1/q(d)), q(d) = d^(n − 2)·(1 − d²/4)^((n − 3)/2), λ at d = 0.5; nothing from 1.4 on. */
function weights(anchor: number): number[] {
  const {between} = distancesIn(around.set, {measure: 'l2', normalize: true});
  const inverse = (d: number) => 1 / (d ** 6 * (1 - d ** 2 / 4) ** 2.5);
  return around.labels.map((label, item) => {
    const d = between(anchor, item);
    return label === around.labels[anchor] || d >= 1.4 ? 0 : Math.min(inverse(0.5), inverse(d));
  });
}

describe('the draws of a pair', () => {
  const runs = 3000;

  test('random: every negative alike', async () => {
    const found = await frequencies({...unit, strategy: 'random'}, runs);
    expectNear(found, [0, 0, ...new Array<number>(10).fill(0.1)], runs);
  });

  test('random, three a pair: every negative alike, all different', async () => {
    const found = await frequencies({...unit, strategy: 'random', perPair: 3}, runs);
    expectNear(found, [0, 0, ...new Array<number>(10).fill(0.3)], runs);
  });

  test('distance-weighted: by the formula of the paper', async () => {
    const every = weights(0);
    const sum = every.reduce((total, weight) => total + weight, 0);
    // Some near enough to be clipped, some too far to count, some between.
    expect(every.filter((weight) => weight === 0).length).toBeGreaterThan(2);
    expect(every.filter((weight) => weight === Math.max(...every)).length).toBeGreaterThan(1);
    expect(every.filter((weight) => weight > 0 && weight < Math.max(...every)).length).toBeGreaterThan(2);
    const found = await frequencies({...unit, strategy: 'distance-weighted'}, runs);
    expectNear(
      found,
      every.map((weight) => weight / sum),
      runs,
    );
  });

  test('distance-weighted, two a pair: one after the other, without replacement', async () => {
    const every = weights(0);
    const sum = every.reduce((total, weight) => total + weight, 0);
    const chances = every.map((weight, item) => {
      const second = every.map((other, first) => (first === item ? 0 : (other / sum) * (weight / (sum - other))));
      return weight / sum + second.reduce((total, chance) => total + chance, 0);
    });
    const found = await frequencies({...unit, strategy: 'distance-weighted', perPair: 2}, runs);
    expectNear(found, chances, runs);
  });

  test('semi-hard, kept at random: every semi-hard negative alike', async () => {
    const options = {...unit, strategy: 'semi-hard', margin: 1} as const;
    const valid = defined(around, options).filter(([anchor]) => anchor === 0);
    expect(valid.length).toBeGreaterThan(2);
    const found = await frequencies(options, runs);
    expectNear(
      found,
      around.labels.map((_, item) => (valid.some((triplet) => triplet[2] === item) ? 1 / valid.length : 0)),
      runs,
    );
  });

  test('count, kept at random: every triplet alike', async () => {
    const options = {...UNLIMITED, strategy: 'all', keep: 'random', count: 4} as const;
    const found = await frequencies(options, runs);
    expectNear(found, [0, 0, ...new Array<number>(10).fill(4 / 20)], runs);
  });
});

describe.each(DRAWN)('%s', (strategy) => {
  test('triplets of two identities with the distances of the set, so many a pair as there are', () =>
    fc.assert(
      fc.asyncProperty(labelledSets, fc.integer({min: 1, max: 4}), fc.nat(), async (given, perPair, seed) => {
        const options = {...unit, strategy, perPair};
        const found = await mined(given, options, {seed});
        const valid = defined(given, {...options, strategy: 'all'}).filter(
          (triplet) => strategy === 'random' || triplet[4] < 1.4 ** 2,
        );
        const known = new Map(valid.map((triplet, i) => [textOf([triplet]), i]));
        const places = found.map((triplet) => known.get(textOf([triplet])) ?? -1);
        expect(places).not.toContain(-1);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(found.length).toBe(total(valid, perPair));
      }),
      {numRuns: 60},
    ));

  test('the seed alone decides, whatever computes the products', async () => {
    const given = clustered(60, 16, 5, 0.7);
    const options = {...unit, strategy};
    const first = textOf(await mined(given, options, {seed: 1}));
    expect(textOf(await mined(given, options, {seed: 1}))).toBe(first);
    expect(textOf(await mined(given, options, {seed: 1, makeProducts: worstProducts}))).toBe(first);
    expect(textOf(await mined(given, options, {seed: 2}))).not.toBe(first);
  });

  test('at most so many of an anchor, and in all', async () => {
    const given = clustered(40, 8, 5, 0.6);
    const ofAnchors = await mined(given, {...unit, strategy, perPair: 3, perAnchor: 2});
    expect(ofAnchors.length).toBe(2 * new Set(ofAnchors.map(anchorOf)).size);
    expect(await mined(given, {...unit, strategy, count: 7})).toHaveLength(7);
  });
});

test('subsets: every one alike', () => {
  const draws = new Draws(seededBits(5));
  const counts = new Map<string, number>();
  const runs = 20_000;
  for (let run = 0; run < runs; run++) {
    const subset = String(draws.subset(5, 3));
    counts.set(subset, (counts.get(subset) ?? 0) + 1);
  }
  expect(counts.size).toBe(10);
  for (const count of counts.values()) expect(Math.abs(count / runs - 0.1)).toBeLessThan(near(0.1, runs));
  expect(draws.subset(3, 3)).toEqual([0, 1, 2]);
  expect(draws.subset(3, 9)).toEqual([0, 1, 2]);
});

function total(triplets: readonly Triplet[], perPair: number): number {
  const counts = new Map<string, number>();
  for (const triplet of triplets) counts.set(pairOf(triplet), (counts.get(pairOf(triplet)) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.min(count, perPair), 0);
}
