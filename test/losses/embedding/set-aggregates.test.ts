import {expect, test} from 'vitest';
import {recallAggregate} from '../../../src/losses/embedding/set-aggregates.js';
import {datasetOf, setOf} from './runs.js';

test('recall is that of the distance asked for, whichever was asked for before', () => {
  // Long vectors of one direction are near by angle and far by distance; short ones the other way round.
  const vectors = [
    [1, 0],
    [9, 0],
    [0, 1],
    [0, 9],
  ];
  const labels = ['right', 'right', 'up', 'up'];
  const of = (dataset: ReturnType<typeof datasetOf>, measure: 'l2' | 'squared-l2' | 'cosine', normalize = false) =>
    recallAggregate(dataset, 'triplet', {measure, normalize}, [1]).recall_at_k?.[1];
  const dataset = datasetOf({set: setOf(vectors, labels)});
  // By distance [1, 0] and [0, 1] are each other's nearest, and the nearest of [9, 0] is [1, 0].
  expect(of(dataset, 'l2')).toBe(0.5);
  expect(of(dataset, 'cosine')).toBe(1);
  expect(of(dataset, 'l2', true)).toBe(1);
  expect(of(dataset, 'squared-l2')).toBe(0.5);
  expect(recallAggregate(dataset, 'triplet', {measure: 'l2', normalize: false}, [])).toEqual({});
});
