// VGG19 to relu4_4 and the pixel suite on every device there is, side by side. Runs alternate, so that a machine whose
// speed drifts slows all; medians, and the ratio to the first. Needs `npm run build` and `cv-loss setup tensorflow`.
//   node bench/devices.js [runs] [side of the network's image] [side of the pixel suite's]
import {availableParallelism} from 'node:os';
import {performance} from 'node:perf_hooks';
import {startDevice} from '../dist/device/start.js';
import {losses} from '../dist/losses/registry.js';
import {loadNetwork} from '../dist/networks/load.js';
import {onnxExecutor} from '../dist/networks/onnx/executor.js';
import {nodeShapes} from '../dist/networks/shapes.js';
import {planSteps} from '../dist/networks/steps.js';
import {tensorFeatures} from '../dist/networks/tensor-features.js';
import {TensorWeights} from '../dist/networks/tensor-weights.js';
import {makeBatch, sampleViews} from '../dist/run/batch.js';

const [runs, networkSide, pixelSide] = [5, 256, 512].map((usual, i) => Number(process.argv[2 + i] ?? usual));
const LAYER = 'relu4_4';
const SUITE = ['mse', 'mae', 'psnr', 'ssim', 'gmsd'];

const tensorflow = await startDevice('tensorflow');
const cpu = await startDevice('cpu');
await cpu.ready();
console.log(`tensorflow ${tensorflow.versions.tensorflow}, GPU: ${tensorflow.gpu}; ${availableParallelism()} threads`);

const loaded = await loadNetwork({network: 'vgg19', weights: {hashed: 0}, pooling: 'max', input: 'weights'});
const executor = await onnxExecutor(loaded, {threads: availableParallelism()});
const comparison = executor?.comparison([{layer: LAYER, statistic: 'difference'}]);
const shapes = nodeShapes(loaded.nodes, networkSide, networkSide);
const weights = new Map();
let operations = 0;
for (const {name, node} of planSteps(loaded, [LAYER])) {
  if (node.operation.type !== 'conv') continue;
  const {channels, height, width} = shapes.get(name);
  operations += 2 * channels * height * width * node.operation.inputChannels * node.operation.kernel ** 2;
}

const network = await race({
  onnx:
    comparison &&
    ((run) =>
      comparison.compare({
        x: view(networkSide, 2 * run),
        y: view(networkSide, 2 * run + 1),
        validX: null,
        validY: null,
      })),
  tensorflow: (run) => pairOnTensors(tensorflow.tf, run),
  'cpu (wasm tensors)': (run) => pairOnTensors(cpu.tf, run),
});
print(
  `VGG19 to ${LAYER}, a pair at ${networkSide}²`,
  network,
  (seconds) => `${((2 * operations) / seconds / 1e9).toFixed(1)} GFLOP/s`,
);
print(
  `${SUITE.join(', ')} of a pair at ${pixelSide}²`,
  await race({
    'cpu (fused)': await suite(cpu, 'fused'),
    tensorflow: await suite(tensorflow, 'tensor'),
    'cpu (wasm tensors)': await suite(cpu, 'tensor'),
  }),
  (seconds) => `${(1 / seconds).toFixed(1)} pairs/s`,
);
await executor?.close();

async function pairOnTensors(tf, run) {
  if (!weights.has(tf)) weights.set(tf, new TensorWeights(tf, loaded.weights));
  for (const seed of [2 * run, 2 * run + 1]) {
    const image = tf.tensor4d(Float32Array.from(view(networkSide, seed).data), [1, networkSide, networkSide, 3]);
    const {[LAYER]: features} = tensorFeatures(tf, loaded, weights.get(tf), image, [LAYER]);
    const sum = tf.sum(features);
    await sum.data();
    tf.dispose([image, features, sum]);
  }
}

/** One turn of the pixel suite in a form, as a run computes it. */
async function suite({tf}, form) {
  const made = [];
  for (const id of SUITE) {
    const descriptor = losses.find((loss) => loss.id === id);
    const instance = await descriptor.create(descriptor.options.parse({}), {tf, signal: new AbortController().signal});
    made.push({descriptor, instance});
  }
  return async (run) => {
    const rasters = {pred: raster(2 * run), target: raster(2 * run + 1)};
    for (const {descriptor, instance} of made) {
      const sample = {key: '', has: (role) => role in rasters, raster: (role) => rasters[role]};
      const views = sampleViews(sample, descriptor.inputs, instance.view);
      if (form === 'fused' && instance.fused) await instance.fused(views);
      else {
        const batch = makeBatch([views], tf);
        await instance.perSample(batch);
        batch.dispose();
      }
    }
  };
}

function raster(seed) {
  const data = new Uint8Array(pixelSide * pixelSide * 3);
  let state = seed + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return {data, height: pixelSide, width: pixelSide, channels: 3, maximum: 255};
}

function view(side, seed) {
  const data = new Float64Array(side * side * 3);
  let state = seed + 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32;
  }
  return {data, height: side, width: side, channels: 3};
}

/** Median seconds of each; the first run allocates and is not counted. */
async function race(contenders) {
  const times = Object.entries(contenders)
    .filter(([, work]) => work)
    .map(([name, work]) => ({name, work, seconds: []}));
  for (let run = 0; run <= runs; run++) {
    for (const {work, seconds} of times) {
      const started = performance.now();
      await work(run);
      if (run > 0) seconds.push((performance.now() - started) / 1000);
    }
  }
  return times.map(({name, seconds}) => ({
    name,
    median: seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)],
  }));
}

function print(title, results, rate) {
  console.log(`\n${title}`);
  for (const {name, median} of results) {
    console.log(
      `  ${name.padEnd(20)} ${(1000 * median).toFixed(0).padStart(6)} ms  ${rate(median).padStart(15)}  × ${(results[0].median / median).toFixed(2)}`,
    );
  }
}
