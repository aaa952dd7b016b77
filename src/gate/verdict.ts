import {holmAdjusted} from '../statistics/holm.js';
import type {Change, Verdict} from './change.js';

/** Of a one-sided test, each side. */
const LEVEL = 0.025;

/** A column's change with its verdict. */
export interface JudgedChange extends Change {
  /** Holm-adjusted over the columns. */
  readonly pWorseAdjusted: number;
  readonly pBetterAdjusted: number;
  readonly verdict: Verdict;
}

/**
 * Judges the columns of one comparison together. `worse` (`better`): the one-sided test at 2.5 %, Holm-adjusted over
 * the columns, shows a change beyond the margin. `same`: nothing changed, or the whole interval lies within the margin.
 * Otherwise `inconclusive`: the pairs are too few or too different to tell.
 */
export function judgeChanges(changes: readonly Change[]): JudgedChange[] {
  const worse = holmAdjusted(changes.map(({pWorse}) => pWorse));
  const better = holmAdjusted(changes.map(({pBetter}) => pBetter));
  return changes.map((change, i) => {
    const [pWorseAdjusted, pBetterAdjusted] = [worse[i] as number, better[i] as number];
    return {...change, pWorseAdjusted, pBetterAdjusted, verdict: verdictOf(change, pWorseAdjusted, pBetterAdjusted)};
  });
}

function verdictOf(change: Change, pWorse: number, pBetter: number): Verdict {
  const {identical, pairs, infinite, ci95, margin} = change;
  if (pairs === 0) return 'inconclusive';
  if (identical) return 'same';
  if (pWorse <= LEVEL) return 'worse';
  if (pBetter <= LEVEL) return 'better';
  const isWithin = ci95 !== null && infinite === 0 && ci95[0] >= -margin && ci95[1] <= margin;
  return isWithin ? 'same' : 'inconclusive';
}
