import {dirname} from 'node:path';
import type {InferenceSession} from 'onnxruntime-node';
import {
  INSTALL_ONNX_RUNTIME,
  loadOnnxRuntime,
  type OnnxRuntime,
  onnxRuntimeVersion,
} from '../../device/onnx-runtime.js';
import {UsageError} from '../../errors.js';
import {hashOfFiles} from '../file-hash.js';
import {companionFile, type ModelFile} from '../model-folder.js';
import {oneLine} from '../one-line.js';
import {readModelFile} from '../read-file.js';
import type {DeclaredValue, ModelRuntime, RuntimeOptions} from '../runtime.js';
import {tensorOf, valuesOf} from './element-type.js';
import {externalLocations} from './external-data.js';
import {linkedWeights, type WeightFile} from './linked-weights.js';
import {findValue, type GraphOutline, graphOutline, selectOutputs} from './select-outputs.js';
import {onnxSight} from './sight.js';

/**
 * Loads an ONNX model into ONNX Runtime, on the CPU. Weights outside of it are read from its folder only. The runtime gives
 * outputs of a graph only, so a value inside of one is made its output first.
 * Throws UsageError: no runtime, no ONNX, weights elsewhere or missing, an operator that the runtime does not know.
 */
export async function openOnnx({path, name, outputs, threads}: RuntimeOptions): Promise<ModelRuntime> {
  const file = {path, name};
  const bytes = await readModelFile(file);
  const {locations, outline} = contentOf(file, bytes);
  const companions: string[] = [];
  for (const location of locations) companions.push(await companionFile(file, location, 'external data'));
  const runtime = await runtimeOrRemedy(name);
  const asked = outputs.map((output) => findValue(outline, output));
  const kept = cutModel(bytes, outline, asked);
  const cut = kept && {bytes: kept, weights: await linkedWeights(file, locations)};
  const session = await openSession(runtime, file, cut, threads);
  return {
    format: 'onnx',
    usualLayout: 'nchw',
    sha256: await hashOfFiles([path, ...companions]),
    versions: {'onnxruntime-node': onnxRuntimeVersion()},
    inputs: session.inputMetadata.map(declared),
    outputs: session.outputMetadata.map(declared),
    asked,
    inside: outline.nodes.flatMap(({outputs}) => outputs).filter((value) => !outline.outputs.includes(value)),
    sight: onnxSight(bytes),
    async run({shape, values}, wanted) {
      const [input] = session.inputMetadata as readonly InferenceSession.TensorValueMetadata[];
      if (input === undefined) throw new TypeError('the model has no input');
      const made = await session.run({[input.name]: tensorOf(runtime, input.type, values, shape)}, wanted);
      return wanted.map((output) => {
        const tensor = made[output];
        const numbers = tensor && valuesOf(tensor);
        if (!tensor || !numbers) throw new TypeError(`the output '${output}' holds no numbers`);
        return {shape: tensor.dims, values: numbers};
      });
    },
    close: () => session.release(),
  };
}

/** The model without what the values asked for do not need, which the runtime would compute; null where they need it all. */
function cutModel(bytes: Buffer, {outputs}: GraphOutline, asked: readonly (string | null)[]): Uint8Array | null {
  const found = asked.filter((value) => value !== null);
  const isWhole = outputs.every((output) => found.includes(output)) && found.every((value) => outputs.includes(value));
  return found.length === 0 || isWhole ? null : selectOutputs(bytes, found);
}

function contentOf(
  {name}: ModelFile,
  bytes: Buffer,
): {readonly locations: readonly string[]; readonly outline: GraphOutline} {
  try {
    return {locations: externalLocations(bytes), outline: graphOutline(bytes)};
  } catch (error) {
    throw new UsageError('CVL-M002', `model ${name} is no ONNX model, or damaged (${oneLine(error)})`, {cause: error});
  }
}

async function runtimeOrRemedy(name: string): Promise<OnnxRuntime> {
  try {
    const runtime = await loadOnnxRuntime();
    // Warnings are advice on the graph, which is not ours to change.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (error) {
    const isMissing = /cannot find (package|module) 'onnxruntime-node'/i.test(String(error));
    const problem = isMissing ? 'is not installed' : `does not load (${oneLine(error)})`;
    throw new UsageError(
      'CVL-M004',
      `model ${name} needs ONNX Runtime, and onnxruntime-node ${problem}: ${INSTALL_ONNX_RUNTIME}`,
      {
        cause: error,
      },
    );
  }
}

/** A session of a model's file, or of other bytes in place of it. */
async function openSession(
  runtime: OnnxRuntime,
  {path, name}: ModelFile,
  changed: {readonly bytes: Uint8Array; readonly weights: WeightFile[]} | null,
  threads: number,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    enableMemPattern: false,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    externalData: changed?.weights ?? [],
    extra: {
      session: {
        // Idle threads leave the cores to the decoders between two runs.
        force_spinning_stop: '1',
        ...(changed && {model_external_initializers_file_folder_path: dirname(path)}),
      },
    },
  };
  const {InferenceSession} = runtime;
  try {
    return await (changed ? InferenceSession.create(changed.bytes, options) : InferenceSession.create(path, options));
  } catch (error) {
    const text = oneLine(error);
    const reason = /protobuf parsing failed/i.test(text)
      ? 'it is no ONNX model, or damaged'
      : text.replaceAll(path, name);
    throw new UsageError('CVL-M003', `model ${name} cannot be loaded: ${reason}`, {cause: error});
  }
}

function declared(value: InferenceSession.ValueMetadata): DeclaredValue {
  if (!value.isTensor) return {name: value.name, element: 'no tensor', shape: null};
  // A shape that is not declared comes as an empty list.
  const shape = value.shape.length === 0 ? null : value.shape.map((side) => (typeof side === 'number' ? side : null));
  return {name: value.name, element: value.type, shape};
}
