import {performance} from 'node:perf_hooks';
import {baselineReport, readBaseline} from './baseline.js';
import {beginRun} from './begin-run.js';
import {gateRules} from './config/gates.js';
import {relativeTo} from './config/relative.js';
import {type ConfigInput, plainConfig, resolveConfig} from './config/resolve.js';
import type {EvaluateOptions, Evaluation} from './evaluation.js';
import {checkGates} from './gate/check.js';
import {buildReport} from './report/build.js';
import {Ledger} from './report/ledger.js';
import {openReports} from './report/open.js';
import type {Row} from './rows/row.js';
import {Aggregator} from './run/aggregate.js';
import {version} from './version.js';

export type {EvaluateOptions, Evaluation} from './evaluation.js';

/**
 * Scores a dataset: the config (keys as a config file writes them) says what, the report says how it went.
 * From a program no report is written unless `config.report.dir` says where.
 * Throws UsageError for a mistake in the config or the environment (nothing was computed) and RunError when the
 * run could not finish; a sample that cannot be scored is a failed row, never a throw.
 */
export async function evaluate(input: ConfigInput, options: EvaluateOptions = {}): Promise<Evaluation> {
  const {keepRows = true, onStart, onRow, signal = new AbortController().signal} = options;
  const started = performance.now();
  const written = await resolveConfig({from: 'options', defaultReportDir: null, ...options, flags: input});
  const {run, resolved, samples, roots, missing} = await beginRun(written, {...options, signal});
  try {
    const baseline = await readBaseline(resolved.baseline, resolved.report.dir);
    const {columns} = run;
    const report = await openReports([...baselineReport(resolved.baseline, columns), {...resolved.report, columns}]);
    try {
      onStart?.({samples, task: resolved.task});
      const aggregates = new Aggregator(run.columns, run.losses);
      const ledger = new Ledger();
      const rows: Row[] = [];
      for await (const row of run.rows()) {
        aggregates.add(row);
        ledger.add(row);
        await report.row(row);
        if (keepRows || baseline) rows.push(row);
        onRow?.(row);
      }
      await aggregates.complete();
      const results = aggregates.results();
      const config = plainConfig(resolved, options.cwd);
      const countWithin = aggregates.countWithin.bind(aggregates);
      const ruled = checkGates(gateRules(resolved.gates), {...results, countWithin});
      const comparison = (await baseline?.compare({...run, version, config, rows})) ?? null;
      const content = buildReport({
        ...run,
        gates: [...ruled, ...(comparison?.gates ?? [])],
        version,
        config,
        roots: relativeTo(options.cwd, roots),
        missing,
        results,
        ledger,
      });
      const seconds = (performance.now() - started) / 1000;
      await report.finish(content, {seconds, samples_per_second: ledger.count / seconds});
      const worst = (column: string, count: number) => aggregates.worst(column, count);
      const kept = keepRows ? rows : [];
      return {report: content, rows: kept, worst, comparison, reportDir: resolved.report.dir, seconds};
    } catch (error) {
      await report.abandon();
      throw error;
    }
  } finally {
    await run.close();
  }
}
