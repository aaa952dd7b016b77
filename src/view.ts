import {stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {UsageError} from './errors.js';
import {SHARD_FILE} from './journal/shard-header.js';
import {printable} from './printable.js';
import {formats} from './report/formats.js';
import {html} from './report/html/html.js';
import {isPage, refuseOthersPage} from './report/html/page-file.js';
import {readReport} from './report/read.js';
import {readSeries} from './report/series/read-series.js';
import {SERIES_FILES} from './report/series/series-files.js';
import {writeSeriesPage} from './report/series/series-html.js';
import {openAtomicFile} from './storage/atomic-file.js';
import {unusablePlace} from './storage/storage-error.js';

/** Where a page goes, and whether one that is there serves. */
export interface ViewRequest {
  /** The file; report.html or series.html in the directory by default. */
  readonly output?: string | undefined;
  /** Makes the page again where the directory has one. */
  readonly again?: boolean | undefined;
}

/**
 * The page of a report that was written before, of one run or of a series: the one that is there, else one made of
 * report.json and the rows. Gives its path. Throws UsageError for a directory that holds no report, and where the page
 * cannot be written.
 */
export async function viewReport(dir: string, {output, again = false}: ViewRequest = {}): Promise<string> {
  if (await isFile(dir)) {
    const shown = printable(dir);
    throw new UsageError('CVL-R003', `${shown} is a file; expected the directory of a report, which holds report.json`);
  }
  const isSeries = await isFile(join(dir, SERIES_FILES.json));
  const own = join(dir, isSeries ? SERIES_FILES.html : html.file);
  const path = resolve(output ?? own);
  if (output === undefined && !again && (await isPage(own))) return path;
  await refuseWhatIsNone(dir, isSeries);
  await refuseOthersPage(path);
  await writePage(path, (write) => (isSeries ? seriesPage(dir, write) : runPage(dir, write)));
  return path;
}

type Write = (text: string | Uint8Array) => Promise<void>;

async function runPage(dir: string, write: Write): Promise<void> {
  const {report, rows} = await readReport(dir);
  const page = await html.open({write}, report.columns);
  for await (const row of rows()) await page.row(row);
  await page.end(report, null);
}

async function seriesPage(dir: string, write: Write): Promise<void> {
  const series = await readSeries(dir);
  for (const {name} of series.sets) {
    const set = join(dir, ...name.split('/'));
    if (await isFile(join(set, formats.json.file))) await viewReport(set);
  }
  await writeSeriesPage(write, series);
}

async function writePage(path: string, fill: (write: Write) => Promise<void>): Promise<void> {
  const file = await openAtomicFile(path).catch((error: unknown) => {
    throw unusablePlace(error);
  });
  try {
    await fill((text) => file.write(text));
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

async function refuseWhatIsNone(dir: string, isSeries: boolean): Promise<void> {
  if (isSeries || (await isFile(join(dir, formats.json.file)))) return;
  const shown = printable(dir);
  if (await isFile(join(dir, SHARD_FILE))) {
    throw new UsageError('CVL-R012', `${shown} holds a shard of a run; merge all of them first: cv-loss merge SHARD…`);
  }
  throw new UsageError(
    'CVL-R003',
    `${shown} holds no report, expected a directory with report.json; make one with cv-loss eval --report DIR`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
