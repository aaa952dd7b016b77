// Semi-hard mining through the CLI (one negative a pair, one file), beside the limit: the product of the same vectors with
// themselves by ONNX Runtime, in blocks that are thrown away. Items are unit vectors around one centre for each identity of
// ten. Prints both times, GFLOP/s as 2·n²·d, and the peak memory of the miner. Needs `npm run build`.
//   node bench/triplets.js [items] [dimensions] [more flags of triplets]
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {onnxRowProducts} from '../dist/networks/onnx/row-products.js';

const items = Number(process.argv[2] ?? 100_000);
const dimensions = Number(process.argv[3] ?? 128);
const flags = process.argv.slice(4);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-triplets-'));
const perIdentity = 10;
const spread = 1.2;
const memoryLimit = 3 * 2 ** 30;
const operations = 2 * items ** 2 * dimensions;

try {
  const vectors = clustered();
  writeFileSync(join(folder, 'vectors.npy'), npy(vectors));
  const labels = Array.from({length: items}, (_, i) => `${i},${Math.floor(i / perIdentity)}\n`);
  writeFileSync(join(folder, 'labels.csv'), `index,label\n${labels.join('')}`);
  const before = await productSeconds(vectors);
  const {seconds, memory} = mine();
  const after = await productSeconds(vectors);
  const product = (before + after) / 2;
  const size = statSync(join(folder, 'triplets.csv')).size / 2 ** 20;
  console.log(`${items} x ${dimensions}, ${availableParallelism()} threads, ${size.toFixed(1)} MiB of triplets`);
  console.log(`triplets        ${report(seconds)}, ${(items / seconds).toFixed(0)} anchors/s`);
  console.log(`matrix product  ${report(product)} (${before.toFixed(1)} s before, ${after.toFixed(1)} s after)`);
  console.log(`time of the product / time of the miner: ${(product / seconds).toFixed(2)}`);
  console.log(
    `peak memory ${(memory / 2 ** 20).toFixed(0)} MiB${memory > memoryLimit ? ', over the limit of 3 GiB' : ''}`,
  );
  if (memory > memoryLimit) process.exitCode = 1;
} finally {
  rmSync(folder, {recursive: true, force: true});
}

function report(seconds) {
  return `${seconds.toFixed(1).padStart(7)} s, ${(operations / seconds / 1e9).toFixed(1)} GFLOP/s`;
}

/** The miner's wall time and peak resident memory, the start of Node and the reading of the files included. */
function mine() {
  const tell = `process.on('exit', () => console.error('maxRSS ' + process.resourceUsage().maxRSS))`;
  const started = performance.now();
  const {status, stderr} = spawnSync(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(tell)}`, join(root, 'bin/cv-loss.js'), 'triplets'],
      ...['--embeddings', 'vectors.npy', '--labels', 'labels.csv', '--per-pair', '1', ...flags],
    ],
    {cwd: folder, encoding: 'utf8'},
  );
  if (status !== 0) throw new Error(`exit ${status}\n${stderr}`);
  return {seconds: (performance.now() - started) / 1000, memory: 1024 * Number(/^maxRSS (\d+)$/m.exec(stderr)[1])};
}

async function productSeconds(vectors) {
  const products = await onnxRowProducts(vectors, dimensions, availableParallelism());
  if (!products) throw new Error('onnxruntime-node does not load');
  const rows = 128;
  const out = new Float32Array(rows * items);
  const started = performance.now();
  const blocks = Math.ceil(items / rows / 10);
  for (let block = 0; block < blocks; block++) {
    await products.write(
      Int32Array.from({length: rows}, (_, i) => (block * rows + i) % items),
      out,
    );
  }
  const seconds = ((performance.now() - started) / 1000) * (items / (blocks * rows));
  await products.close();
  return seconds;
}

function clustered() {
  let state = 1;
  const even = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  const normal = () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
  const vectors = new Float32Array(items * dimensions);
  let centre = [];
  for (let i = 0; i < items; i++) {
    if (i % perIdentity === 0) centre = Array.from({length: dimensions}, normal);
    for (let k = 0; k < dimensions; k++) vectors[i * dimensions + k] = centre[k] + spread * normal();
  }
  return vectors;
}

function npy(values) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${items}, ${dimensions}), }`
    .padEnd(117)
    .concat('\n');
  const start = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header}`, 'latin1');
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(values.buffer)]);
}
