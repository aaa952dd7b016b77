import {performance} from 'node:perf_hooks';
import type {BegunSeries} from './begin-series.js';
import {relativePath} from './config/relative.js';
import {SeriesPictures} from './drawing/series-pictures.js';
import type {Evaluation} from './evaluation.js';
import {type EvaluationSession, openEvaluation, type SessionOptions} from './evaluation-session.js';
import {buildSeries} from './report/series/build-series.js';
import {openSeries, type SeriesWriter} from './report/series/open-series.js';
import type {SeriesReport} from './report/series/series-report.js';
import type {GalleryRuns} from './rows/gallery.js';
import type {Row} from './rows/row.js';
import {lookupsOf} from './run/run-cache.js';
import type {SeriesEvaluation} from './series-evaluation.js';
import {version} from './version.js';

/** The report of a series, as the config asks for it. */
type SeriesRequest = Parameters<typeof openSeries>[0] & {readonly gallery: number};

/** The sets of a series being evaluated side by side: see EvaluationSession. Await every call. */
export interface SeriesSession {
  /** Who keeps the rows of each set. */
  readonly keepers: readonly EvaluationSession['keeper'][];
  /** Takes the next row of a set, by its place among them. */
  add(set: number, row: Row): Promise<void>;
  /** After the last row: every set's report and the table of them all whole on the disk, without their names. */
  complete(): Promise<SeriesEvaluation>;
  publish(): Promise<void>;
  abandon(): Promise<void>;
}

/** Opens the evaluation of every set, and of them all. Throws as `openEvaluation` does; nothing is left open then. */
export async function openSeriesSession(
  begun: BegunSeries,
  request: SeriesRequest,
  options: SessionOptions,
): Promise<SeriesSession> {
  const sessions: EvaluationSession[] = [];
  const pictures = seriesPictures(begun, request);
  const report = await openSeries(request);
  const abandon = async () => {
    for (const session of sessions) await session.abandon();
    await report.abandon();
  };
  try {
    for (const set of begun.sets) sessions.push(await openEvaluation(set, options));
  } catch (error) {
    await abandon();
    throw error;
  }
  return {
    keepers: sessions.map(({keeper}) => keeper),
    async add(set, row) {
      await sessions[set]?.add(row);
      pictures?.add(set, row);
    },
    async complete() {
      const evaluations: Evaluation[] = [];
      for (const session of sessions) evaluations.push(await session.complete());
      const sets = begun.sets.map(({name}, i) => ({name, evaluation: evaluations[i] as Evaluation}));
      const reported = begun.sets.map(({name, path}, i) => ({
        name,
        pred: relativePath(options.cwd, path),
        report: (evaluations[i] as Evaluation).report,
      }));
      const series = buildSeries(reported, {version, samples: countKeys(begun)});
      const seconds = (performance.now() - options.started) / 1000;
      const {onNotice, signal} = options;
      const runs = (await pictures?.draw({folder: null, onNotice, signal})) ?? null;
      await endReport(report, {series, runs}, begun, seconds);
      return {series, sets, reportDir: request.dir, seconds};
    },
    async publish() {
      for (const session of sessions) await session.publish();
      await report.publish();
    },
    abandon,
  };
}

async function endReport(
  report: SeriesWriter,
  {series, runs}: {readonly series: SeriesReport; readonly runs: GalleryRuns | null},
  {resources}: BegunSeries,
  seconds: number,
): Promise<void> {
  const rows = series.sets.reduce((sum, {counts}) => sum + counts.samples, 0);
  const passes = await resources.networks.passes();
  const cache = lookupsOf(resources.cache);
  const timing = {seconds, rows, files_decoded: resources.files.decoded, network_passes: passes};
  await report.end(series, {...timing, ...(cache && {cache})}, runs);
}

/** The sets side by side, where a format shows them. */
function seriesPictures({sets}: BegunSeries, {dir, formats, gallery}: SeriesRequest): SeriesPictures | null {
  const isShown = (formats as readonly string[]).includes('html');
  return dir !== null && isShown && gallery > 0 ? new SeriesPictures(sets, gallery) : null;
}

/** Keys that some set has, and those that all have. */
function countKeys({sets}: BegunSeries): SeriesReport['samples'] {
  const counts = new Map<string, number>();
  for (const {run} of sets) for (const {key} of run.samples) counts.set(key, (counts.get(key) ?? 0) + 1);
  return {any: counts.size, all: [...counts.values()].filter((count) => count === sets.length).length};
}
