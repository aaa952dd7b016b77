import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {distancesIn} from '../../src/tuples/distances.js';
import {identitiesOf} from '../../src/tuples/identities.js';
import {ranksOfNearestPositive, recallAt} from '../../src/tuples/recall.js';
import {verify} from '../../src/tuples/verification.js';
import {curveOfAllPairs, curveOfPairs} from '../../src/tuples/verification-curve.js';
import {bundledJson, bundledSet} from '../losses/embedding/runs.js';
import {distancesFrom} from './sets.js';

interface Expected {
  readonly verification: {
    readonly auc: number;
    readonly accuracy: number;
    readonly balanced_accuracy: number;
    readonly tar_at_far: Readonly<Record<string, number>>;
  };
}

/** Symmetric matrices of few distinct distances, and labels with pairs of both kinds. */
const tied = fc
  .integer({min: 3, max: 12})
  .chain((n) =>
    fc.record({
      values: fc.array(fc.integer({min: 0, max: 6}), {minLength: n * n, maxLength: n * n}),
      labels: fc.array(fc.constantFrom('a', 'b', 'c'), {minLength: n, maxLength: n}),
    }),
  )
  .filter(({labels}) => new Set(labels).size > 1 && new Set(labels).size < labels.length)
  .map(({values, labels}) => {
    const n = labels.length;
    const matrix = labels.map((_, i) =>
      labels.map((_label, j) => (i === j ? 0 : (values[Math.min(i, j) * n + Math.max(i, j)] as number))),
    );
    return {matrix, labels};
  });

function pairsOf({matrix, labels}: {matrix: number[][]; labels: string[]}) {
  return labels.flatMap((_, first) =>
    labels
      .map((_label, second) => ({first, second, same: labels[first] === labels[second]}))
      .filter(({second}) => second > first)
      .map((pair) => ({...pair, distance: matrix[pair.first]?.[pair.second] as number})),
  );
}

describe('verification', () => {
  test('agrees with scikit-learn on the bundled embeddings', () => {
    const {auc, accuracy, balanced_accuracy, tar_at_far} =
      bundledJson<Expected>('embedding-distances.json').verification;
    const set = bundledSet();
    const distances = distancesIn(set, {measure: 'squared-l2', normalize: true});
    const found = verify(curveOfAllPairs(distances, identitiesOf(set.labels ?? [])), [0.1, 0.01, 0.001]);
    expect(found.auc).toBeCloseTo(auc, 12);
    expect(found.accuracy).toBeCloseTo(accuracy, 12);
    expect(found.balanced_accuracy).toBeCloseTo(balanced_accuracy, 12);
    expect(found.tar_at_far).toEqual(tar_at_far);
    expect([found.same_pairs + found.different_pairs, found.method]).toEqual([1770, 'exact']);
  });

  test.each(['exact', 'histogram'])('%s: is what all thresholds and pairs of pairs give, ties included', (method) => {
    fc.assert(
      fc.property(tied, fc.double({min: 0.01, max: 0.99, noNaN: true}), (given, rate) => {
        const pairs = pairsOf(given);
        const identities = identitiesOf(given.labels);
        const curve = curveOfAllPairs(distancesFrom(given.matrix), identities, method === 'exact' ? 1000 : 0);
        const found = verify(curve, [rate]);
        expect(found.method).toBe(method);
        const same = pairs.filter((pair) => pair.same).map(({distance}) => distance);
        const different = pairs.filter((pair) => !pair.same).map(({distance}) => distance);
        expect([found.same_pairs, found.different_pairs]).toEqual([same.length, different.length]);
        const wins = same.flatMap((s) => different.map((d): number => (s < d ? 1 : s === d ? 0.5 : 0)));
        expect(found.auc).toBeCloseTo(wins.reduce((sum, win) => sum + win, 0) / wins.length, 12);
        const at = [-1, 0, 1, 2, 3, 4, 5, 6].map((threshold) => ({
          tar: same.filter((distance) => distance <= threshold).length / same.length,
          far: different.filter((distance) => distance <= threshold).length / different.length,
        }));
        const right = at.map(({tar, far}) => (tar * same.length + (1 - far) * different.length) / pairs.length);
        expect(found.accuracy).toBeCloseTo(Math.max(...right), 12);
        expect(found.balanced_accuracy).toBeCloseTo(Math.max(...at.map(({tar, far}) => (tar + 1 - far) / 2)), 12);
        const allowed = at.filter(({far}) => far <= rate).map(({tar}) => tar);
        expect(found.tar_at_far[rate]).toBeCloseTo(Math.max(...allowed), 12);
        // The thresholds that are told do what is told of them.
        const accepts = (list: number[], threshold: number | null) =>
          threshold === null ? 0 : list.filter((distance) => distance <= threshold).length;
        const {threshold} = found;
        const decided = accepts(same, threshold) + different.length - accepts(different, threshold);
        expect(decided / pairs.length).toBeCloseTo(found.accuracy, 12);
        const limit = found.threshold_at_far[rate] ?? null;
        expect(accepts(same, limit) / same.length).toBeCloseTo(found.tar_at_far[rate] as number, 12);
      }),
      {numRuns: method === 'exact' ? 200 : 5},
    );
  });

  test('of listed pairs is of these alone', () => {
    const matrix = [
      [0, 1, 5],
      [1, 0, 2],
      [5, 2, 0],
    ];
    const list = [
      {first: 0, second: 1, same: true},
      {first: 0, second: 2, same: true},
      {first: 1, second: 2, same: false},
    ];
    const curve = curveOfPairs(distancesFrom(matrix), list);
    expect(curve).toMatchObject({same: 2, different: 1, auc: 0.5});
    expect(curveOfPairs(distancesFrom(matrix), list.slice(0, 2))).toBeNull();
  });

  test('accepts nothing where that is best', () => {
    const curve = curveOfAllPairs(
      distancesFrom([
        [0, 3, 1],
        [3, 0, 1],
        [1, 1, 0],
      ]),
      identitiesOf(['a', 'a', 'b']),
    );
    expect(verify(curve, [0.5])).toMatchObject({
      auc: 0,
      accuracy: 2 / 3,
      threshold: null,
      balanced_accuracy: 0.5,
      balanced_threshold: null,
      tar_at_far: {0.5: 0},
      threshold_at_far: {0.5: null},
    });
  });
});

describe('recall at k', () => {
  test('counts items of another identity that are as near or nearer', () => {
    fc.assert(
      fc.property(tied, fc.integer({min: 1, max: 12}), ({matrix, labels}, k) => {
        const ranks = ranksOfNearestPositive(distancesFrom(matrix), identitiesOf(labels));
        const hits = labels.flatMap((label, i) => {
          const others = labels.map((_, j) => j).filter((j) => j !== i);
          if (!others.some((j) => labels[j] === label)) return [];
          const distance = (j: number) => matrix[i]?.[j] as number;
          const order = others.sort(
            (a, b) => distance(a) - distance(b) || Number(labels[a] === label) - Number(labels[b] === label),
          );
          return [order.slice(0, k).some((j) => labels[j] === label) ? 1 : 0];
        });
        const mean = hits.reduce<number>((sum, hit) => sum + hit, 0) / hits.length;
        expect(recallAt(ranks, [k])[k]).toBeCloseTo(mean, 12);
      }),
    );
  });

  test('a collapsed embedding finds nothing', () => {
    const matrix = Array.from({length: 4}, () => [0, 0, 0, 0]);
    const ranks = ranksOfNearestPositive(distancesFrom(matrix), identitiesOf(['a', 'a', 'b', 'b']));
    expect(recallAt(ranks, [1, 2, 3])).toEqual({1: 0, 2: 0, 3: 1});
  });
});
