import type {EvaluateOptions, Evaluation} from './evaluation.js';
import type {SeriesReport} from './report/series/series-report.js';
import type {Row} from './rows/row.js';

/** What a caller of `evaluateSeries` may watch and stop; see EvaluateOptions. */
export interface SeriesOptions extends Omit<EvaluateOptions, 'onStart' | 'onRow'> {
  /** Called once, before the first sample is scored; `rows` counts those of all sets. */
  readonly onStart?: (run: {readonly sets: readonly string[]; readonly rows: number; readonly task: string}) => void;
  /** Called for every row; those of each set come in key order, the sets in turns. */
  readonly onRow?: (set: string, row: Row) => void;
}

/** The result of a series. */
export interface SeriesEvaluation {
  /** What series.json holds: every loss by set, and which set is best. */
  readonly series: SeriesReport;
  /** The evaluation of each set, as `evaluate` gives it, in natural order of the names. */
  readonly sets: readonly {readonly name: string; readonly evaluation: Evaluation}[];
  /** Where the reports were written, each set's in a directory of its name; null when none was. */
  readonly reportDir: string | null;
  /** Of all sets. */
  readonly seconds: number;
}
