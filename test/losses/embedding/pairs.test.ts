import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {generalSets} from './random-sets.js';
import {bundledJson, bundledSet, datasetOf, runLoss, setOf} from './runs.js';
import {allPairs, distance, mean} from './slow-tuples.js';

interface Expected {
  readonly contrastive_all_pairs: Readonly<
    Record<'count' | 'margin' | 'mean' | 'mean_same' | 'mean_different', number>
  >;
  readonly cosine_embedding: {readonly mean_all_pairs: number};
  readonly recall_at: Readonly<Record<string, number>>;
}

const EXACT = {relative: 1e-12, floor: 1e-13};

/** The loss of a pair from its distance. */
const FORMULAS = {
  contrastive: (d: number, same: boolean, margin: number) => (same ? 0.5 * d * d : 0.5 * Math.max(0, margin - d) ** 2),
  'cosine-embedding': (d: number, same: boolean, margin: number) => (same ? d : Math.max(0, 1 - d - margin)),
};

test('contrastive agrees with the reference on the bundled embeddings', async () => {
  const {contrastive_all_pairs, recall_at} = bundledJson<Expected>('embeddings/expected.json');
  const {margin, mean: value, ...others} = contrastive_all_pairs;
  const {aggregates} = await runLoss({type: 'contrastive', margin}, datasetOf({set: bundledSet()}));
  for (const [name, number] of Object.entries({value, ...others})) {
    expectClose(aggregates['']?.[name] as number, number, EXACT, name);
  }
  expect(aggregates['']?.recall_at_k).toEqual(recall_at);
  expect(aggregates['']?.rows).toBe(60);
});

test('cosine-embedding agrees with the reference on the bundled embeddings', async () => {
  const {cosine_embedding} = bundledJson<Expected>('embeddings/expected.json');
  const {aggregates} = await runLoss({type: 'cosine-embedding'}, datasetOf({set: bundledSet()}));
  expectClose(aggregates['']?.value as number, cosine_embedding.mean_all_pairs, EXACT);
});

describe.each(['contrastive', 'cosine-embedding'] as const)('%s', (type) => {
  const measure = type === 'contrastive' ? 'l2' : 'cosine';

  test('equals the loop over all unordered pairs', async () => {
    await fc.assert(
      fc.asyncProperty(
        generalSets,
        fc.double({min: 0, max: 1, noNaN: true}),
        fc.boolean(),
        async ({vectors, labels}, margin, given) => {
          const normalize = type === 'cosine-embedding' || given;
          const config = {type, margin, ...(type === 'contrastive' && {normalize})};
          const {rows, aggregates} = await runLoss(config, datasetOf({set: setOf(vectors, labels)}));
          const pairs = allPairs(labels).map((pair) => {
            const {first, second, same} = pair;
            const d = distance(vectors[first] as number[], vectors[second] as number[], measure, normalize);
            return {...pair, value: FORMULAS[type](d, same, margin)};
          });
          // The slow cosine is 1 − dot, off by its rounding; an L2 distance near 0 is the root of that.
          const close = {relative: 1e-12, floor: 1e-14};
          const [same, different] = [pairs.filter((pair) => pair.same), pairs.filter((pair) => !pair.same)];
          expectClose(aggregates['']?.value as number, mean(pairs.map(({value}) => value)), close);
          expectClose(aggregates['']?.mean_same as number, mean(same.map(({value}) => value)), close);
          expectClose(aggregates.same?.value as number, mean(same.map(({value}) => value)), close);
          expectClose(aggregates['']?.mean_different as number, mean(different.map(({value}) => value)), close);
          expectClose(aggregates.different?.value as number, mean(different.map(({value}) => value)), close);
          const counts = {count: pairs.length, same_count: same.length, different_count: different.length};
          expect(aggregates['']).toMatchObject({...counts, rows: labels.length});
          labels.forEach((_, i) => {
            const own = pairs.filter(({first, second}) => first === i || second === i);
            const ownSame = own.filter((pair) => pair.same);
            const cells = rows.get(`k${i}`);
            expectClose(cells?.[''], mean(own.map(({value}) => value)), close);
            expect(cells).toMatchObject({count: own.length, same_count: ownSame.length});
            if (ownSame.length === 0) expect(cells).not.toHaveProperty('same');
            else expectClose(cells?.same, mean(ownSame.map(({value}) => value)), close);
          });
          const hardest = aggregates['']?.hardest as {value: number}[];
          const largest = pairs
            .map(({value}) => value)
            .filter((value) => value > 1e-12)
            .sort((a, b) => b - a);
          largest.slice(0, 10).forEach((value, i) => {
            expectClose(hardest[i]?.value, value, close);
          });
        },
      ),
      {numRuns: 100},
    );
  });

  test('scores the pairs of a manifest, a row each, and verifies them', async () => {
    const set = setOf([
      [1, 0],
      [0, 1],
      [0, 2],
      [-3, 0],
    ]);
    const list = [
      {key: 'p1', first: 0, second: 1, same: true},
      {key: 'p2', first: 1, second: 2, same: true},
      {key: 'p3', first: 0, second: 3, same: false},
    ];
    const dataset = datasetOf({set, tuples: {kind: 'pairs', list}});
    const {rows, aggregates} = await runLoss({type, tuples: '/p.csv'}, dataset);
    // Both are 1 for a right angle; opposite vectors cost nothing.
    expect(Object.fromEntries(rows)).toEqual({
      p1: {'': expect.closeTo(1, 12), same: expect.closeTo(1, 12), count: 1, same_count: 1, different_count: 0},
      p2: {'': 0, same: 0, count: 1, same_count: 1, different_count: 0},
      p3: {'': 0, different: 0, count: 1, same_count: 0, different_count: 1},
    });
    expect(aggregates['']).toMatchObject({
      value: expect.closeTo(1 / 3, 12),
      count: 3,
      rows: 3,
      same_count: 2,
      hardest: [{first: 'k0', second: 'k1', same: true, value: expect.closeTo(1, 12)}],
    });
    const threshold = expect.closeTo(type === 'contrastive' ? Math.SQRT2 : 1, 12);
    const verified = {auc: 1, accuracy: 1, threshold, same_pairs: 2, different_pairs: 1, method: 'exact'};
    expect(aggregates['']?.verification).toMatchObject(verified);
  });

  test('has no verification of pairs of one kind', async () => {
    const set = setOf([
      [1, 0],
      [0, 1],
    ]);
    const list = [{key: 'p1', first: 0, second: 1, same: false}];
    const {aggregates} = await runLoss({type, tuples: '/p.csv'}, datasetOf({set, tuples: {kind: 'pairs', list}}));
    expect(aggregates['']).toMatchObject({count: 1, mean_same: null});
    expect(aggregates['']).not.toHaveProperty('verification');
  });
});
