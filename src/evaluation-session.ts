import {performance} from 'node:perf_hooks';
import {baselineReport, readBaseline} from './baseline.js';
import type {BegunRun} from './begin-run.js';
import {gateRules} from './config/gates.js';
import {plainConfig} from './config/plain.js';
import {relativeTo} from './config/relative.js';
import type {Evaluation} from './evaluation.js';
import {checkGates} from './gate/check.js';
import {buildReport} from './report/build.js';
import {Ledger} from './report/ledger.js';
import {openReports} from './report/open.js';
import type {Row} from './rows/row.js';
import {Aggregator} from './run/aggregate.js';
import type {ResumeMode} from './run/journal/run-journal.js';
import type {RowKeeper} from './run/rows.js';
import {openPlace} from './run-place.js';
import {version} from './version.js';

/** What an evaluation takes beside its run. */
export interface SessionOptions {
  /** What the paths of a report are relative to; the working directory by default. */
  readonly cwd?: string;
  /** Whether `Evaluation.rows` holds every row. */
  readonly keepRows: boolean;
  /** What is done with the rows of an interrupted run. */
  readonly resume: ResumeMode;
  readonly onNotice?: ((line: string) => void) | undefined;
  /** When the work began, as `performance.now()` says it. */
  readonly started: number;
}

/** A run being evaluated: rows go in, in key order, and its report comes out. Await every call. */
export interface EvaluationSession {
  /** Keeps rows as they are made, for a run that is cut short; null where there is no place for them. */
  readonly keeper: RowKeeper | null;
  /** Takes the next row: into the aggregates and the files of the report. Throws RunError when the disk is full, lost or the like. */
  add(row: Row): Promise<void>;
  /** After the last row: aggregates, gates and the comparison, and every file of the report whole on the disk, without its name. */
  complete(): Promise<Evaluation>;
  /** After `complete`: the files take their names. */
  publish(): Promise<void>;
  /** Throws away what was written; an earlier report stays as it was. Nothing after `publish`. Never throws. */
  abandon(): Promise<void>;
}

/**
 * Opens the evaluation of a run: reads the baseline, and makes a place for every file of the report before anything is
 * computed. Throws UsageError for what is wrong with either.
 */
export async function openEvaluation(
  {run, resolved, roots, missing}: BegunRun,
  {cwd, keepRows, started, resume, onNotice}: SessionOptions,
): Promise<EvaluationSession> {
  const baseline = await readBaseline(resolved.baseline, resolved.report.dir);
  const {columns} = run;
  const {dir} = resolved.report;
  const config = plainConfig(resolved, cwd);
  const place = await openPlace(run, {dir, cwd, config, resume, onNotice});
  const report = await openReports([
    ...baselineReport(resolved.baseline, columns),
    {...resolved.report, columns},
  ]).catch(async (error: unknown) => {
    await place.leave();
    throw error;
  });
  const aggregates = new Aggregator(columns, run.losses);
  const ledger = new Ledger();
  const rows: Row[] = [];
  return {
    keeper: place.keeper,
    async add(row) {
      aggregates.add(row);
      ledger.add(row);
      await report.row(row);
      if (keepRows || baseline) rows.push(row);
    },
    async complete() {
      await aggregates.complete();
      const results = aggregates.results();
      const countWithin = aggregates.countWithin.bind(aggregates);
      const ruled = checkGates(gateRules(resolved.gates), {...results, countWithin});
      const comparison = (await baseline?.compare({...run, version, config, rows})) ?? null;
      const content = buildReport({
        ...run,
        gates: [...ruled, ...(comparison?.gates ?? [])],
        version,
        config,
        roots: relativeTo(cwd, roots),
        missing,
        results,
        ledger,
      });
      const seconds = (performance.now() - started) / 1000;
      const timing = {seconds, samples_per_second: ledger.count / seconds, restored_rows: place.restoredRows};
      await report.end(content, timing);
      const worst = (column: string, count: number) => aggregates.worst(column, count);
      const kept = keepRows ? rows : [];
      return {report: content, rows: kept, worst, comparison, reportDir: dir, seconds};
    },
    async publish() {
      await report.publish();
      await place.finish();
    },
    async abandon() {
      await report.abandon();
      await place.leave();
    },
  };
}
