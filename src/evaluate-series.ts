import {performance} from 'node:perf_hooks';
import {readBaseline} from './baseline.js';
import {type BegunSeries, beginSeries} from './begin-series.js';
import type {Config} from './config/config.js';
import {relativePath} from './config/relative.js';
import {type ConfigInput, resolveConfig} from './config/resolve.js';
import {UsageError} from './errors.js';
import type {EvaluateOptions, Evaluation} from './evaluation.js';
import {type EvaluationSession, openEvaluation} from './evaluation-session.js';
import {buildSeries} from './report/series/build-series.js';
import {openSeries} from './report/series/open-series.js';
import type {SeriesReport} from './report/series/series-report.js';
import type {Row} from './rows/row.js';
import {rowsInStep} from './run/in-step.js';
import {version} from './version.js';

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
  readonly seconds: number;
}

/**
 * Scores several prediction sets against one target, to choose among checkpoints: `series` of the config, a glob whose
 * matches are directories or a list of such, takes the place of `inputs.pred`. Targets are decoded once for all sets, and
 * on the CPU their features are computed once. Each set's report is that of a run of its own; when one file of any report
 * cannot be written whole, all earlier reports stay as they were.
 * From a program no report is written unless `config.report.dir` says where. Throws as `evaluate` does.
 *
 *     const {series} = await evaluateSeries({series: 'runs/epoch-*', inputs: {target: 'truth'}});
 *     series.columns.find(({name}) => name === 'ssim').best; // ['epoch-7']
 */
export async function evaluateSeries(input: ConfigInput, options: SeriesOptions = {}): Promise<SeriesEvaluation> {
  const config = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: input});
  if (config.series === null) throw new UsageError('series: expected the prediction sets, such as runs/epoch-*/out');
  return evaluateSeriesConfig(config, options);
}

/** The same for a config that is resolved already. */
export async function evaluateSeriesConfig(config: Config, options: SeriesOptions): Promise<SeriesEvaluation> {
  const {
    keepRows = true,
    resume = options.descriptors ? 'never' : 'auto',
    onStart,
    onRow,
    signal = new AbortController().signal,
    ...request
  } = options;
  if (options.shard)
    throw new UsageError('--shard is for one set of predictions: score the sets of a series one by one');
  const started = performance.now();
  const begun = await beginSeries(config, {...request, signal});
  const {sets, resources} = begun;
  const sessions: EvaluationSession[] = [];
  try {
    const baseline = await readBaseline(config.baseline, [
      config.report.dir,
      ...sets.map(({resolved}) => resolved.report.dir),
    ]);
    const report = await openSeries(config.report);
    try {
      for (const set of sets)
        sessions.push(await openEvaluation(set, {...request, baseline, keepRows, resume, started}));
      const rows = sets.reduce((sum, {samples}) => sum + samples, 0);
      onStart?.({sets: sets.map(({name}) => name), rows, task: sets[0]?.resolved.task ?? config.task});
      const runs = sets.map(({run}, i) => ({run, keeper: sessions[i]?.keeper ?? null}));
      for await (const {run, row} of rowsInStep(runs, {...resources, batchSize: config.batch_size})) {
        await sessions[run]?.add(row);
        onRow?.(sets[run]?.name ?? '', row);
      }
      const evaluations: Evaluation[] = [];
      for (const session of sessions) evaluations.push(await session.complete());
      const named = evaluations.map((evaluation, i) => ({name: sets[i]?.name ?? '', evaluation}));
      const reported = named.map(({name, evaluation}, i) => ({
        name,
        pred: relativePath(options.cwd, sets[i]?.path ?? ''),
        report: evaluation.report,
      }));
      const series = buildSeries(reported, {version, samples: countKeys(begun)});
      const seconds = (performance.now() - started) / 1000;
      const passes = await resources.networks.passes();
      await report.end(series, {seconds, rows, files_decoded: resources.files.decoded, network_passes: passes});
      // Every file is whole by now: from here on they only take their names.
      for (const session of sessions) await session.publish();
      await report.publish();
      return {series, sets: named, reportDir: config.report.dir, seconds};
    } catch (error) {
      for (const session of sessions) await session.abandon();
      await report.abandon();
      throw error;
    }
  } finally {
    await begun.close();
  }
}

/** Keys that some set has, and those that all have. */
function countKeys({sets}: BegunSeries): SeriesReport['samples'] {
  const counts = new Map<string, number>();
  for (const {run} of sets) for (const {key} of run.samples) counts.set(key, (counts.get(key) ?? 0) + 1);
  return {any: counts.size, all: [...counts.values()].filter((count) => count === sets.length).length};
}
