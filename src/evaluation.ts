import type {ReportComparison} from './compare.js';
import type {ConfigRequest} from './config/resolve.js';
import type {Report} from './report/report.js';
import type {Row} from './rows/row.js';
import type {ResumeMode} from './run/journal/run-journal.js';
import type {ImageWatch} from './run/model-images.js';
import type {StageSeconds} from './run/profile.js';
import type {CacheLookups} from './run/run-cache.js';
import type {Shard} from './samples/shard.js';

/** Where the config comes from beside the one given, and what a caller may watch and stop. */
export interface EvaluateOptions extends Omit<ConfigRequest, 'flags'>, ImageWatch {
  /**
   * Whether `Evaluation.rows` holds every row; by default where the run is awaited, not where its rows are iterated. Turn it
   * off for datasets that outgrow memory.
   */
  readonly keepRows?: boolean;
  /**
   * What is done with the rows that an interrupted run left in `report.dir`. `auto`: those that are still right are not
   * computed again; `never`: all are computed; `require`: UsageError where there are none. `auto` by default, `never`
   * with `descriptors`: the code of a loss that is given cannot be told from another.
   */
  readonly resume?: ResumeMode;
  /**
   * Scores one part of the dataset and writes its rows for `mergeShards`, in place of a report. Gates and the baseline
   * are left to the merge.
   */
  readonly shard?: Shard;
  /** Whether features and embeddings are taken from earlier runs and kept for later ones; true by default. */
  readonly cache?: boolean;
  /** Whether it is measured where the time goes (`Evaluation.stages`); false by default. */
  readonly profile?: boolean;
  /**
   * Called with a line for what was decided without being asked, such as the task, and for what is slower than it could be.
   * What one may have to act on ends in its code, as `[CVL-W012]`, which `cv-loss explain` knows.
   */
  readonly onNotice?: (line: string) => void;
  /** Called once, when the samples are known and before the first is scored; of whole sets, `samples` counts the items. */
  readonly onStart?: (run: {readonly samples: number; readonly task: string}) => void;
  /** Called for every row, in key order. */
  readonly onRow?: (row: Row) => void;
  /**
   * Stops the run between two batches, and no row is given after it: `evaluate` rejects with the signal's reason and leaves an
   * earlier report as it was.
   */
  readonly signal?: AbortSignal;
}

/** The result of a run. */
export interface Evaluation {
  /** What report.json holds. */
  readonly report: Report;
  /** Every row in key order; empty when `keepRows` is false. */
  readonly rows: readonly Row[];
  /** The worst samples of a column, worst first (at most 100). */
  worst(column: string, count: number): readonly {readonly key: string; readonly value: number}[];
  /** The comparison with the baseline; null without one. */
  readonly comparison: ReportComparison | null;
  /** Where the report was written; null when none was. */
  readonly reportDir: string | null;
  /** Of the whole run. */
  readonly seconds: number;
  /**
   * Images whose features or vectors were looked up in the cache, found there or computed; null when none was, and for a
   * set of a series, which shares them.
   */
  readonly cache: CacheLookups | null;
  /** Seconds by stage (`read`, `hash`, `decode`, a loss's id, `journal`), those of all threads added up; null where they were not measured. */
  readonly stages: StageSeconds | null;
}
