/**
 * A journal of a million rows, gone on with: seconds and memory until every row is there again, files looked at included.
 *   node torture/journal.js [rows]
 */
import {createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import {journalLine} from '../dist/journal/line.js';
import {toStored} from '../dist/journal/row-entry.js';
import {RunJournal} from '../dist/run/journal/run-journal.js';

const LIMIT_SECONDS = 10;
const LIMIT_BYTES_A_ROW = 100;

const COLUMNS = ['mse', 'mae', 'psnr', 'ssim'];
const IDENTITY = {version: 'torture', columns: COLUMNS};

/** Resumes a journal of `rows` rows; gives what went wrong. */
export async function tortureJournal(rows = 1_000_000) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  try {
    const file = join(folder, 'image.png');
    writeFileSync(file, 'an image');
    const {size, mtimeMs, ctimeMs, ino} = statSync(file);
    const states = [[size, mtimeMs, ctimeMs, ino]];
    const samples = Array.from({length: rows}, (_, i) => ({
      key: `scene-${String(i).padStart(8, '0')}`,
      files: {pred: file, target: file},
    }));
    await write(join(folder, 'rows.journal'), samples, states);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const journal = await RunJournal.open({
      folder,
      shown: 'rows.journal',
      identity: IDENTITY,
      samples,
      roles: new Set(['pred', 'target']),
      columns: COLUMNS,
      resume: 'require',
    });
    const opened = (performance.now() - started) / 1000;
    let there = 0;
    let peak = process.memoryUsage().rss;
    for (const [at, sample] of samples.entries()) {
      if ((await journal.row(sample, at))?.cells.mse === at / rows) there++;
      if (at % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
    const seconds = (performance.now() - started) / 1000;
    await journal.close();
    const grown = (peak - before) / 2 ** 20;
    console.log(
      `journal: ${there} of ${rows} rows gone on with: index after ${opened.toFixed(1)} s, all rows after ${seconds.toFixed(1)} s, ${grown.toFixed(0)} MiB more`,
    );
    return [
      ...(there === rows ? [] : [`journal: ${rows - there} rows are lost`]),
      ...(seconds < LIMIT_SECONDS ? [] : [`journal: ${seconds.toFixed(1)} s until every row is there`]),
      ...(peak - before < rows * LIMIT_BYTES_A_ROW + 64 * 2 ** 20 ? [] : [`journal: ${grown.toFixed(0)} MiB more`]),
    ];
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

async function write(path, samples, states) {
  const out = createWriteStream(path);
  out.write(journalLine({journal: 'cv-loss-journal/1', identity: IDENTITY, columns: COLUMNS}));
  for (const [at, {key}] of samples.entries()) {
    const cells = {mse: at / samples.length, mae: Math.sqrt(at), psnr: 1 / (at + 1), ssim: Math.sin(at)};
    const sha256 = {pred: 'a'.repeat(64), target: 'b'.repeat(64)};
    const row = {key, status: 'ok', reason: '', width: 512, height: 512, cells, sha256};
    const line = journalLine(toStored({row, files: {pred: states, target: states}}, COLUMNS));
    if (!out.write(line)) await new Promise((resolve) => out.once('drain', resolve));
  }
  out.end();
  await finished(out);
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureJournal(Number(process.argv[2] ?? 1_000_000));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
