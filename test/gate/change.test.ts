import {describe, expect, test} from 'vitest';
import {changeOf} from '../../src/gate/change.js';
import {comparison} from '../statistics/comparison.js';
import {NO_LIMIT, paired, verdictOf} from './paired.js';

test.each(Object.entries(comparison.sign_flip))("%s: the test is scipy's of the differences", (name, set) => {
  const zeros = set.differences.map(() => 0);
  const lower = changeOf(paired(zeros, set.differences), NO_LIMIT);
  const higher = changeOf(paired(zeros, set.differences, 'higher'), NO_LIMIT);
  const within = set.differences.length <= 13 ? 1e-12 : 0.02;
  expect(Math.abs(lower.pWorse - set.greater), name).toBeLessThan(within);
  expect(Math.abs(lower.pBetter - set.less), name).toBeLessThan(within);
  expect(Math.abs(higher.pWorse - set.less), name).toBeLessThan(within);
});

describe('verdicts', () => {
  const before = Array.from({length: 20}, (_, i) => 0.1 + i / 100);
  const raised = before.map((value) => value + 0.01);

  test.each([
    ['lower', raised, 'worse'],
    ['higher', raised, 'better'],
    ['lower', before, 'same'],
    ['lower', before.map((value, i) => value + (i % 2 === 0 ? 0.01 : -0.01)), 'inconclusive'],
  ] as const)('%s is better: %#', (better, after, verdict) => {
    expect(verdictOf(paired(before, after, better))).toBe(verdict);
  });

  test('a change within the margin is none, one beyond it is', () => {
    expect(verdictOf(paired(before, raised), {absolute: 0.02, relative: 0})).toBe('same');
    expect(verdictOf(paired(before, raised), {absolute: 0.005, relative: 0})).toBe('worse');
    // The mean of `before` is 0.195.
    expect(verdictOf(paired(before, raised), {absolute: 0, relative: 0.1})).toBe('same');
    expect(verdictOf(paired(before, raised), {absolute: 0, relative: 0.03})).toBe('worse');
  });

  test('five pairs cannot show a change at this level, six can', () => {
    expect(verdictOf(paired(before.slice(0, 5), raised.slice(0, 5)))).toBe('inconclusive');
    expect(verdictOf(paired(before.slice(0, 6), raised.slice(0, 6)))).toBe('worse');
  });

  test('no pairs: inconclusive', () => {
    expect(verdictOf(paired([], []))).toBe('inconclusive');
  });
});

describe('infinite ranks above finite', () => {
  const infinite = Array.from({length: 8}, () => Number.POSITIVE_INFINITY);
  const finite = infinite.map((_, i) => 30 + i);

  test('PSNR that was infinite and is finite is worse, and the other way round better', () => {
    expect(verdictOf(paired(infinite, finite, 'higher'))).toBe('worse');
    expect(verdictOf(paired(finite, infinite, 'higher'))).toBe('better');
  });

  test('means and interval are of the finite pairs, the rest is counted', () => {
    const change = changeOf(paired([30, 40, Number.POSITIVE_INFINITY], [31, 42, 50], 'higher'), NO_LIMIT);
    expect(change).toMatchObject({
      pairs: 3,
      infinite: 1,
      baseline: 35,
      candidate: 36.5,
      difference: 1.5,
      worsening: -1.5,
    });
  });

  test('infinite in both is no change', () => {
    expect(verdictOf(paired(infinite, infinite, 'higher'))).toBe('same');
  });
});

describe('of few pairs', () => {
  test('two have an interval, one has none, and none has no p-value under 1', () => {
    expect(changeOf(paired([1, 2], [2, 4]), NO_LIMIT).ci95).toEqual([1, 2]);
    expect(changeOf(paired([1], [2]), NO_LIMIT).ci95).toBeNull();
    expect(changeOf(paired([], []), NO_LIMIT)).toMatchObject({
      pairs: 0,
      baseline: null,
      candidate: null,
      difference: null,
      worsening: null,
      pWorse: 1,
      pBetter: 1,
    });
  });

  test('a pair that changed among others that did not: not the same', () => {
    expect(changeOf(paired([1, 2, 3], [1, 2, 4]), NO_LIMIT).identical).toBe(false);
    expect(changeOf(paired([1, 2, 3], [1, 2, 3]), NO_LIMIT).identical).toBe(true);
  });
});
