import {performance} from 'node:perf_hooks';
import {readBaseline} from './baseline.js';
import {type BegunRun, beginRun} from './begin-run.js';
import type {Config} from './config/config.js';
import {type ConfigInput, resolveConfig} from './config/resolve.js';
import {UsageError} from './errors.js';
import type {EvaluateOptions, Evaluation} from './evaluation.js';
import {type EvaluationRun, lastOf, runOf} from './evaluation-run.js';
import {openEvaluation} from './evaluation-session.js';
import {notice} from './notice.js';
import type {Row} from './rows/row.js';
import {Profile, timed} from './run/profile.js';
import type {RowKeeper} from './run/rows.js';

export type {EvaluateOptions, Evaluation} from './evaluation.js';
export type {EvaluationRun} from './evaluation-run.js';

/**
 * Scores a dataset: the config (keys as a config file writes them) says what, the report says how it went. Await it for the
 * whole, or iterate it for the rows, each as soon as it is there, and await it then:
 *
 * ```js
 * const run = evaluate({inputs: {pred: 'out', target: 'truth'}, losses: ['ssim']});
 * for await (const row of run) console.log(row.key, row.cells.ssim);
 * const {report} = await run;
 * ```
 *
 * Nothing is begun before the one or the other is asked for. Rows wait for whoever iterates: only so many samples are read
 * ahead as `max_memory` allows. Leaving the loop early ends the run as `signal` does: threads and tensors are freed, an
 * earlier report stays as it was, and the rows that were made are kept in `report.dir` for the next run.
 * From a program no report is written unless `config.report.dir` says where.
 * Rejects with UsageError for a mistake in the config or the environment (nothing was computed) and RunError when the
 * run could not finish; a sample that cannot be scored is a failed row, never an error.
 */
export function evaluate(input: ConfigInput, options: EvaluateOptions = {}): EvaluationRun {
  return runOf(async function* (iterated) {
    const config = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: input});
    if (config.series !== null)
      throw new UsageError('CVL-S018', 'series: evaluate scores one set of predictions, expected inputs.pred');
    return yield* evaluationRows(config, {keepRows: !iterated, ...options});
  }, options.signal);
}

/** Where the rows of a run come from, in key order: from this process, or from others. */
export type RowSource = (begun: BegunRun, keeper: RowKeeper | null) => AsyncIterable<Row>;

/** The same for a config that is resolved already. */
export async function evaluateConfig(
  config: Config,
  options: EvaluateOptions,
  rowsOf?: RowSource,
): Promise<Evaluation> {
  return lastOf(evaluationRows(config, options, rowsOf));
}

/** Every row in key order, then the evaluation. Cleans up wherever it is left. */
async function* evaluationRows(
  config: Config,
  options: EvaluateOptions,
  rowsOf: RowSource = (begun, keeper) => begun.run.rows(keeper),
): AsyncGenerator<Row, Evaluation> {
  const {
    keepRows = true,
    resume = options.descriptors ? 'never' : 'auto',
    onStart,
    onRow,
    signal = new AbortController().signal,
  } = options;
  const profile = options.profile ? new Profile() : undefined;
  const started = performance.now();
  const begun = await beginRun(config, {...options, signal, profile});
  try {
    const {shard, resolved} = begun;
    if (shard && resolved.baseline)
      options.onNotice?.(notice('CVL-W009', 'the baseline is left to the merge: cv-loss merge --baseline DIR'));
    const baseline = shard ? null : await readBaseline(resolved.baseline, [resolved.report.dir]);
    const session = await openEvaluation(begun, {...options, baseline, keepRows, resume, started, profile});
    let published = false;
    try {
      onStart?.({samples: begun.samples, task: begun.resolved.task});
      for await (const row of rowsOf(begun, session.keeper)) {
        await timed(profile, 'report', () => session.add(row));
        onRow?.(row);
        yield row;
      }
      const evaluation = await session.complete();
      await session.publish();
      published = true;
      return evaluation;
    } finally {
      // An error, or nobody wants the rest.
      if (!published) await session.abandon();
    }
  } finally {
    await begun.run.close();
  }
}
