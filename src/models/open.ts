import {availableParallelism} from 'node:os';
import {UsageError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import {nearest} from '../nearest.js';
import {imageInput, listed} from './image-input.js';
import {loadModel} from './load.js';
import type {Model, ModelOutput, ModelSpec} from './model.js';
import {blankImage, type ReadyModel, runOnImages} from './run.js';
import type {ModelRuntime, ModelTensor} from './runtime.js';

/** How a model is opened. */
export interface OpenOptions {
  /** The model's file as messages name it; its path by default. */
  readonly name?: string;
  /** Of ONNX Runtime; one a core by default. */
  readonly threads?: number;
  /** Called with a line where the model runs slower than it could. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/**
 * Opens an ONNX model (`.onnx`) or a graph or layers model of TensorFlow.js (`model.json`) that takes one image, and
 * runs it once on a blank one where its size is known, so that no image is read for a model that does not work.
 * Throws UsageError, a line each, for files that are wrong, missing or outside the model's folder, a runtime that is not
 * installed, an unknown operator, inputs that are no image, and an output that is not named or nowhere in the model.
 */
export async function openModel(spec: ModelSpec, options: OpenOptions = {}): Promise<Model> {
  const {name = spec.model, threads = availableParallelism(), onNotice = () => undefined} = options;
  const outputs = spec.output === null ? [] : [spec.output];
  const runtime = await loadModel({path: spec.model, name, outputs, threads, onNotice});
  try {
    const input = imageInput(name, runtime.inputs, spec, runtime.usualLayout);
    const output = outputOf(name, runtime, spec.output);
    const run = (images: readonly Raster[]) => runAll({name, runtime, input, output}, images);
    const blank = blankImage(input);
    const [first] = blank ? await run([blank]) : [];
    const {format, sha256, versions} = runtime;
    const close = () => runtime.close();
    return {name, format, sha256, versions, input, output, outputShape: first?.shape ?? null, run, close};
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

function outputOf(name: string, {outputs, asked: [asked = null], inside}: ModelRuntime, wanted: string | null): string {
  if (asked !== null) return asked;
  const [first] = outputs;
  if (first === undefined) throw new UsageError('CVL-M007', `model ${name} has no output`);
  if (wanted === null) {
    if (outputs.length === 1) return first.name;
    throw new UsageError(
      'CVL-M007',
      `model ${name} has ${outputs.length} outputs (${listed(outputs)}); say which: output: NAME`,
    );
  }
  const near = nearest(wanted, [...outputs.map((output) => output.name), ...inside]);
  // The values next to the outputs are those that one mostly wants.
  const last = inside.length > 0 ? `, or a value inside of it: ${inside.slice(-5).join(', ')}` : '';
  const hint = near === null ? `expected ${listed(outputs)}${last}` : `did you mean '${near}'?`;
  throw new UsageError('CVL-M007', `model ${name} has no output '${wanted}'; ${hint}`);
}

/** Runs of as many images as the model takes at once, one by one where it takes any number; the last run is filled up. */
async function runAll(
  ready: ReadyModel & {readonly output: string},
  images: readonly Raster[],
): Promise<ModelOutput[]> {
  const batch = ready.input.batch ?? 1;
  const outputs: ModelOutput[] = [];
  for (let at = 0; at < images.length; at += batch) {
    const part = images.slice(at, at + batch);
    const [{shape, values}] = (await runOnImages(ready, part, [ready.output])) as [ModelTensor];
    outputs.push(...split(ready.name, shape, values, batch).slice(0, part.length));
  }
  return outputs;
}

function split(name: string, shape: readonly number[], values: Float32Array, batch: number): ModelOutput[] {
  // A model of one image may leave out the axis of the batch.
  if (batch === 1 && shape[0] !== 1) return [{shape, values}];
  if (shape[0] !== batch) {
    throw new UsageError(
      'CVL-M008',
      `model ${name} takes ${batch} images at once, and its output has the shape [${shape.join(', ')}]; expected ${batch} first`,
    );
  }
  const length = values.length / batch;
  return Array.from({length: batch}, (_, i) => ({
    shape: shape.slice(1),
    values: values.slice(i * length, (i + 1) * length),
  }));
}
