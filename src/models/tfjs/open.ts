import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {io, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {TensorLibrary} from '../../device/device.js';
import {startDevice} from '../../device/start.js';
import {UsageError} from '../../errors.js';
import {notice} from '../../notice.js';
import {hashOfFiles} from '../file-hash.js';
import {oneLine} from '../one-line.js';
import type {DeclaredValue, ModelRuntime, ModelTensor, RuntimeOptions} from '../runtime.js';
import {readArtifacts} from './artifacts.js';
import {OwnBackend} from './own-backend.js';

/** A graph or a layers model, behind the few calls that both have. */
interface Loaded {
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
  readonly inside: readonly string[];
  predict(input: Tensor, outputs: readonly string[]): Promise<Tensor[]>;
  dispose(): void;
}

/**
 * Loads a graph or layers model of TensorFlow.js onto its wasm backend; one with an operator that this lacks runs on the
 * plain JavaScript backend, with a notice. Throws UsageError for files that are wrong and layers that are not known.
 */
export async function openTfjs({path, name, outputs: wanted, onNotice}: RuntimeOptions): Promise<ModelRuntime> {
  const {kind, artifacts, shards} = await readArtifacts({path, name});
  const {tf, ready, versions} = await startDevice('cpu');
  await ready();
  const backend = new OwnBackend(tf, (kernel) =>
    onNotice(
      notice(
        'CVL-W014',
        `model ${name} runs on tfjs's JavaScript backend, many times slower: its wasm backend has no ${kernel}`,
      ),
    ),
  );
  const handler = {load: async () => artifacts};
  const load = () => (kind === 'graph' ? loadGraph(handler, artifacts) : loadLayers(handler, wanted));
  let loaded: Loaded;
  try {
    loaded = await backend.run(load);
  } catch (error) {
    throw new UsageError('CVL-M003', `model ${name} cannot be loaded: ${oneLine(error)}`, {cause: error});
  }
  const {inputs, outputs, inside} = loaded;
  return {
    format: `tfjs-${kind}`,
    usualLayout: 'nhwc',
    sha256: await hashOfFiles([path, ...shards]),
    versions,
    inputs,
    outputs,
    asked: wanted.map((output) => findOutput(loaded, output)),
    inside,
    sight: null,
    run: (input, names) => backend.run((tf) => runOnce(tf, loaded, inputs[0]?.element === 'int32', input, names)),
    async close() {
      loaded.dispose();
    },
  };
}

/** TensorFlow numbers the outputs of a node: `name:0`. */
function findOutput({outputs, inside}: Loaded, name: string): string | null {
  const names = [...outputs.map((output) => output.name), ...inside];
  return [name, `${name}:0`].find((one) => names.includes(one)) ?? null;
}

async function runOnce(
  tf: TensorLibrary,
  loaded: Loaded,
  isInteger: boolean,
  {shape, values}: ModelTensor,
  outputs: readonly string[],
): Promise<ModelTensor[]> {
  const input = tf.tensor(values, [...shape], isInteger ? 'int32' : 'float32');
  let made: readonly Tensor[] = [];
  try {
    made = await loaded.predict(input, outputs);
    const tensors: ModelTensor[] = [];
    for (const tensor of made) {
      tensors.push({shape: [...tensor.shape], values: Float32Array.from(await tensor.data())});
    }
    return tensors;
  } catch (error) {
    const operator = /Unknown op '([^']*)'/.exec(String(error))?.[1];
    if (operator === undefined) throw error;
    throw new Error(`TensorFlow.js does not know its operator '${operator}'; convert the model to ONNX`, {
      cause: error,
    });
  } finally {
    for (const tensor of made) tensor.dispose();
    input.dispose();
  }
}

/** Nodes that hold what a graph begins with, or nothing. */
const NOT_COMPUTED = ['Const', 'Placeholder', 'PlaceholderWithDefault', 'NoOp'];

/** The names of the nodes that compute something. */
function computedNodes({modelTopology}: io.ModelArtifacts): string[] {
  const {node} = modelTopology as {readonly node?: readonly {readonly name: string; readonly op: string}[]};
  return (node ?? []).filter(({op}) => !NOT_COMPUTED.includes(op)).map(({name}) => name);
}

async function loadGraph(handler: io.IOHandler, artifacts: io.ModelArtifacts): Promise<Loaded> {
  const {loadGraphModel} = await import('@tensorflow/tfjs-converter');
  const model: GraphModel = await loadGraphModel(handler);
  const inputs = model.inputs.map(declared);
  const outputs = model.outputs.map(declared);
  return {
    inputs,
    outputs,
    inside: computedNodes(artifacts).filter((node) => outputs.every(({name}) => name.replace(/:\d+$/, '') !== node)),
    async predict(input, names) {
      const feeds = {[inputs[0]?.name ?? '']: input};
      try {
        return [model.execute(feeds, [...names])].flat();
      } catch (error) {
        // Loops and other operators whose output's shape is known only when they have run.
        if (!/dynamic op|executeAsync/.test(String(error))) throw error;
        return [await model.executeAsync(feeds, [...names])].flat();
      }
    },
    dispose: () => model.dispose(),
  };
}

/** A layers model. Where layers inside of it are asked for, what is asked for takes the place of its outputs. */
async function loadLayers(handler: io.IOHandler, asked: readonly string[]): Promise<Loaded> {
  const {loadLayersModel, model: makeModel} = await import('@tensorflow/tfjs-layers');
  const whole: LayersModel = await loadLayersModel(handler);
  const given = whole.outputs.map(({sourceLayer}) => sourceLayer.name);
  const inside = whole.layers
    .filter((layer) => layer.getClassName() !== 'InputLayer' && !given.includes(layer.name))
    .map(({name}) => name);
  const outputOf = (name: string) => {
    const at = given.indexOf(name);
    return at < 0 ? [whole.getLayer(name).getOutputAt(0)].flat().slice(0, 1) : whole.outputs.slice(at, at + 1);
  };
  const found = asked.filter((name) => inside.includes(name) || given.includes(name));
  const model = found.some((name) => inside.includes(name))
    ? makeModel({inputs: whole.inputs, outputs: found.flatMap(outputOf)})
    : whole;
  // The name of a layer, which its config gives; that of a tensor has a number of the process in it.
  const outputs = model.outputs.map((value) => {
    const {sourceLayer, outputTensorIndex = 0} = value;
    return {...declared(value), name: sourceLayer.name + (outputTensorIndex > 0 ? `:${outputTensorIndex}` : '')};
  });
  return {
    inputs: model.inputs.map((value, i) => ({...declared(value), name: model.inputNames[i] ?? value.name})),
    outputs,
    inside: inside.filter((name) => !found.includes(name)),
    async predict(input, names) {
      const made = [model.predict(input)].flat() as Tensor[];
      const wanted = names.map((name) => made[outputs.findIndex((output) => output.name === name)] as Tensor);
      for (const tensor of made) if (!wanted.includes(tensor)) tensor.dispose();
      return wanted;
    },
    dispose: () => whole.dispose(),
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
