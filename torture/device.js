/**
 * Thousands of batches on TensorFlow: as many tensors at the end of each as at the start, and memory that stays.
 *   node --expose-gc torture/device.js [batches]
 * Needs `cv-loss setup tensorflow`.
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {installedBindings} from '../dist/device/tensorflow.js';
import {evaluate} from '../dist/index.js';
import {makePairs} from './pairs.js';

const FILES = 20;
const BATCH = 2;
const MOST_GROWTH = 1.05;

/** Scores `batches` batches of two pairs; gives what went wrong. */
export async function tortureDevice(batches = 2000) {
  const [binding] = installedBindings();
  if (!binding) return ['device: no TensorFlow is set up; run cv-loss setup tensorflow'];
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  try {
    await makePairs(folder, FILES, 48);
    const file = (i) => `${String(i % FILES).padStart(5, '0')}.png`;
    const lines = Array.from({length: batches * BATCH}, (_, i) => `${i},pred/${file(i)},target/${file(i)}`);
    writeFileSync(join(folder, 'pairs.csv'), `key,pred,target\n${lines.join('\n')}\n`);
    const points = [];
    let rows = 0;
    const started = performance.now();
    process.env.CV_LOSS_LEAKS = 'error';
    const {report} = await evaluate(
      {
        pairs: join(folder, 'pairs.csv'),
        losses: ['mse', 'psnr', 'ssim', 'log-cosh', 'gmsd', 'perceptual'],
        device: 'tensorflow',
        batch_size: BATCH,
        report: {dir: join(folder, 'report')},
      },
      {
        keepRows: false,
        onRow: () => {
          if (++rows % (50 * BATCH) !== 0) return;
          globalThis.gc?.();
          const {memory} = createRequire(import.meta.url)(binding.path);
          points.push({bytes: process.memoryUsage().rss, tensors: memory().numTensors});
        },
      },
    );
    const seconds = (performance.now() - started) / 1000;
    // The first quarter warms up: code is compiled, pools are filled.
    const steady = points.slice(Math.floor(points.length / 4));
    const [bytes, tensors] = ['bytes', 'tensors'].map((key) => steady.map((point) => point[key]));
    const growth = Math.max(...bytes) / bytes[0];
    const spread = Math.max(...tensors) - Math.min(...tensors);
    console.log(
      `device: ${rows / BATCH} batches in ${seconds.toFixed(0)} s: ${tensors[0]} tensors, ${spread} more or less; ` +
        `${(bytes[0] / 2 ** 20).toFixed(0)} MiB, at most ${((growth - 1) * 100).toFixed(1)} % more`,
    );
    return [
      ...(report.counts.ok === batches * BATCH ? [] : [`device: ${report.counts.ok} rows are ok`]),
      ...(growth <= MOST_GROWTH ? [] : [`device: memory grows by ${((growth - 1) * 100).toFixed(1)} %`]),
      ...(spread === 0 ? [] : [`device: tensors grow from ${Math.min(...tensors)} to ${Math.max(...tensors)}`]),
    ];
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureDevice(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
