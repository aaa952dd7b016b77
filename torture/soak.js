/**
 * Many pairs in one run: tensors stay as many as they were, and memory does not grow.
 *   node --expose-gc torture/soak.js [pairs]
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import {defineLoss, evaluate, losses} from '../dist/index.js';
import {makePairs} from './pairs.js';

const FILES = 50;
const LIMIT_BYTES_FOR_10_000 = 2 ** 20;

/** In tensors, which the built-in losses have no need of on the CPU. */
const tensorMse = defineLoss({
  id: 'tensor-mse',
  family: 'pixel',
  better: 'lower',
  summary: 'Mean squared error in tensors',
  formula: 'mean((pred - target)^2)',
  reference: 'none',
  undefinedWhen: 'never',
  inputs: {pred: 'pixels', target: 'pixels'},
  objective: 'itself',
  options: z.strictObject({}),
  create: (_, {tf}) => ({
    columns: [{part: '', better: 'lower'}],
    view: {color: 'rgb', range: [0, 1], cropBorder: 0},
    memory: (height, width, channels) => 16 * height * width * channels,
    async perSample(batch) {
      const means = tf.tidy(() => tf.mean(tf.square(batch.difference()), [1, 2, 3]));
      const cells = [...(await means.data())];
      means.dispose();
      return {'': cells};
    },
  }),
});

/** Scores `pairs` pairs (50 pairs of files, again and again); gives what went wrong. */
export async function tortureSoak(pairs = 100_000) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  try {
    await makePairs(folder, FILES, 48);
    const file = (i) => `${String(i % FILES).padStart(5, '0')}.png`;
    const lines = Array.from({length: pairs}, (_, i) => `${i},pred/${file(i)},target/${file(i)}`);
    writeFileSync(join(folder, 'pairs.csv'), `key,pred,target\n${lines.join('\n')}\n`);
    const {memory} = await import('@tensorflow/tfjs-core');
    const points = [];
    let rows = 0;
    const started = performance.now();
    await evaluate(
      {
        pairs: join(folder, 'pairs.csv'),
        // Fused kernels, tensors, and whatever is common to both.
        losses: ['mse', 'psnr', 'ssim', 'log-cosh', {type: 'total-variation', mode: 'isotropic'}, 'gmsd', 'tensor-mse'],
        report: {dir: join(folder, 'report')},
      },
      {
        keepRows: false,
        descriptors: [...losses, tensorMse],
        onRow: () => {
          if (++rows % 500 !== 0) return;
          globalThis.gc?.();
          points.push({rows, bytes: process.memoryUsage().rss, tensors: memory().numTensors});
        },
      },
    );
    const seconds = (performance.now() - started) / 1000;
    // The first quarter warms up: code is compiled, pools are filled.
    const steady = points.slice(Math.floor(points.length / 4));
    const bytes = slope(steady.map((point) => [point.rows, point.bytes])) * 10_000;
    const tensors = steady.map((point) => point.tensors);
    const spread = Math.max(...tensors) - Math.min(...tensors);
    console.log(
      `soak: ${rows} pairs in ${seconds.toFixed(0)} s: ${(bytes / 2 ** 20).toFixed(2)} MiB more for 10,000 pairs, ${tensors[0]} tensors, ${spread} more or less`,
    );
    return [
      ...(rows === pairs ? [] : [`soak: ${rows} rows`]),
      ...(bytes < LIMIT_BYTES_FOR_10_000 ? [] : [`soak: ${(bytes / 2 ** 20).toFixed(2)} MiB more for 10,000 pairs`]),
      ...(spread === 0 ? [] : [`soak: tensors grow from ${Math.min(...tensors)} to ${Math.max(...tensors)}`]),
    ];
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** Of the least squares line through points. */
function slope(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureSoak(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
