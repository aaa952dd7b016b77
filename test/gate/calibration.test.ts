import {expect, test} from 'vitest';
import {type Change, changeOf} from '../../src/gate/change.js';
import {judgeChanges} from '../../src/gate/verdict.js';
import {random} from '../losses/random.js';
import {NO_LIMIT, paired, verdictOf} from './paired.js';

/** Standard normal numbers (Box and Muller). */
function normals(seed: number): () => number {
  const next = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

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
