import type {ChangeLimit} from './gate/change.js';
import {gatesPass} from './gate/check.js';
import {type Comparison, compareRuns} from './gate/compare.js';
import {type Circumstances, differencesOf} from './gate/differences.js';
import type {ComparedRun} from './gate/pair-rows.js';
import type {GateLevel} from './gate/rule.js';
import {readReport} from './report/read.js';

/** By how much a mean may worsen; the larger of the two counts. */
export interface LimitInput {
  /** In the units of the column. */
  readonly absolute?: number | undefined;
  /** A share of the baseline's mean. */
  readonly relative?: number | undefined;
}

/** How two reports are compared. */
export interface CompareRequest {
  /** By how much a column's mean may worsen, by column. */
  readonly limits?: Readonly<Record<string, LimitInput>>;
  /** The limit of every other column; without one, only what the test shows counts. */
  readonly limit?: LimitInput;
  /** `error` (default) or `warn`. */
  readonly level?: GateLevel;
}

/** Two reports compared: see Comparison. */
export interface ReportComparison extends Comparison {
  /** What differs in how the numbers were made: version, device, weights, options. */
  readonly differences: readonly string[];
  /** Whether every gate passed, those of level `warn` apart. */
  readonly passed: boolean;
}

/**
 * Compares the report of a candidate with that of a baseline: rows are joined by key, each column is judged by a paired
 * sign-flip test at 2.5 % (Holm-adjusted over the columns) with a bootstrap interval of the mean difference.
 * Throws UsageError for a directory that holds no whole report.
 */
export async function compareReports(
  baselineDir: string,
  candidateDir: string,
  request: CompareRequest = {},
): Promise<ReportComparison> {
  const baseline = await readReport(baselineDir);
  const candidate = await readReport(candidateDir);
  const run = ({report, rows}: typeof baseline) => ({...report, rows: rows()});
  return compareWith(run(baseline), run(candidate), request);
}

/** The same for runs at hand. */
export async function compareWith(
  baseline: ComparedRun & Circumstances,
  candidate: ComparedRun & Circumstances,
  {limits = {}, limit, level = 'error'}: CompareRequest,
): Promise<ReportComparison> {
  const whole = ({absolute = 0, relative = 0}: LimitInput): ChangeLimit => ({absolute, relative});
  const comparison = await compareRuns(baseline, candidate, {
    limits: new Map(Object.entries(limits).map(([column, given]) => [column, whole(given)])),
    default: limit === undefined ? null : whole(limit),
    level,
  });
  return {
    ...comparison,
    differences: differencesOf(baseline, candidate),
    passed: gatesPass(comparison.gates),
  };
}
