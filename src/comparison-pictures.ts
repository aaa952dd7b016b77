import {stat} from 'node:fs/promises';
import type {ChangedPair, ChangedPairs} from './drawing/changed-pairs.js';
import {type DrawnSet, drawSideBySide} from './drawing/side-by-side.js';
import {isSampleError, RunError, UsageError} from './errors.js';
import {notice} from './notice.js';
import {printable} from './printable.js';
import type {StoredReport} from './report/read.js';
import type {GalleryRuns} from './rows/gallery.js';
import type {Row} from './rows/row.js';
import {placeOf} from './samples/sample-list.js';
import {hasPairs, openStored, type StoredRun} from './stored-run.js';

/** Who hears of pictures that cannot be made. */
type OnNotice = (line: string) => void;

/** Where a run has a sample, and the hashes that its files had. */
type Place = {readonly at: number; readonly sha256: Readonly<Record<string, string>>} | null;

/**
 * The pairs that changed most between two reports, with what both predicted; null where there are none, where neither has
 * images left, or the reports are not of pairs of images. Samples are found by the configs of the reports and decoded again. What is not there any more, or is
 * not what was scored, has no picture, and a notice says so; nothing is thrown for it.
 */
export async function comparisonPictures(
  reports: readonly [StoredReport, StoredReport],
  pairs: ChangedPairs,
  onNotice: OnNotice,
): Promise<GalleryRuns | null> {
  const columns = pairs.byColumn();
  const all = columns.flatMap(({worsened, improved}) => [...worsened, ...improved]);
  if (all.length === 0 || !reports.every(hasPairs)) return null;
  const runs: (StoredRun | null)[] = [];
  try {
    for (const report of reports) runs.push(await openOrTell(report, onNotice));
    if (runs.every((stored) => stored === null)) return null;
    const sets = reports.map(({dir}, i): DrawnSet => ({name: printable(dir), run: runs[i]?.run ?? null}));
    const places: ReadonlyMap<string, Place>[] = [];
    for (const [set, stored] of runs.entries()) {
      const hashes = new Map(all.map(({key, sha256}) => [key, sha256[set] ?? {}]));
      const tell = (line: string) => onNotice(notice('CVL-W022', `gallery: ${sets[set]?.name}: ${line}`));
      places.push(stored ? await placesIn(stored, hashes, tell) : new Map());
    }
    const sample = ({key, values}: ChangedPair) => ({key, values, places: places.map((own) => own.get(key) ?? null)});
    const item = await drawSideBySide(sets, all.map(sample), {folder: null, onNotice});
    const lists = (which: 'worsened' | 'improved') => {
      const shown = columns.filter((column) => column[which].length > 0);
      return Object.fromEntries(shown.map((column) => [column.name, column[which].map((pair) => item(sample(pair)))]));
    };
    return {names: reports.map(({dir}) => dir), changed: lists('worsened'), improved: lists('improved')};
  } finally {
    for (const stored of runs) await stored?.run.close();
  }
}

async function openOrTell(report: StoredReport, onNotice: OnNotice): Promise<StoredRun | null> {
  try {
    return await openStored(report, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RunError || isSampleError(error))) throw error;
    const [reason] = error.message.split('\n');
    onNotice(
      notice(
        'CVL-W023',
        `gallery: ${printable(report.dir)}: no pictures (its paths are relative to where it was made): ${reason}`,
      ),
    );
    return null;
  }
}

/** By key, where a run has the sample; null where it does not, or its files are not those that were scored. */
async function placesIn(
  stored: StoredRun,
  hashes: ReadonlyMap<string, Row['sha256']>,
  tell: OnNotice,
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const [gone, newer]: [string[], string[]] = [[], []];
  for (const [key, own] of hashes) {
    const at = placeOf(stored.run.samples, key);
    const sha256 = Object.entries(own).filter(([role]) => stored.run.roles.has(role));
    if (at < 0) gone.push(key);
    else if (sha256.length === 0 && (await isNewer(stored, at))) newer.push(key);
    else places.set(key, {at, sha256: Object.fromEntries(sha256)});
  }
  if (gone.length > 0) tell(`no picture of ${named(gone)}: the files are gone`);
  if (newer.length > 0) {
    const remedy = 'the format jsonl keeps hashes, which tell for sure';
    tell(`no picture of ${named(newer)}: the files are newer than the report; ${remedy}`);
  }
  return places;
}

/** Whether a file of a sample was written after the report: all there is to tell, where the rows have no hashes. */
async function isNewer({run, written}: StoredRun, at: number): Promise<boolean> {
  const files = Object.values(run.samples.at(at)?.files ?? {}).flat();
  // A file that is gone is told of when it is decoded.
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({mtimeMs}) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return times.some((time) => time > written);
}

function named(keys: readonly string[]): string {
  const [shown, more] = [keys.slice(0, 5).map(printable).join(', '), keys.length - 5];
  return more > 0 ? `${shown} and ${more} more` : shown;
}
