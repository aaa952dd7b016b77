import {changeOf, type PairedColumn} from '../../src/gate/change.js';
import {judgeChanges} from '../../src/gate/verdict.js';

/** A limit that no worsening is within. */
export const NO_LIMIT = {absolute: 0, relative: 0};

/** A column `mse` with its values in both runs. */
export function paired(
  baseline: readonly number[],
  candidate: readonly number[],
  better: 'lower' | 'higher' = 'lower',
): PairedColumn {
  return {name: 'mse', better, baseline: Float64Array.from(baseline), candidate: Float64Array.from(candidate)};
}

/** What a comparison of this column alone says. */
export function verdictOf(column: PairedColumn, limit = NO_LIMIT) {
  return judgeChanges([changeOf(column, limit)])[0]?.verdict;
}
