import {onBackend} from '../../src/device/backend.js';
import type {Raster} from '../../src/images/raster.js';
import type {LossContext, LossDescriptor, LossInstance, TensorLibrary} from '../../src/losses/contract.js';
import {losses} from '../../src/losses/registry.js';
import type {Batch, Reading, SampleViews} from '../../src/losses/sample-contract.js';
import {onnxExecutor} from '../../src/networks/onnx/executor.js';
import {NetworkLibrary} from '../../src/networks/open.js';
import type {Cell} from '../../src/rows/row.js';
import {type DecodedSample, makeBatch, sampleViews} from '../../src/run/batch.js';

/** Images by role, as a decoder would give them. */
export type Rasters = Readonly<Record<string, Raster>>;

/** A loss as a config writes it. */
export type LossConfig = {readonly type: string} & Readonly<Record<string, unknown>>;

let started: Promise<Readonly<Record<'wasm' | 'javascript', TensorLibrary>>> | undefined;

/** tfjs on its wasm backend (what `--device cpu` runs on). */
export async function wasm(): Promise<TensorLibrary> {
  return (await start()).wasm;
}

/** tfjs on its JavaScript backend: slower, and has the gradients that wasm lacks. */
export async function javascript(): Promise<TensorLibrary> {
  return (await start()).javascript;
}

function start() {
  started ??= (async () => {
    const tf = (await import('@tensorflow/tfjs-core')) as TensorLibrary;
    await import('@tensorflow/tfjs-backend-wasm');
    await import('@tensorflow/tfjs-backend-cpu');
    return {wasm: await onBackend(tf, 'wasm'), javascript: await onBackend(tf, 'cpu')};
  })();
  return started;
}

/** A float raster (values as they are). */
export function floats(height: number, width: number, channels: number, values: ArrayLike<number>): Raster {
  return {data: Float64Array.from(values), height, width, channels, maximum: null};
}

/** An 8-bit raster. */
export function bytes(height: number, width: number, channels: number, values: ArrayLike<number>): Raster {
  return {data: Uint8Array.from(values), height, width, channels, maximum: 255};
}

/** The loss of that type, ready with its options. */
export async function createLoss(
  {type, ...options}: LossConfig,
  tf: TensorLibrary,
  classes: LossContext['classes'] = null,
): Promise<{descriptor: LossDescriptor; instance: LossInstance}> {
  const descriptor = losses.find(({id}) => id === type);
  if (!descriptor) throw new Error(`no loss '${type}'`);
  const context: LossContext = {
    tf,
    signal: new AbortController().signal,
    classes,
    async network(request) {
      const {network} = request;
      if (typeof network !== 'string') throw new TypeError('models of the user are tested through the command line');
      return networksOf(tf).open({...request, network});
    },
  };
  return {descriptor, instance: await descriptor.create(descriptor.options.parse(options), context)};
}

const libraries = new Map<string, NetworkLibrary>();

/** The networks of a backend, shared by all losses of a test file. */
function networksOf(tf: TensorLibrary): NetworkLibrary {
  const backend = tf.getBackend();
  const library = libraries.get(backend) ?? new NetworkLibrary(tf, {fast: onnxExecutor, threads: 1});
  libraries.set(backend, library);
  return library;
}

/** A batch of one or more samples under the loss's view. Dispose it. */
export function batchOf(
  descriptor: LossDescriptor,
  instance: LossInstance,
  samples: readonly Rasters[],
  tf: TensorLibrary,
): Batch & {dispose(): void} {
  return makeBatch(
    samples.map((rasters) => viewsOf(descriptor, instance, rasters)),
    tf,
  );
}

/** One sample under the loss's view. */
export function viewsOf(descriptor: LossDescriptor, instance: LossInstance, rasters: Rasters): SampleViews {
  const sample: DecodedSample = {
    key: 'sample',
    has: (role) => role in rasters,
    raster: (role: string, _reading: Reading) => rasters[role] as Raster,
  };
  return sampleViews(sample, {...descriptor.inputs, ...descriptor.optionalInputs}, instance.view);
}

/** The cells of one sample by column part, through the tensor form on wasm. */
export async function score(config: LossConfig, rasters: Rasters): Promise<Record<string, Cell>> {
  const tf = await wasm();
  const {descriptor, instance} = await createLoss(config, tf);
  const batch = batchOf(descriptor, instance, [rasters], tf);
  try {
    const cells = await instance.perSample(batch);
    return Object.fromEntries(Object.entries(cells).map(([part, column]) => [part, column[0] as Cell]));
  } finally {
    batch.dispose();
    instance.dispose?.();
  }
}

/** The same cells from the fused CPU form. */
export async function scoreFused(config: LossConfig, rasters: Rasters): Promise<Record<string, Cell>> {
  const tf = await wasm();
  const {descriptor, instance} = await createLoss(config, tf);
  if (!instance.fused) throw new Error(`'${config.type}' has no fused form`);
  return {...instance.fused(viewsOf(descriptor, instance, rasters))};
}
