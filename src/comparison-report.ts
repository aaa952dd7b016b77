import {join} from 'node:path';
import type {ReportComparison} from './compare.js';
import {comparisonPictures} from './comparison-pictures.js';
import {ChangedPairs} from './drawing/changed-pairs.js';
import type {ComparisonPage} from './report/html/comparison-data.js';
import {beginPage, type PageWriter} from './report/html/page.js';
import {refuseOthersPage} from './report/html/page-file.js';
import {RowChunks} from './report/html/row-chunks.js';
import {jsonValue} from './report/json-value.js';
import {readReport, type StoredReport} from './report/read.js';
import type {Cell, Column, Row} from './rows/row.js';
import {type AtomicFile, openAtomicFile} from './storage/atomic-file.js';
import {commitTogether} from './storage/commit-together.js';
import {makeFolder} from './storage/make-folder.js';
import {unusablePlace} from './storage/storage-error.js';
import {version} from './version.js';

/** What is compared, and where the report of it goes: directories. */
export interface ComparisonPlaces {
  readonly baseline: string;
  readonly candidate: string;
  readonly dir: string;
}

/** What is shown of the pairs themselves. */
export interface ComparisonOptions {
  /** Pairs of each loss: so many that worsened most, and as many that improved most; 8 by default. */
  readonly gallery?: number;
  /** Called with a line for pictures that cannot be made, its code at the end: `[CVL-W022]`. */
  readonly onNotice?: (line: string) => void;
}

/**
 * Writes comparison.html, a page with the rows of both runs side by side and the pairs that changed most, and
 * comparison.json, what `compare --json` prints. Throws UsageError where they cannot be written or would replace a page
 * that is none of ours.
 */
export async function writeComparison(
  comparison: ReportComparison,
  places: ComparisonPlaces,
  options: ComparisonOptions = {},
): Promise<void> {
  const [baseline, candidate] = [await readReport(places.baseline), await readReport(places.candidate)];
  const [html, json] = [join(places.dir, 'comparison.html'), join(places.dir, 'comparison.json')];
  const folder = await makeFolder(places.dir).catch(unusable);
  const files: AtomicFile[] = [];
  try {
    await refuseOthersPage(html);
    for (const path of [html, json]) files.push(await openAtomicFile(path).catch(unusable));
    const [page, text] = files as [AtomicFile, AtomicFile];
    await writePage((piece) => page.write(piece), {comparison, baseline, candidate}, options);
    await text.write(`${JSON.stringify(jsonValue(comparison), null, 2)}\n`);
    for (const file of files) await file.seal();
    await commitTogether(files, []);
  } catch (error) {
    for (const file of files) await file.abandon();
    await folder.unmake();
    throw error;
  }
}

function unusable(error: unknown): never {
  throw unusablePlace(error);
}

interface Compared {
  readonly comparison: ReportComparison;
  readonly baseline: StoredReport;
  readonly candidate: StoredReport;
}

async function writePage(
  write: (text: string) => Promise<void>,
  compared: Compared,
  {gallery = 8, onNotice = () => undefined}: ComparisonOptions,
): Promise<void> {
  const page = await beginPage(write, {title: 'cv-loss comparison', about: 'A comparison of two runs of cv-loss.'});
  const {comparison, baseline, candidate} = compared;
  const rowColumns = comparison.columns.flatMap(({name, better}): Column[] => [
    {name: `${name} · baseline`, better},
    {name: `${name} · candidate`, better},
    {name: `${name} · change`, better},
  ]);
  const isOwn = ({name}: Column) => name === 'total' || Object.hasOwn(candidate.report.losses, name);
  const pairs = new ChangedPairs(comparison.columns.filter(isOwn), gallery);
  await writeRows(page, compared, rowColumns, pairs);
  await page.data('comparison', contentOf(compared, rowColumns));
  const runs = await comparisonPictures([baseline, candidate], pairs, onNotice);
  if (runs) await page.data('runs', runs);
  await page.end();
}

async function writeRows(
  page: PageWriter,
  {comparison, baseline, candidate}: Compared,
  columns: readonly Column[],
  pairs: ChangedPairs,
): Promise<void> {
  const chunks = new RowChunks(columns);
  const names = comparison.columns.map(({name}) => name);
  const before = new Map<string, Row>();
  for await (const row of baseline.rows()) before.set(row.key, row);
  for await (const row of candidate.rows()) {
    const old = before.get(row.key);
    if (!old) continue;
    pairs.add(old, row);
    const chunk = chunks.add(joined(names, old, row));
    if (chunk) await page.data('rows', chunk);
  }
  const rest = chunks.rest();
  if (rest) await page.data('rows', rest);
  if (chunks.omitted > 0) await page.data('omitted', {rows: chunks.omitted});
}

/** A row of both runs: for each column what it was, what it is, and by how much it grew. */
function joined(names: readonly string[], before: Row, after: Row): Row {
  const cells: Record<string, Cell> = {};
  for (const name of names) {
    const [old = null, now = null] = [before.cells[name], after.cells[name]];
    cells[`${name} · baseline`] = old;
    cells[`${name} · candidate`] = now;
    cells[`${name} · change`] = typeof old === 'number' && typeof now === 'number' ? growth(old, now) : null;
  }
  const reasons = [before.reason && `baseline: ${before.reason}`, after.reason && `candidate: ${after.reason}`];
  const status = after.status === 'ok' ? before.status : after.status;
  return {...after, status, reason: reasons.filter((reason) => reason !== '').join('; '), cells};
}

/** How far a number grew; none between infinite numbers that are the same. */
function growth(old: number, now: number): number {
  return old === now ? 0 : now - old;
}

function contentOf({comparison, baseline, candidate}: Compared, rowColumns: readonly Column[]): ComparisonPage {
  const {passed, removedColumns, addedColumns, common, removed, added, changed, differences, gates} = comparison;
  const columns = comparison.columns.map((column) => ({
    name: column.name,
    better: column.better,
    verdict: column.verdict,
    pairs: column.pairs,
    baseline: column.baseline,
    candidate: column.candidate,
    difference: column.difference,
    ci95: column.ci95,
    pWorse: column.pWorseAdjusted,
    pBetter: column.pBetterAdjusted,
    lost: column.lost.length,
    gained: column.gained.length,
  }));
  return {
    version,
    baseline: {dir: baseline.dir, report: baseline.report},
    candidate: {dir: candidate.dir, report: candidate.report},
    passed,
    rowColumns,
    columns: jsonValue(columns) as unknown as ComparisonPage['columns'],
    removedColumns,
    addedColumns,
    common,
    removed,
    added,
    changed,
    differences,
    gates: jsonValue(gates) as ComparisonPage['gates'],
  };
}
