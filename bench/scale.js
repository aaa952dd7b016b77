// What a run costs by its pairs, bytes, pixels and workers: measured, fitted to a model, and what that predicts for a billion
// pairs. Writes bench/results/scale.json and the tables of docs/scale.md. Workers are `--shard` processes; with --queue those
// of a queue are measured beside them.
//   node bench/scale.js [--pairs 1000,10000,100000] [--workers 1,2,4,8] [--queue redis://127.0.0.1:6379] [--no-page]
import {mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {images, manifest} from './scale/dataset.js';
import {fittedModel, queueModel} from './scale/model.js';
import {putIntoPage} from './scale/page.js';
import {sideBySide} from './scale/processes.js';
import {queueRun} from './scale/queue.js';
import {machine} from './speed/machine.js';

const {values: flags} = parseArgs({
  options: {
    pairs: {type: 'string', default: '1000,10000,100000'},
    workers: {type: 'string', default: '1,2,4,8'},
    queue: {type: 'string'},
    page: {type: 'boolean', default: true},
  },
  allowNegative: true,
});
const numbers = (text) => text.split(',').map(Number);
const results = fileURLToPath(new URL('results/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-scale-'));

/** Side of the tiny images of which there are many, and the larger ones of which there are few: bytes, pixels and losses apart. */
const TINY = 16;
const LARGER = [
  {kind: 'noise', side: 256, losses: 'mse'},
  {kind: 'ramp', side: 256, losses: 'mse'},
  {kind: 'noise', side: 256, losses: 'mse,ssim'},
  {kind: 'ramp', side: 512, losses: 'mse'},
  {kind: 'noise', side: 512, losses: 'mse,ssim'},
];
const LARGER_PAIRS = 400;

try {
  const before = machine();
  const runs = [];
  const tiny = await images(folder, 'noise', TINY);
  for (const pairs of numbers(flags.pairs)) {
    for (const workers of numbers(flags.workers))
      runs.push(await measure({...tiny, side: TINY, pairs, workers, losses: 'mse'}));
  }
  for (const {kind, side, losses} of LARGER) {
    const made = await images(folder, kind, side);
    runs.push(await measure({...made, side, pairs: LARGER_PAIRS, workers: 1, losses}));
  }
  const model = fittedModel(runs);
  const measured = {
    machine: before,
    runs,
    model,
    queueModel: queueModel(runs, model),
    merge: await merged(tiny, Math.max(...numbers(flags.pairs))),
  };
  mkdirSync(results, {recursive: true});
  writeFileSync(join(results, 'scale.json'), `${JSON.stringify(measured, null, 2)}\n`);
  if (flags.page) putIntoPage(measured);
  console.log(`worst error of the model: ${(100 * measured.model.worst).toFixed(0)} %`);
} finally {
  rmSync(folder, {recursive: true, force: true});
}

/** A run over images in so many shards at once, and through the queue where there is one. */
async function measure({folder: of, bytes, side, pairs, workers, losses}) {
  const name = await manifest(folder, {folder: of}, pairs);
  const commands = Array.from({length: workers}, (_, i) =>
    evalOf(name, losses, `s${i}`, ['--shard', `${i + 1}/${workers}`]),
  );
  const run = {images: of, side, pairs, pairBytes: bytes, workers, losses, ...(await sideBySide(folder, commands))};
  if (flags.queue)
    run.queue = await queueRun(folder, {url: flags.queue, workers, args: evalOf(name, losses, 'queued', [])});
  console.error(
    `${of} ${losses}: ${pairs} pairs, ${workers} workers: ${run.seconds.toFixed(1)} s, ${run.cpuSeconds.toFixed(1)} s of cores`,
  );
  rmSync(join(folder, name));
  return run;
}

/** Seconds of a core that merging takes a row, and the bytes of its files. */
async function merged(tiny, pairs) {
  const name = await manifest(folder, tiny, pairs);
  await sideBySide(folder, [evalOf(name, 'mse', 'whole', ['--shard', '1/1', '--resume', 'never'])]);
  const merge = ['merge', 'whole', '--report', 'report', '--report-format', 'csv,json,parquet', '--quiet'];
  const {cpuSeconds, peakBytes} = await sideBySide(folder, [merge]);
  const bytes = (file) => statSync(join(folder, file)).size / pairs;
  const files = {
    shard: bytes('whole/shard.jsonl'),
    csv: bytes('report/rows.csv'),
    parquet: bytes('report/rows.parquet'),
  };
  return {pairs, cpuSeconds, peakBytes, rowBytes: files};
}

function evalOf(pairs, losses, report, more) {
  return [
    'eval',
    '--pairs',
    pairs,
    '--losses',
    losses,
    '--task',
    'photo',
    '--jobs',
    '1',
    '--quiet',
    '--no-cache',
    '--report',
    report,
    ...more,
  ];
}
