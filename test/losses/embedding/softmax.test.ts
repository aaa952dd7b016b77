import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {generalSets} from './random-sets.js';
import {bundledJson, bundledSet, datasetOf, runLoss, setOf} from './runs.js';
import {mean, softmaxTerms} from './slow-tuples.js';

interface Expected {
  readonly info_nce: {readonly mean_over_anchor_positive: number};
  readonly n_pair: {readonly mean_over_anchor_positive: number};
  readonly recall_at: Readonly<Record<string, number>>;
}

const EXACT = {relative: 1e-12, floor: 1e-13};

test('info-nce and n-pair agree with the reference on the bundled embeddings', async () => {
  const {info_nce, n_pair, recall_at} = bundledJson<Expected>('embeddings/expected.json');
  const dataset = datasetOf({set: bundledSet()});
  const infoNce = await runLoss({type: 'info-nce'}, dataset);
  expectClose(infoNce.aggregates['']?.value as number, info_nce.mean_over_anchor_positive, EXACT);
  expect(infoNce.aggregates['']?.recall_at_k).toEqual(recall_at);
  const nPair = await runLoss({type: 'n-pair'}, dataset);
  expectClose(nPair.aggregates['']?.value as number, n_pair.mean_over_anchor_positive, EXACT);
});

describe.each(['info-nce', 'n-pair'])('%s', (type) => {
  test('equals the loop over anchors and positives', async () => {
    await fc.assert(
      fc.asyncProperty(
        generalSets,
        fc.boolean(),
        fc.double({min: 0.05, max: 2, noNaN: true}),
        async ({vectors, labels}, normalize, divisor) => {
          const temperature = type === 'n-pair' ? 1 : divisor;
          const config = {type, normalize, ...(type === 'info-nce' && {temperature})};
          const {rows, aggregates} = await runLoss(config, datasetOf({set: setOf(vectors, labels)}));
          const terms = softmaxTerms(vectors, labels, {temperature, normalize});
          const close = {relative: 1e-11, floor: 1e-12};
          expectClose(aggregates['']?.value as number, mean(terms.map(({value}) => value)), close);
          expect(aggregates['']?.count).toBe(terms.length);
          labels.forEach((_, i) => {
            const own = terms.filter(({anchor}) => anchor === i).map(({value}) => value);
            const cells = rows.get(`k${i}`);
            expect(cells?.count ?? 0).toBe(own.length);
            if (own.length === 0) expect(cells).toEqual({});
            else expectClose(cells?.[''], mean(own), close);
          });
          const hardest = aggregates['']?.hardest as {value: number}[];
          const largest = terms.map(({value}) => value).sort((a, b) => b - a);
          largest.slice(0, hardest.length).forEach((value, i) => {
            expectClose(hardest[i]?.value, value, close);
          });
          expect(hardest).toHaveLength(Math.min(10, terms.length));
        },
      ),
      {numRuns: 100},
    );
  });

  test('takes the negatives that a manifest lists for an anchor and positive, in the row of the first', async () => {
    const set = setOf([
      [1, 0],
      [0.6, 0.8],
      [0, 1],
      [-1, 0],
    ]);
    const list = [
      {key: 't1', anchor: 0, positive: 1, negative: 2},
      {key: 't2', anchor: 1, positive: 0, negative: 3},
      {key: 't3', anchor: 0, positive: 1, negative: 3},
      {key: 't4', anchor: 0, positive: 1, negative: 3},
    ];
    const config = {type, tuples: '/t.csv', normalize: true, ...(type === 'info-nce' && {temperature: 1})};
    const {rows, aggregates} = await runLoss(config, datasetOf({set, tuples: {kind: 'triplets', list}}));
    const first = Math.log(1 + Math.exp(0 - 0.6) + Math.exp(-1 - 0.6));
    const second = Math.log(1 + Math.exp(-0.6 - 0.6));
    expect(Object.fromEntries(rows)).toEqual({
      t1: {'': expect.closeTo(first, 12), count: 1},
      t2: {'': expect.closeTo(second, 12), count: 1},
      t3: {},
      t4: {},
    });
    expect(aggregates['']).toMatchObject({
      value: expect.closeTo((first + second) / 2, 12),
      count: 2,
      rows: 2,
      hardest: [
        {anchor: 'k0', positive: 'k1', value: expect.closeTo(first, 12)},
        {anchor: 'k1', positive: 'k0', value: expect.closeTo(second, 12)},
      ],
    });
  });

  test('stays finite for similarities far beyond what exp can take', async () => {
    const set = setOf(
      [
        [1000, 0],
        [900, 0],
        [-1000, 1],
        [2000, 0],
      ],
      ['x', 'x', 'y', 'y'],
    );
    const {rows} = await runLoss(
      {type, normalize: false, ...(type === 'info-nce' && {temperature: 1})},
      datasetOf({set}),
    );
    // From k0: positive at 900,000, negatives at −1,000,000 and 2,000,000.
    expect(rows.get('k0')?.['']).toBeCloseTo(1_100_000, 6);
  });
});
