import {createHash} from 'node:crypto';
import {isSampleError, SampleError, UsageError} from '../errors.js';
import type {ImageOptions} from '../images/decode.js';
import type {Raster} from '../images/raster.js';
import {resample} from '../images/resample.js';
import type {ImageInput, Model, ModelOutput} from '../models/model.js';
import {gatherSamples} from '../samples/gather.js';
import type {Sample, Samples} from '../samples/sample.js';
import type {ContentCache} from '../storage/content-cache.js';
import {decodeFile} from './decoded-file.js';
import {KnownOutputs} from './known-outputs.js';
import {prefetch} from './prefetch.js';

/** An image that cannot be used; its row is a failed one. */
export interface FailedImage {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** What a model made of the images of a role. */
export interface ModelledImages {
  /** In the order of the samples. */
  readonly items: readonly {readonly key: string; readonly output: ModelOutput; readonly sha256: string}[];
  readonly failures: readonly FailedImage[];
  /** Over the keys and the SHA-256 of every image. */
  readonly sha256: string;
}

/** What a caller may watch while a model runs on images, which is where the time goes. */
export interface ImageWatch {
  /** Called before a model runs on the images of a role. */
  readonly onImages?: ((images: {readonly role: string; readonly count: number}) => void) | undefined;
  /** Called for every one of them, when it was run or could not be. */
  readonly onImage?: (() => void) | undefined;
}

/** How images are found and named. */
export interface ImageSource {
  readonly role: string;
  readonly image: ImageOptions;
  readonly cwd: string;
  readonly watch?: ImageWatch | undefined;
  /** For what the model makes; null keeps nothing. */
  readonly cache?: ContentCache | null | undefined;
}

/** The images of a directory, a glob or one file. Throws UsageError for what finding refuses. */
export async function findImages(path: string, role: string): Promise<Samples> {
  const nothing = {match: {}, pairs: null, allowMissing: false, classes: null, sets: null, groupBy: null};
  const {samples} = await gatherSamples({...nothing, inputs: {[role]: path}, requiredRoles: [role], optionalRoles: []});
  return samples;
}

/**
 * Runs a model on images that it was not run on before, each decoded and resampled (antialiased) to the model's size; a few are decoded ahead. `accept`
 * looks at each output and throws where it cannot be used. An image that fails is left out and listed.
 * Throws UsageError, with the first reason, when all of them fail, and the signal's reason when aborted.
 */
export async function modelImages(
  model: Model,
  samples: Samples,
  source: ImageSource,
  accept: (output: ModelOutput) => void,
  signal: AbortSignal,
): Promise<ModelledImages> {
  const items: {key: string; output: ModelOutput; sha256: string}[] = [];
  const failures: FailedImage[] = [];
  const hash = createHash('sha256');
  const {role, watch} = source;
  watch?.onImages?.({role, count: samples.length});
  const known = source.cache ? await KnownOutputs.of(source.cache, model, source.image) : null;
  const load = (sample: Sample) => loadImage(sample, model.input, source, known);
  for await (const loaded of prefetch(samples, load, ({raster}) => raster?.data.byteLength ?? 0)) {
    signal.throwIfAborted();
    const {key, sha256} = loaded;
    hash.update(`${key}\0${sha256}\n`);
    try {
      const output = await outputOf(loaded, model);
      checkFinite(output, model);
      accept(output);
      if (!loaded.output) await known?.keep(sha256, output);
      items.push({key, output, sha256});
    } catch (error) {
      failures.push({key, ...failureOf(error, role)});
    }
    watch?.onImage?.();
  }
  const [first] = failures;
  if (items.length === 0 && first) {
    const others = failures.length === 1 ? '' : ` (and ${failures.length - 1} more that fail)`;
    throw new UsageError('CVL-S019', `no image can be used: ${first.key}: ${first.message}${others}`);
  }
  return {items, failures, sha256: hash.digest('hex')};
}

/** An image, or what the model made of it in an earlier run, or why it cannot be used. */
interface LoadedImage {
  readonly key: string;
  readonly sha256: string;
  readonly raster?: Raster;
  readonly output?: ModelOutput | null;
  readonly failure?: SampleError;
}

async function loadImage(
  {key, files}: Sample,
  input: ImageInput,
  {role, image, cwd}: ImageSource,
  known: KnownOutputs | null,
): Promise<LoadedImage> {
  const color = input.color === 'grey' ? 'grey' : 'rgb';
  const file = files[role] as string;
  try {
    const output = known && (await known.find(file));
    if (output) return {key, ...output};
    const {sha256, rasters} = await decodeFile(role, file, ['pixels'], {image: {...image, color}, cwd});
    const raster = rasters.get('pixels') as Raster;
    return {key, sha256, raster: input.size ? resample(raster, ...input.size) : raster};
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    return {key, sha256: '', failure: error};
  }
}

async function outputOf({raster, output, failure}: LoadedImage, model: Model): Promise<ModelOutput> {
  if (output) return output;
  if (!raster) throw failure;
  const [made] = await model.run([raster]);
  if (made === undefined) throw new TypeError('the model gave nothing for an image');
  return made;
}

/** Throws SampleError `model-output` for a value that is not finite. */
export function checkFinite({values}: ModelOutput, {name, output}: Model): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new SampleError(
    'model-output',
    `model ${name} gives ${values[at]} at value ${at} (from 0) of its output '${output}', expected finite numbers`,
  );
}

function failureOf(error: unknown, role: string): Omit<FailedImage, 'key'> {
  if (isSampleError(error)) return {code: error.code, message: error.message};
  if (error instanceof UsageError) return {code: 'model-failed', message: `${role}: ${error.message}`};
  throw error;
}
