import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {generalSets, griddedSets, type LabelledVectors} from './random-sets.js';
import {bundledJson, bundledSet, createSetLoss, datasetOf, runLoss, setOf} from './runs.js';
import {allTriplets, distance, type Measure, mean, type Triplet} from './slow-tuples.js';

interface Expected {
  readonly triplet_all: Readonly<Record<string, number>>;
  readonly triplet_l2_unclamped: {readonly mean: number};
  readonly anchors_without_positive: number;
  readonly recall_at: Readonly<Record<string, number>>;
}

const EXACT = {relative: 1e-12, floor: 1e-12};
const MEASURES: readonly Measure[] = ['squared-l2', 'l2', 'cosine'];

/** Bare losses of triplets by a loop over them. */
function slow({vectors}: LabelledVectors, triplets: readonly Triplet[], measure: Measure, normalize: boolean) {
  const between = (i: number, j: number) =>
    distance(vectors[i] as number[], vectors[j] as number[], measure, normalize);
  return triplets.map(({anchor, positive, negative}) => ({
    anchor,
    ap: between(anchor, positive),
    an: between(anchor, negative),
  }));
}

describe('triplet', () => {
  test('agrees with the reference on the bundled embeddings', async () => {
    const {triplet_all, triplet_l2_unclamped, anchors_without_positive, recall_at} =
      bundledJson<Expected>('embeddings/expected.json');
    const dataset = datasetOf({set: bundledSet()});
    const {rows, aggregates} = await runLoss({type: 'triplet'}, dataset);
    const {mean: value, mean_unclamped, ...others} = triplet_all;
    for (const [name, number] of Object.entries({value, ...others})) {
      expectClose(aggregates['']?.[name] as number, number as number, EXACT, name);
    }
    expect(aggregates['']?.recall_at_k).toEqual(recall_at);
    expect([...rows.values()].filter((cells) => Object.keys(cells).length === 0)).toHaveLength(
      anchors_without_positive,
    );
    expect(aggregates['']?.rows).toBe(rows.size - anchors_without_positive);
    const bare = await runLoss({type: 'triplet', clamp: false}, dataset);
    expectClose(bare.aggregates['']?.value as number, mean_unclamped as number, EXACT);
    expectClose(bare.aggregates['']?.mean_of_active as number, triplet_all.mean_of_active as number, EXACT);
    const root = await runLoss({type: 'triplet', clamp: false, distance: 'l2'}, dataset);
    expectClose(root.aggregates['']?.value as number, triplet_l2_unclamped.mean, EXACT);
  });

  test('equals the loop over all triplets: values by anchor and over the set', async () => {
    await fc.assert(
      fc.asyncProperty(
        generalSets,
        fc.constantFrom(...MEASURES),
        fc.boolean(),
        fc.boolean(),
        fc.double({min: 0, max: 3, noNaN: true}),
        async (given, measure, normalize, clamp, margin) => {
          const config = {type: 'triplet', distance: measure, normalize, clamp, margin};
          const {rows, aggregates} = await runLoss(config, datasetOf({set: setOf(given.vectors, given.labels)}));
          const terms = slow(given, allTriplets(given.labels), measure, normalize);
          const bare = terms.map(({ap, an}) => ap - an + margin);
          const values = clamp ? bare.map((value) => Math.max(0, value)) : bare;
          // Of the size of the distances, where a sum cancels.
          const floor = 1e-13 * (1 + margin + Math.max(...terms.map(({ap, an}) => ap + an)));
          const close = {relative: 1e-12, floor};
          expectClose(aggregates['']?.value as number, mean(values), close, 'value');
          for (const [i, key] of given.labels.map((_, index) => `k${index}`).entries()) {
            const own = values.filter((_, t) => terms[t]?.anchor === i);
            const cells = rows.get(key);
            if (own.length === 0) expect(cells).toEqual({});
            else expectClose(cells?.[''], mean(own), close, key);
            expect(cells?.count ?? 0).toBe(own.length);
          }
          const hardest = aggregates['']?.hardest as {value: number}[];
          const largest = bare
            .filter((value) => value > floor)
            .sort((a, b) => b - a)
            .slice(0, 10);
          largest.forEach((value, i) => {
            expectClose(hardest[i]?.value, value, close, `hardest ${i}`);
          });
        },
      ),
      {numRuns: 150},
    );
  });

  test('counts ties by the definitions: exact distances, margins that they meet', async () => {
    await fc.assert(
      fc.asyncProperty(griddedSets, fc.constantFrom(0, 1, 2), async (given, margin) => {
        const config = {type: 'triplet', normalize: false, margin};
        const {rows, aggregates} = await runLoss(config, datasetOf({set: setOf(given.vectors, given.labels)}));
        const terms = slow(given, allTriplets(given.labels), 'squared-l2', false);
        const of = (some: typeof terms) => {
          const hard = some.filter(({ap, an}) => an <= ap).length;
          const easy = some.filter(({ap, an}) => an >= ap + margin && !(an <= ap)).length;
          const active = some.filter(({ap, an}) => ap - an + margin > 0).length;
          return {count: some.length, active, hard, semi_hard: some.length - hard - easy, easy};
        };
        const {active, ...counts} = of(terms);
        expect(aggregates['']).toMatchObject({...counts, active_fraction: active / terms.length});
        const losses = terms.map(({ap, an}) => Math.max(0, ap - an + margin)).filter((value) => value > 0);
        expect(aggregates['']?.mean_of_active).toEqual(losses.length > 0 ? expect.closeTo(mean(losses), 12) : null);
        given.labels.forEach((_, i) => {
          const own = terms.filter(({anchor}) => anchor === i);
          if (own.length > 0) expect(rows.get(`k${i}`)).toMatchObject(of(own));
        });
      }),
      {numRuns: 200},
    );
  });

  test('names the hardest triplets, the hardest first', async () => {
    const set = setOf([[0], [4], [1], [9], [10]], ['a', 'a', 'b', 'b', 'c']);
    const {aggregates} = await runLoss(
      {type: 'triplet', distance: 'l2', normalize: false, margin: 0},
      datasetOf({set}),
    );
    // |1 − 9| − |1 − 0| = 7 before |9 − 1| − |9 − 10| = 7, which comes later in the set.
    const hardest = aggregates['']?.hardest as unknown[];
    expect(hardest.slice(0, 3)).toEqual([
      {anchor: 'k2', positive: 'k3', negative: 'k0', value: 7},
      {anchor: 'k3', positive: 'k2', negative: 'k4', value: 7},
      {anchor: 'k2', positive: 'k3', negative: 'k1', value: 5},
    ]);
  });

  test('keeps ten of the hardest of more than ten', async () => {
    const vectors = Array.from({length: 24}, (_, i) => [Math.sin(i * 1.7), Math.cos(i * i), Math.sin(i * i * 0.3)]);
    const labels = vectors.map((_, i) => 'abc'[i % 3] as string);
    const {aggregates} = await runLoss({type: 'triplet'}, datasetOf({set: setOf(vectors, labels)}));
    const slowly = allTriplets(labels)
      .map((tuple) => {
        const [{ap, an} = {ap: 0, an: 0}] = slow({vectors, labels}, [tuple], 'squared-l2', true);
        return {
          anchor: `k${tuple.anchor}`,
          positive: `k${tuple.positive}`,
          negative: `k${tuple.negative}`,
          value: ap - an + 0.2,
        };
      })
      .sort((a, b) => b.value - a.value)
      .slice(0, 10);
    expect(aggregates['']?.hardest).toEqual(
      slowly.map((tuple) => ({...tuple, value: expect.closeTo(tuple.value, 12)})),
    );
  });

  test('scores the triplets of a manifest, a row each, with the same columns', async () => {
    const set = setOf([[0], [1], [3], [10]]);
    const list = [
      {key: 't1', anchor: 0, positive: 2, negative: 1},
      {key: 't2', anchor: 0, positive: 1, negative: 2},
      {key: 't3', anchor: 0, positive: 1, negative: 3},
    ];
    const config = {type: 'triplet', tuples: '/t.csv', distance: 'l2', normalize: false, margin: 5};
    const {rows, aggregates} = await runLoss(config, datasetOf({set, tuples: {kind: 'triplets', list}}));
    expect(Object.fromEntries(rows)).toEqual({
      t1: {'': 7, count: 1, active: 1, hard: 1, semi_hard: 0, easy: 0},
      t2: {'': 3, count: 1, active: 1, hard: 0, semi_hard: 1, easy: 0},
      t3: {'': 0, count: 1, active: 0, hard: 0, semi_hard: 0, easy: 1},
    });
    expect(aggregates['']).toMatchObject({
      value: 10 / 3,
      count: 3,
      rows: 3,
      mean_of_active: 5,
      hard: 1,
      semi_hard: 1,
      easy: 1,
    });
    expect(aggregates['']).not.toHaveProperty('recall_at_k');
    expect(aggregates['']).not.toHaveProperty('verification');
  });

  test('leaves out recall and verification where their lists are empty', async () => {
    const config = {type: 'triplet', recall_at: [], tar_at_far: []};
    const {aggregates} = await runLoss(config, datasetOf({set: bundledSet()}));
    expect(aggregates['']).not.toHaveProperty('recall_at_k');
    expect(aggregates['']).not.toHaveProperty('verification');
  });

  test('aggregates rows that it did not make itself', async () => {
    const dataset = datasetOf({set: bundledSet()});
    const {aggregates} = await runLoss({type: 'triplet'}, dataset);
    const resumed = await createSetLoss({type: 'triplet'});
    const columns = {parts: [''], column: () => [], numbers: () => [], keys: () => []};
    const again = await resumed.aggregate?.(columns, dataset);
    expect(again?.['']?.hardest).toEqual(aggregates['']?.hardest);
  });

  test('stops when asked to', async () => {
    const vectors = Array.from({length: 700}, (_, i) => Array.from({length: 64}, (_u, k) => Math.sin(i * 64 + k)));
    const labels = vectors.map((_, i) => String(i % 2));
    const instance = await createSetLoss({type: 'triplet'});
    const made = async () => {
      for await (const _ of instance.rows(datasetOf({set: setOf(vectors, labels)}), AbortSignal.timeout(1)));
    };
    await expect(made()).rejects.toThrow(/timeout/);
  });
});
