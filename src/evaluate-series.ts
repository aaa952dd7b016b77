import {performance} from 'node:perf_hooks';
import {readBaseline} from './baseline.js';
import {beginSeries} from './begin-series.js';
import type {Config} from './config/config.js';
import {type ConfigInput, resolveConfig} from './config/resolve.js';
import {UsageError} from './errors.js';
import {rowsInStep} from './run/in-step.js';
import type {SeriesEvaluation, SeriesOptions} from './series-evaluation.js';
import {openSeriesSession} from './series-session.js';

export type {SeriesEvaluation, SeriesOptions} from './series-evaluation.js';

/**
 * Scores several prediction sets against one target, to choose among checkpoints: `series` of the config, a glob whose
 * matches are directories or a list of such, takes the place of `inputs.pred`. Targets are decoded once for all sets, and
 * on the CPU their features are computed once. Each set's report is that of a run of its own; when one file of any report
 * cannot be written whole, all earlier reports stay as they were.
 * From a program no report is written unless `config.report.dir` says where. Throws as `evaluate` does.
 *
 * ```js
 * const {series} = await evaluateSeries({series: 'runs/epoch-*', inputs: {target: 'truth'}});
 * series.columns.find(({name}) => name === 'ssim').best; // ['epoch-7']
 * ```
 */
export async function evaluateSeries(input: ConfigInput, options: SeriesOptions = {}): Promise<SeriesEvaluation> {
  const config = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: input});
  if (config.series === null)
    throw new UsageError('CVL-S018', 'series: expected the prediction sets, such as runs/epoch-*/out');
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
    profile = false,
    shard,
    ...request
  } = options;
  for (const [flag, given] of Object.entries({'--shard': shard, '--profile': profile})) {
    if (given)
      throw new UsageError('CVL-A007', `${flag} is for one set of predictions: score the sets of a series one by one`);
  }
  const started = performance.now();
  const begun = await beginSeries(config, {...request, signal});
  const {sets, resources} = begun;
  try {
    const dirs = sets.map(({resolved}) => resolved.report.dir);
    const baseline = await readBaseline(config.baseline, [config.report.dir, ...dirs]);
    const session = await openSeriesSession(begun, config.report, {
      ...request,
      signal,
      baseline,
      keepRows,
      resume,
      started,
    });
    try {
      const rows = sets.reduce((sum, {samples}) => sum + samples, 0);
      onStart?.({sets: sets.map(({name}) => name), rows, task: sets[0]?.resolved.task ?? config.task});
      const runs = sets.map(({run}, i) => ({run, keeper: session.keepers[i] ?? null}));
      for await (const {run, row} of rowsInStep(runs, {...resources, batchSize: config.batch_size})) {
        await session.add(run, row);
        onRow?.(sets[run]?.name ?? '', row);
      }
      const evaluation = await session.complete();
      await session.publish();
      return evaluation;
    } catch (error) {
      await session.abandon();
      throw error;
    }
  } finally {
    await begun.close();
  }
}
