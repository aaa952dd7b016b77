import {describe, expect, test} from 'vitest';
import {type Change, changeOf, type PairedColumn} from '../../src/gate/change.js';
import {judgeChanges} from '../../src/gate/verdict.js';
import {random} from '../losses/random.js';
import {comparison} from '../statistics/comparison.js';

const NO_LIMIT = {absolute: 0, relative: 0};

function paired(baseline: readonly number[], candidate: readonly number[], better: 'lower' | 'higher' = 'lower') {
  const column: PairedColumn = {
    name: 'mse',
    better,
    baseline: Float64Array.from(baseline),
    candidate: Float64Array.from(candidate),
  };
  return column;
}

const verdictOf = (column: PairedColumn, limit = NO_LIMIT) => judgeChanges([changeOf(column, limit)])[0]?.verdict;

/** Standard normal numbers (Box and Muller). */
function normals(seed: number): () => number {
  const next = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

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

describe('calibration', () => {
  const pairs = 40;

  /** Comparisons of runs that differ by noise and a shift in its standard deviations. */
  const verdicts = (count: number, size: number, shift: number) =>
    Array.from({length: count}, (_, i) => {
      const normal = normals(1000 + i);
      const base = Array.from({length: size}, () => normal() * 5);
      return verdictOf(
        paired(
          base,
          base.map((value) => value + normal() + shift),
        ),
      );
    });

  test('of 1,000 comparisons without a change at most 50 say worse', () => {
    expect(verdicts(1000, pairs, 0).filter((verdict) => verdict === 'worse').length).toBeLessThanOrEqual(50);
  }, 120_000);

  test('half a standard deviation on 200 pairs is found in at least 95 of 100', () => {
    expect(verdicts(100, 200, 0.5).filter((verdict) => verdict === 'worse').length).toBeGreaterThanOrEqual(95);
  }, 60_000);

  test('over twenty columns without a change, one in twenty comparisons at most says worse', () => {
    const families = Array.from({length: 100}, (_, family) => {
      const columns: Change[] = Array.from({length: 20}, (_, i) => {
        const normal = normals(50_000 + family * 20 + i);
        const base = Array.from({length: 15}, () => normal());
        return changeOf(
          paired(
            base,
            base.map((value) => value + normal()),
          ),
          NO_LIMIT,
        );
      });
      return judgeChanges(columns).some(({verdict}) => verdict === 'worse');
    });
    // Of 100 at 2.5 % each: more than 8 has a probability under 0.1 %.
    expect(families.filter(Boolean).length).toBeLessThanOrEqual(8);
  }, 120_000);
});
