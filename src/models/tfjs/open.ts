import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {io, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {TensorLibrary} from '../../device/device.js';
import {startDevice} from '../../device/start.js';
import {UsageError} from '../../errors.js';
import {hashOfFiles} from '../file-hash.js';
import {oneLine} from '../one-line.js';
import type {DeclaredValue, ModelRuntime, ModelTensor, RuntimeOptions} from '../runtime.js';
import {readArtifacts} from './artifacts.js';
import {OwnBackend} from './own-backend.js';

/** A graph or a layers model, behind the few calls that both have. */
interface Loaded {
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
  predict(input: Tensor, output: string): Promise<Tensor>;
  dispose(): void;
}

/**
 * Loads a graph or layers model of TensorFlow.js onto its wasm backend; one with an operator that this lacks runs on the
 * plain JavaScript backend, with a notice. Throws UsageError for files that are wrong and layers that are not known.
 */
export async function openTfjs({path, name, onNotice}: RuntimeOptions): Promise<ModelRuntime> {
  const {kind, artifacts, shards} = await readArtifacts({path, name});
  const before = (await import('@tensorflow/tfjs-core')).getBackend();
  const {tf, versions} = await startDevice('cpu');
  const backend = new OwnBackend(tf, (kernel) =>
    onNotice(`model ${name} runs on tfjs's JavaScript backend, many times slower: its wasm backend has no ${kernel}`),
  );
  const load = kind === 'graph' ? loadGraph : loadLayers;
  let loaded: Loaded;
  try {
    loaded = await backend.run(() => load({load: async () => artifacts}));
  } catch (error) {
    throw new UsageError(`model ${name} cannot be loaded: ${oneLine(error)}`, {cause: error});
  }
  // The run's own device, where it is another, stays set between two runs of the model.
  if (before) await tf.setBackend(before);
  const {inputs, outputs} = loaded;
  return {
    format: `tfjs-${kind}`,
    usualLayout: 'nhwc',
    sha256: await hashOfFiles([path, ...shards]),
    versions,
    inputs,
    outputs,
    run: (input, output) => backend.run(() => runOnce(tf, loaded, inputs[0]?.element === 'int32', input, output)),
    async close() {
      loaded.dispose();
    },
  };
}

async function runOnce(
  tf: TensorLibrary,
  loaded: Loaded,
  isInteger: boolean,
  {shape, values}: ModelTensor,
  output: string,
): Promise<ModelTensor> {
  const input = tf.tensor(values, [...shape], isInteger ? 'int32' : 'float32');
  let made: Tensor | undefined;
  try {
    made = await loaded.predict(input, output);
    return {shape: [...made.shape], values: Float32Array.from(await made.data())};
  } finally {
    made?.dispose();
    input.dispose();
  }
}

async function loadGraph(handler: io.IOHandler): Promise<Loaded> {
  const {loadGraphModel} = await import('@tensorflow/tfjs-converter');
  const model: GraphModel = await loadGraphModel(handler);
  const inputs = model.inputs.map(declared);
  return {
    inputs,
    outputs: model.outputs.map(declared),
    async predict(input, output) {
      const feeds = {[inputs[0]?.name ?? '']: input};
      try {
        return model.execute(feeds, output) as Tensor;
      } catch (error) {
        // Loops and other operators whose output's shape is known only when they have run.
        if (!/dynamic op|executeAsync/.test(String(error))) throw error;
        return (await model.executeAsync(feeds, output)) as Tensor;
      }
    },
    dispose: () => model.dispose(),
  };
}

async function loadLayers(handler: io.IOHandler): Promise<Loaded> {
  const {loadLayersModel} = await import('@tensorflow/tfjs-layers');
  const model: LayersModel = await loadLayersModel(handler);
  const outputs = model.outputs.map((value, i) => ({...declared(value), name: model.outputNames[i] ?? value.name}));
  return {
    inputs: model.inputs.map((value, i) => ({...declared(value), name: model.inputNames[i] ?? value.name})),
    outputs,
    async predict(input, output) {
      const made = [model.predict(input)].flat() as Tensor[];
      const at = outputs.findIndex(({name}) => name === output);
      for (const [i, tensor] of made.entries()) if (i !== at) tensor.dispose();
      return made[at] as Tensor;
    },
    dispose: () => model.dispose(),
  };
}

function declared(value: {
  readonly name: string;
  readonly dtype?: string;
  readonly shape?: readonly (number | null)[] | null;
}): DeclaredValue {
  const side = (length: number | null) => (length !== null && length > 0 ? length : null);
  return {name: value.name, element: value.dtype ?? 'float32', shape: value.shape?.map(side) ?? null};
}
