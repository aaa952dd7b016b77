/**
 * A million rows in one run, killed and gone on with, and merged from shards: peak memory is bounded whatever their number,
 * a row takes as long as one of a short run, and the merged report has the bytes of the single one.
 *   node torture/rows.js [rows] [rows of the short run]
 */
import {createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import {start} from '../bench/scale/processes.js';
import {reportOf, sameReports} from './pairs.js';
import {seeded} from './seeded.js';

const LIMIT_BYTES = 600e6;
/** What a row of the long run may take of a core, in what one of the short run takes. */
const LIMIT_RATIO = 1.1;
const DISTINCT = 256;
const SIDE = 16;
const SHARDS = 4;
const FORMATS = 'csv,json,jsonl,parquet,html,junit';

/** Scores `rows` rows and, to compare with, `few`; gives what went wrong. */
export async function tortureRows(rows = 1_000_000, few = 10_000) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const problems = [];
  const bounded = (what, {peakBytes}) => {
    console.log(`rows: ${what}: at most ${Math.round(peakBytes / 1e6)} MB`);
    if (peakBytes > LIMIT_BYTES) problems.push(`rows: ${what} takes ${Math.round(peakBytes / 1e6)} MB`);
  };
  const run = (name, args) => start(folder, [...args, '--report', name, '--quiet'], name).ended;
  try {
    writeImages(folder);
    for (const count of [few, rows]) await writeManifest(folder, count);
    const base = await run('base', evalOf(1));
    const short = await run('short', evalOf(few));
    const single = await run('single', evalOf(rows));
    bounded(`${rows} rows`, single);
    const perRow = (used, count) => (used.cpuSeconds - base.cpuSeconds) / count;
    const ratio = perRow(single, rows) / perRow(short, few);
    console.log(`rows: one of ${rows} takes ${ratio.toFixed(2)} of the time of one of ${few}`);
    if (ratio > LIMIT_RATIO)
      problems.push(`rows: one of ${rows} takes ${ratio.toFixed(2)} of the time of one of ${few}`);
    await killed(folder, rows);
    bounded('going on with half of them', await run('resumed', evalOf(rows)));
    if (!sameReports(reportOf(folder, 'resumed'), reportOf(folder, 'single'))) {
      problems.push('rows: a run that was killed and went on has another report');
    }
    rmSync(join(folder, 'resumed'), {recursive: true});
    const shards = Array.from({length: SHARDS}, (_, i) => `shard-${i + 1}`);
    for (const [i, shard] of shards.entries()) {
      bounded(`shard ${i + 1} of ${SHARDS}`, await run(shard, [...evalOf(rows), '--shard', `${i + 1}/${SHARDS}`]));
    }
    bounded('the merge', await run('merged', ['merge', ...shards]));
    if (!sameReports(reportOf(folder, 'merged'), reportOf(folder, 'single'))) {
      problems.push(`rows: the merge of ${SHARDS} shards has another report`);
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  console.log(`rows: ${rows}, alone, gone on with and in ${SHARDS} shards; ${problems.length} went wrong`);
  return problems;
}

/** Starts the run and kills it once half of the rows are in its journal. */
async function killed(folder, rows) {
  const {child, ended} = start(folder, [...evalOf(rows), '--report', 'resumed', '--quiet'], 'killed');
  const died = ended.catch(() => undefined);
  const half = (statSync(join(folder, 'single', 'rows.jsonl')).size * 1.2) / 2;
  const timer = setInterval(() => {
    if (sizeOf(join(folder, 'resumed', 'rows.journal')) > half) child.kill('SIGKILL');
  }, 100);
  await died;
  clearInterval(timer);
}

function sizeOf(path) {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}

/** Netpbm files: what one costs beside its decoding is what is looked at. */
function writeImages(folder) {
  const next = seeded(5);
  for (const role of ['pred', 'target']) {
    mkdirSync(join(folder, role));
    for (let i = 0; i < DISTINCT; i++) {
      const pixels = Uint8Array.from({length: SIDE * SIDE * 3}, () => next() >>> 24);
      writeFileSync(join(folder, role, `${i}.ppm`), Buffer.concat([Buffer.from(`P6\n${SIDE} ${SIDE}\n255\n`), pixels]));
    }
  }
  writeFileSync(join(folder, '1.csv'), 'key,pred,target\na,pred/0.ppm,target/0.ppm\n');
}

async function writeManifest(folder, rows) {
  const stream = createWriteStream(join(folder, `${rows}.csv`));
  stream.write('key,pred,target\n');
  for (let i = 0; i < rows; i++) {
    const key = `scene-${String(i >> 12).padStart(4, '0')}/frame-${String(i).padStart(8, '0')}`;
    const line = `${key},pred/${i % DISTINCT}.ppm,target/${(7 * i + (i >> 8)) % DISTINCT}.ppm\n`;
    if (!stream.write(line)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await finished(stream);
}

function evalOf(rows) {
  const losses = ['--losses', 'mse,mae,psnr,ssim', '--task', 'photo', '--no-cache', '--report-format', FORMATS];
  // A merge has no images to show. One core, so that times can be compared.
  return ['eval', '--pairs', `${rows}.csv`, ...losses, '--set', 'report.gallery=0', '--jobs', '1'];
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureRows(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
