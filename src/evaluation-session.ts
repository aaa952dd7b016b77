import {performance} from 'node:perf_hooks';
import {type Baseline, baselineReport} from './baseline.js';
import type {BegunRun} from './begin-run.js';
import type {Config} from './config/config.js';
import {gateRules} from './config/gates.js';
import {relativeTo} from './config/relative.js';
import {type PictureRequest, picturesOf} from './drawing/run-pictures.js';
import type {Evaluation} from './evaluation.js';
import {checkGates} from './gate/check.js';
import {buildReport, type ReportParts} from './report/build.js';
import type {FormatName} from './report/formats.js';
import {Ledger} from './report/ledger.js';
import {openReports} from './report/open.js';
import {shardFormat} from './report/shard.js';
import type {Row} from './rows/row.js';
import {type AggregatedLoss, Aggregator} from './run/aggregate.js';
import type {ResumeMode} from './run/journal/run-journal.js';
import type {Profile} from './run/profile.js';
import type {RowKeeper} from './run/rows.js';
import type {Run} from './run/start.js';
import {openPlace} from './run-place.js';
import {refuseOtherShard, type ShardOfDataset, shardHeader} from './shard-run.js';
import {version} from './version.js';

/** What an evaluation takes beside its run. */
export interface SessionOptions {
  /** What the paths of a report are relative to; the working directory by default. */
  readonly cwd?: string;
  /** What the run is compared with; null for nothing. */
  readonly baseline: Baseline | null;
  /** Whether `Evaluation.rows` holds every row. */
  readonly keepRows: boolean;
  /** What is done with the rows of an interrupted run. */
  readonly resume: ResumeMode;
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Where the time of the run goes, where that is measured. */
  readonly profile?: Profile | undefined;
  /** Ends the drawing of pictures; rows are not asked for it. */
  readonly signal?: AbortSignal | undefined;
  /** When the work began, as `performance.now()` says it. */
  readonly started: number;
}

/** A run as its evaluation sees it: what report.json says of it, and where its losses find their aggregates. */
export type SessionRun = Pick<ReportParts, 'device' | 'networks' | 'sources' | 'prepared' | 'columns'> & {
  readonly losses: readonly (AggregatedLoss & ReportParts['losses'][number])[];
};

/** What is evaluated. */
export interface Evaluated {
  /** What becomes rows, or became rows elsewhere. */
  readonly run: SessionRun | BegunRun['run'];
  readonly resolved: Pick<Config, 'baseline' | 'gates'> & {
    readonly report: PictureRequest & {readonly formats: readonly FormatName[]};
    readonly task: string;
  };
  /** As report.json records it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What the user gave, by role. */
  readonly roots: Readonly<Record<string, string>>;
  readonly missing: number;
  /** Rows go into the file of a shard in place of a report; null for a whole dataset. */
  readonly shard?: ShardOfDataset | null;
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
 * Opens the evaluation of a run: makes a place for every file of the report before anything is computed. Throws
 * UsageError where that cannot be.
 */
export async function openEvaluation(
  {run, resolved, config, roots: given, missing, shard = null}: Evaluated,
  {cwd, baseline, keepRows, started, resume, onNotice, profile, signal}: SessionOptions,
): Promise<EvaluationSession> {
  const {columns} = run;
  const {
    task,
    report: {dir, formats},
  } = resolved;
  const roots = relativeTo(cwd, given);
  const pictures = picturesOf(run, resolved.report, {isShard: shard !== null, onNotice});
  const own = shard &&
    isOfSamples(run) && [shardFormat(shardHeader({run, shard, task, config, roots, missing, formats}))];
  const requests = own
    ? [{dir, columns, formats: [], own}]
    : [...baselineReport(resolved.baseline, columns), {dir, formats, columns, folders: pictures?.folders ?? []}];
  if (dir !== null && shard) await refuseOtherShard(dir, shard, cwd);
  const place = await openPlace(run, {dir, cwd, config, resume, onNotice});
  const report = await openReports(requests).catch(async (error: unknown) => {
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
      pictures?.add(row);
      await report.row(row);
      if (keepRows || baseline) rows.push(row);
    },
    async complete() {
      await aggregates.complete();
      const results = aggregates.results();
      const countWithin = aggregates.countWithin.bind(aggregates);
      const ruled = shard ? [] : checkGates(gateRules(resolved.gates), {...results, countWithin});
      const comparison = (await baseline?.compare({...run, version, config, rows})) ?? null;
      const content = buildReport({
        ...run,
        gates: [...ruled, ...(comparison?.gates ?? [])],
        version,
        config,
        roots,
        missing,
        results,
        ledger,
      });
      const seconds = (performance.now() - started) / 1000;
      const cache = 'lookups' in run ? run.lookups() : null;
      const timing = {seconds, samples_per_second: ledger.count / seconds, restored_rows: place.restoredRows};
      const drawn = {summary: results.summary, changes: comparison?.columns ?? null, rows};
      const gallery = (await pictures?.draw(report, drawn, {onNotice, signal})) ?? null;
      const stages = profile?.take() ?? null;
      await report.end(content, {...timing, ...(cache && {cache}), ...(stages && {stages})}, gallery);
      const worst = (column: string, count: number) => aggregates.worst(column, count);
      const kept = keepRows ? rows : [];
      return {report: content, rows: kept, worst, comparison, reportDir: dir, seconds, cache, stages};
    },
    async publish() {
      await place.check();
      await report.publish();
      await place.finish();
    },
    async abandon() {
      await report.abandon();
      await place.leave();
    },
  };
}

function isOfSamples(run: Evaluated['run']): run is Run {
  return 'samples' in run;
}
