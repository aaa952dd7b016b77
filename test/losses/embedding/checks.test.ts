import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import type {VectorDataset} from '../../../src/losses/dataset-contract.js';
import type {LossConfig} from '../score.js';
import {createSetLoss, datasetOf, runLoss, setOf} from './runs.js';

const TUPLE_LOSSES = ['triplet', 'contrastive', 'cosine-embedding', 'info-nce', 'n-pair'];
const PLANE = [
  [1, 0],
  [0, 1],
  [1, 1],
];

async function complaint(config: LossConfig, dataset: VectorDataset): Promise<string> {
  const instance = await createSetLoss(config);
  const error: unknown = await instance.check?.(dataset).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe.each(TUPLE_LOSSES)('%s refuses', (type) => {
  const labelled = (labels: readonly string[] | null, vectors = PLANE) => datasetOf({set: setOf(vectors, labels)});

  test('a set without labels', async () => {
    expect(await complaint({type}, labelled(null))).toMatch(/identity of every item.*embeddings\.labels/);
  });

  test('one identity only, a single item among them', async () => {
    expect(await complaint({type}, labelled(['x', 'x', 'x']))).toMatch(/all 3 embeddings have the label 'x'/);
    expect(await complaint({type}, labelled(['x'], [[1, 0]]))).toMatch(/label 'x'/);
  });

  test('a set without a positive pair', async () => {
    expect(await complaint({type}, labelled(['x', 'y', 'z']))).toMatch(/no positive pair/);
  });

  test('a manifest of the other kind, and an empty one', async () => {
    const kind = type === 'contrastive' || type === 'cosine-embedding' ? 'triplets' : 'pairs';
    const other = datasetOf({set: setOf(PLANE), tuples: {kind, list: []}});
    expect(await complaint({type, tuples: '/m.csv'}, other)).toMatch(/needs a manifest with the columns.*\/m\.csv has/);
    const empty = datasetOf({set: setOf(PLANE), tuples: {kind: kind === 'pairs' ? 'triplets' : 'pairs', list: []}});
    expect(await complaint({type, tuples: '/m.csv'}, empty)).toMatch(/\/m\.csv lists no/);
  });

  test('a vector of zeros where it divides by the length, and names it', async () => {
    const set = [...PLANE, [0, 0]];
    const config = type === 'n-pair' ? {type, normalize: true} : {type};
    expect(await complaint(config, labelled(['x', 'x', 'y', 'y'], set))).toMatch(/'k3' is all zeros/);
  });
});

test.each(['triplet', 'contrastive', 'info-nce', 'n-pair'])('%s takes a vector of zeros as it is', async (type) => {
  const set = setOf(
    [
      [0, 0],
      [0, 0],
      [3, 4],
    ],
    ['x', 'x', 'y'],
  );
  const {aggregates} = await runLoss(
    {type, normalize: false, ...(type === 'triplet' && {margin: 30})},
    datasetOf({set}),
  );
  // Positives at 0 and negatives at 25 (5) from the zeros; all similarities are 0.
  const expected = {triplet: 5, contrastive: 0, 'info-nce': Math.log(2), 'n-pair': Math.log(2)}[type] as number;
  expect(aggregates['']?.value).toBeCloseTo(expected, 12);
});

test('vectors too long for float64 distances are refused unless they are normalised', async () => {
  const set = setOf(
    [
      [1e200, 0],
      [1e200, 1e199],
      [0, -1e200],
    ],
    ['x', 'x', 'y'],
  );
  expect(await complaint({type: 'contrastive', normalize: false}, datasetOf({set}))).toMatch(/'k0' is too long/);
  const {aggregates} = await runLoss({type: 'cosine-embedding'}, datasetOf({set}));
  expect(aggregates['']?.mean_same).toBeCloseTo(1 - 1 / Math.sqrt(1.01), 12);
  const tiny = setOf(
    [
      [1e-310, 0],
      [0, 1e-310],
      [1e-310, 1e-310],
    ],
    ['x', 'x', 'y'],
  );
  expect((await runLoss({type: 'contrastive'}, datasetOf({set: tiny}))).aggregates['']?.mean_same).toBeCloseTo(1, 9);
});

describe.each(['frechet-distance', 'kernel-distance'])('%s refuses', (type) => {
  const two = (real: number[][], fake: number[][]) => datasetOf({sets: {real: setOf(real), fake: setOf(fake)}});

  test('sets of other dimensions', async () => {
    expect(await complaint({type}, two(PLANE, [[1], [2]]))).toMatch(/real have 2 dimensions, those of fake 1/);
  });

  test('a set of one item', async () => {
    expect(await complaint({type}, two(PLANE, [[1, 2]]))).toMatch(/fake has 1 embedding, expected two or more/);
  });
});
