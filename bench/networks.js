// Pairs a second of VGG19 to relu4_4 with squared differences and Gram matrices at four layers, beside the limit: the
// same runtime's product of two 2048×2048 matrices with the same threads. Runs alternate, so that a machine whose speed
// drifts slows both; the ratio is of the medians. A pair is two images that were not seen before. Needs `npm run build`.
//   node bench/networks.js [runs] [threads] [sizes, comma-separated]
import {availableParallelism} from 'node:os';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {loadOnnxRuntime} from '../dist/device/onnx-runtime.js';
import {loadNetwork} from '../dist/networks/load.js';
import {onnxExecutor} from '../dist/networks/onnx/executor.js';
import {encodeModel} from '../dist/networks/onnx/model.js';
import {nodeShapes} from '../dist/networks/shapes.js';
import {planSteps} from '../dist/networks/steps.js';

// Loaded as cv-loss loads it: with its telemetry off.
const onnxruntime = await loadOnnxRuntime();
const runs = Number(process.argv[2] ?? 7);
const threads = Number(process.argv[3] ?? availableParallelism());
const sizes = (process.argv[4] ?? '256,512').split(',').map(Number);
const side = 2048;
const target = 0.8;
const layers = ['relu1_2', 'relu2_2', 'relu3_4', 'relu4_4'];
const terms = layers.flatMap((layer) => [
  {layer, statistic: 'difference'},
  {layer, statistic: 'gram'},
]);

const loaded = await loadNetwork({network: 'vgg19', weights: {hashed: 0}, pooling: 'max', input: 'weights'});
const executor = await onnxExecutor(loaded, {threads});
if (!executor) throw new Error('onnxruntime-node does not load');
const comparison = executor.comparison(terms);
const product = await matrixProduct();

for (const size of sizes) {
  const pairSeconds = [];
  const productSeconds = [];
  const operations = 2 * imageOperations(size);
  for (let run = 0; run <= runs; run++) {
    const pair = {x: image(size, 2 * run), y: image(size, 2 * run + 1), validX: null, validY: null};
    const pairTime = await seconds(() => comparison.compare(pair));
    const productTime = await seconds(product);
    // The first run allocates and is not counted.
    if (run === 0) continue;
    pairSeconds.push(pairTime);
    productSeconds.push(productTime);
  }
  const network = operations / median(pairSeconds) / 1e9;
  const limit = (2 * side ** 3) / median(productSeconds) / 1e9;
  const rate = 1 / median(pairSeconds);
  const best = 1 / Math.min(...pairSeconds);
  console.log(
    `${size}x${size}, ${threads} threads: ${rate.toFixed(2)} pairs/s (best ${best.toFixed(2)}), ` +
      `${network.toFixed(1)} GFLOP/s, matrix product ${limit.toFixed(1)} GFLOP/s, ` +
      `ratio ${(network / limit).toFixed(2)}${network / limit < target ? `, under the target of ${target}` : ''}`,
  );
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
await executor.close();

/** Multiplications and additions of the convolutions and the Gram matrices for one image. */
function imageOperations(size) {
  const shapes = nodeShapes(loaded.nodes, size, size);
  const positions = (name) => shapes.get(name).height * shapes.get(name).width;
  let operations = 0;
  for (const {node} of planSteps(loaded, layers)) {
    const {type, inputChannels, outputChannels, kernel} = node.operation;
    if (type === 'conv') operations += 2 * positions(node.name) * inputChannels * outputChannels * kernel ** 2;
  }
  for (const layer of layers) operations += 2 * positions(layer) * shapes.get(layer).channels ** 2;
  return operations;
}

async function matrixProduct() {
  const shape = [side, side];
  const inputs = ['a', 'b'].map((name) => ({name, element: 1, shape}));
  const nodes = [{operator: 'MatMul', inputs: ['a', 'b'], output: 'product'}];
  const model = encodeModel({inputs, nodes, outputs: [{name: 'product', element: 1}], constants: []});
  const session = await onnxruntime.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
  });
  const matrix = () => new onnxruntime.Tensor('float32', new Float32Array(side * side).map(Math.random), shape);
  const feeds = {a: matrix(), b: matrix()};
  const fetches = {product: matrix()};
  return () => session.run(feeds, fetches);
}

/** Noise, another for each seed. */
function image(size, seed) {
  const data = new Uint8Array(3 * size * size);
  let state = seed + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    data[i] = state >>> 24;
  }
  return {data, scale: 1 / 255, offset: 0, height: size, width: size, channels: 3, integer: true};
}

async function seconds(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
