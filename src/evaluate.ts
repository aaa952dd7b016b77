import {performance} from 'node:perf_hooks';
import {maskClasses} from './config/classes.js';
import {type Config, requiredRoles, usedReadings} from './config/config.js';
import {relativeTo} from './config/relative.js';
import {type ConfigInput, type ConfigRequest, plainConfig, resolveConfig} from './config/resolve.js';
import {buildReport} from './report/build.js';
import {Ledger} from './report/ledger.js';
import {openReport} from './report/open.js';
import type {Report} from './report/report.js';
import type {Row} from './rows/row.js';
import {Aggregator} from './run/aggregate.js';
import {firstPairIsMasks} from './run/first-pair.js';
import {runSettings} from './run/settings.js';
import {startRun} from './run/start.js';
import {gatherSamples} from './samples/gather.js';
import {sampleSources} from './samples/sources.js';
import {version} from './version.js';

/** Where the config comes from beside the one given, and what a caller may watch and stop. */
export interface EvaluateOptions extends Omit<ConfigRequest, 'flags'> {
  /** Whether `Evaluation.rows` holds every row; true by default. Turn it off for datasets that outgrow memory. */
  readonly keepRows?: boolean;
  /** Called with a line for what was decided without being asked, such as the task. */
  readonly onNotice?: (line: string) => void;
  /** Called once, when the samples are known and before the first is read. */
  readonly onStart?: (run: {readonly samples: number}) => void;
  /** Called for every row, in key order. */
  readonly onRow?: (row: Row) => void;
  /** Stops the run between two batches: `evaluate` rejects with the signal's reason and leaves an earlier report as it was. */
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
  /** Where the report was written; null when none was. */
  readonly reportDir: string | null;
  readonly seconds: number;
}

/**
 * Scores a dataset: the config (keys as a config file writes them) says what, the report says how it went.
 * From a program no report is written unless `config.report.dir` says where.
 * Throws UsageError for a mistake in the config or the environment (nothing was computed) and RunError when the
 * run could not finish; a sample that cannot be scored is a failed row, never a throw.
 */
export async function evaluate(config: ConfigInput, options: EvaluateOptions = {}): Promise<Evaluation> {
  const {keepRows = true, onStart, onRow, onNotice, signal = new AbortController().signal} = options;
  const started = performance.now();
  const written = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: config});
  const masks = maskClasses(written);
  const roles = {required: requiredRoles(written), used: usedReadings(written).keys()};
  const table = await gatherSamples(await sampleSources({...written, ...masks}, roles, options.stdin));
  const settingsOf = (of: Config) => runSettings({...of, ...masks}, options.cwd);
  const asMasks = written.forMasks !== null && (await firstPairIsMasks(table.samples, settingsOf(written)));
  const resolved = asMasks && written.forMasks ? await written.forMasks() : written;
  if (asMasks) onNotice?.('the first pair looks like masks: scored as --task mask (--task photo compares pixels)');
  const run = await startRun(settingsOf(resolved), table, signal);
  try {
    const report = await openReport({...resolved.report, columns: run.columns});
    try {
      onStart?.({samples: table.samples.length});
      const aggregates = new Aggregator(run.columns, run.losses);
      const ledger = new Ledger();
      const rows: Row[] = [];
      for await (const row of run.rows()) {
        aggregates.add(row);
        ledger.add(row);
        await report.row(row);
        if (keepRows) rows.push(row);
        onRow?.(row);
      }
      const content = buildReport({
        ...run,
        version,
        config: plainConfig(resolved, options.cwd),
        roots: relativeTo(options.cwd, table.roots),
        missing: table.missing.length,
        aggregates,
        ledger,
      });
      const seconds = (performance.now() - started) / 1000;
      await report.finish(content, {seconds, samples_per_second: ledger.count / seconds});
      const worst = (column: string, count: number) => aggregates.worst(column, count);
      return {report: content, rows, worst, reportDir: resolved.report.dir, seconds};
    } catch (error) {
      await report.abandon();
      throw error;
    }
  } finally {
    run.close();
  }
}
