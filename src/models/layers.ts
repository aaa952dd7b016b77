import {availableParallelism} from 'node:os';
import {SampleError, UsageError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {Mask} from '../kernels/mask-windows.js';
import {imageInput} from './image-input.js';
import {type LayerMap, layerMap, notAMap} from './layer-map.js';
import {loadModel} from './load.js';
import type {ImageInput, Model, ModelSpec} from './model.js';
import type {OpenOptions} from './open.js';
import {blankImage, runOnImages} from './run.js';
import type {ModelRuntime, ModelTensor} from './runtime.js';
import {layoutOf, type Sight, seenOnly, UnknownSight} from './sight.js';

/** A model whose outputs, and the values inside of it, are read as layers of a network. */
export interface LayeredModel extends Pick<Model, 'name' | 'format' | 'sha256' | 'versions' | 'input'> {
  /** Names of the outputs, then of the values inside. */
  readonly layers: readonly string[];
  /** Those that can be read so far. A runtime may compute a layer in another way where others are read beside it. */
  readonly used: readonly string[];
  /**
   * Adds layers to those that can be read, and runs them on a blank image where the model's size is known.
   * Throws UsageError for one that is no map, and for a value inside of which it is not known where its channels are.
   */
  useLayers(names: readonly string[]): Promise<void>;
  /**
   * Layers of one image of the input's size and channels, by name.
   * Throws SampleError `model-failed` where the model cannot be run on it, and what reading a layer throws.
   */
  run(image: Raster, names: readonly string[]): Promise<ReadonlyMap<string, LayerMap>>;
  /** 1 at each position of a layer that sees no 0 of a mask of an image. Throws SampleError `ignore` where that is not known. */
  seenOnly(layer: string, mask: Mask): Mask;
  close(): Promise<void>;
}

/**
 * Opens an ONNX model or a graph or layers model of TensorFlow.js that takes one image, as a network. Throws UsageError, a
 * line each, for files, inputs and runtimes as `openModel` does.
 */
export async function openLayers(
  spec: Omit<ModelSpec, 'output'>,
  {name = spec.model, threads = availableParallelism(), onNotice = () => undefined}: OpenOptions = {},
): Promise<LayeredModel> {
  const load = (outputs: readonly string[]) => loadModel({path: spec.model, name, outputs, threads, onNotice});
  const whole = await load([]);
  try {
    return layered(name, whole, spec, load);
  } catch (error) {
    await whole.close();
    throw error;
  }
}

function layered(
  name: string,
  whole: ModelRuntime,
  spec: Omit<ModelSpec, 'output'>,
  load: (outputs: readonly string[]) => Promise<ModelRuntime>,
): LayeredModel {
  const {format, sha256, versions, outputs, inside, sight} = whole;
  const input = imageInput(name, whole.inputs, {...spec, output: null}, whole.usualLayout);
  const layers = [...new Set([...outputs.map((output) => output.name), ...inside])];
  let runtime = whole;
  let used: readonly string[] = [];
  const run = (image: Raster, names: readonly string[]) => runOnImages({name, runtime, input}, [image], names);
  const {batch} = input;
  const layout = (layer: string) => (sight && layoutOf(sight, layer, input.layout)) ?? input.layout;
  const refuse = (layer: string, shape: readonly (number | null)[]) => {
    const problem = notAMap({layout: layout(layer), batch}, shape);
    if (problem) throw new UsageError('CVL-M008', `model ${name}: its output '${layer}' ${problem}`);
  };
  return {
    ...{name, format, sha256, versions, input, layers},
    get used() {
      return used;
    },
    async useLayers(names) {
      const moved = names.find((layer) => inside.includes(layer) && sight && !layoutOf(sight, layer, input.layout));
      if (moved !== undefined) throw new UsageError('CVL-M008', `model ${name}: ${unknownLayout(moved)}`);
      const wanted = layers.filter((layer) => used.includes(layer) || names.includes(layer));
      if (wanted.length > used.length) {
        const cut = await load(wanted);
        await runtime.close();
        [runtime, used] = [cut, wanted];
      }
      for (const {name: layer, shape} of runtime.outputs) if (shape && names.includes(layer)) refuse(layer, shape);
      const blank = blankImage(input);
      if (blank === null) return;
      for (const [i, {shape}] of (await run(blank, names)).entries()) refuse(names[i] as string, shape);
    },
    async run(image, names) {
      try {
        const made = await run(image, names);
        const of = (layer: string, i: number) =>
          layerMap({name, layer, layout: layout(layer), batch, image}, made[i] as ModelTensor);
        return new Map(names.map((layer, i) => [layer, of(layer, i)]));
      } catch (error) {
        if (error instanceof UsageError) throw new SampleError('model-failed', error.message, {cause: error});
        throw error;
      }
    },
    seenOnly: (layer, mask) => seenOnlyIn({name, input, sight}, layer, mask),
    close: () => runtime.close(),
  };
}

function unknownLayout(layer: string): string {
  return `where the channels of '${layer}' are is not known, since an operator before it may have moved them; make it an output of the model, in the layout of its input`;
}

/** A model, and what its values see. */
interface Seeing {
  readonly name: string;
  readonly input: ImageInput;
  readonly sight: Sight | null;
}

function seenOnlyIn({name, input: {size, layout}, sight}: Seeing, layer: string, mask: Mask): Mask {
  const unknown = (reason: string) =>
    new SampleError('ignore', `which pixels ${name}'s ${layer} sees is not known, so none can be ignored: ${reason}`);
  if (size && (size[0] !== mask.height || size[1] !== mask.width)) throw unknown('images are resampled to its size');
  if (sight === null || layout !== 'nchw') throw unknown('it is no ONNX model with channels first');
  try {
    return seenOnly(sight, layer, mask);
  } catch (error) {
    if (error instanceof UnknownSight) throw unknown(error.message);
    throw error;
  }
}
