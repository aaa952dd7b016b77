import {expect, test} from 'vitest';
import type {Change} from '../../src/gate/change.js';
import {judgeChanges} from '../../src/gate/verdict.js';

const undecided: Change = {
  name: 'mse',
  better: 'lower',
  pairs: 20,
  infinite: 0,
  baseline: 1,
  candidate: 1,
  difference: 0,
  ci95: [-0.1, 0.1],
  worsening: 0,
  margin: 0.1,
  pWorse: 0.5,
  pBetter: 0.5,
  identical: false,
};

const verdict = (changes: Partial<Change>) => judgeChanges([{...undecided, ...changes}])[0]?.verdict;

test.each([
  ['no pair, whatever else', {pairs: 0, identical: true}, 'inconclusive'],
  ['the same numbers', {identical: true, pWorse: 0.001}, 'same'],
  ['worse at the level', {pWorse: 0.025}, 'worse'],
  ['worse next above it', {pWorse: 0.0251}, 'same'],
  ['better at the level', {pBetter: 0.025}, 'better'],
  ['better next above it', {pBetter: 0.0251}, 'same'],
  ['an interval that is the margin', {}, 'same'],
  ['an interval beyond it above', {ci95: [-0.1, 0.11]}, 'inconclusive'],
  ['an interval beyond it below', {ci95: [-0.11, 0.1]}, 'inconclusive'],
  ['an infinite change', {infinite: 1}, 'inconclusive'],
  ['an infinite change, the interval beyond the margin', {infinite: 1, ci95: [-0.2, 0]}, 'inconclusive'],
  ['no interval', {ci95: null}, 'inconclusive'],
] as const)('%s: %o is %s', (_, changes, expected) => {
  expect(verdict(changes)).toBe(expected);
});

test("several columns are judged by Holm's adjusted p-values", () => {
  const judged = judgeChanges([
    {...undecided, name: 'a', pWorse: 0.02},
    {...undecided, name: 'b', pWorse: 0.001},
    {...undecided, name: 'c', pBetter: 0.02},
  ]);
  // Of three: 0.001 × 3, then 0.02 × 2, then 0.5 × 1.
  expect(judged.map(({pWorseAdjusted}) => pWorseAdjusted)).toEqual([0.04, 0.003, 0.5]);
  expect(judged.map((column) => column.verdict)).toEqual(['same', 'worse', 'same']);
});
