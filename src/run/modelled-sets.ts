import {SampleError, UsageError} from '../errors.js';
import type {ImageOptions} from '../images/decode.js';
import type {EmbeddingSet, ScoreSet} from '../losses/dataset-contract.js';
import type {Model, ModelOutput} from '../models/model.js';
import type {Samples} from '../samples/sample.js';
import type {ContentCache} from '../storage/content-cache.js';
import {folderLabels, readLabels} from '../vectors/labels.js';
import type {SourceFile} from '../vectors/source-file.js';
import {type FailedImage, findImages, type ImageWatch, type ModelledImages, modelImages} from './model-images.js';

/** Images that a model is run on. */
export interface ImageSet {
  readonly role: string;
  /** A directory or a glob, and how messages name it. */
  readonly source: SourceFile;
  readonly image: ImageOptions;
  readonly cwd: string;
  readonly watch?: ImageWatch | undefined;
  /** For what the model makes; null keeps nothing. */
  readonly cache: ContentCache | null;
}

/** An image of a set, as the model saw it. */
export interface ModelledFile {
  readonly path: string;
  readonly sha256: string;
}

/** A set that a model made, and what it was made of. */
export interface ModelledSet<Set> {
  readonly set: Set;
  readonly failures: readonly FailedImage[];
  /** Of each item that is in the set, by key. */
  readonly files: ReadonlyMap<string, ModelledFile>;
  /** By role. */
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * Vectors of images, with labels from the folder of their keys or from a CSV (`key,label`), which is read first.
 * Throws UsageError: outputs that are no vector, labels that are missing, or no image that can be used.
 */
export async function embedImages(
  model: Model,
  images: ImageSet,
  labels: SourceFile | 'folder' | null,
  signal: AbortSignal,
): Promise<ModelledSet<EmbeddingSet>> {
  const {role, source} = images;
  if (model.outputShape !== null && !isVector(model.outputShape))
    throw new UsageError('CVL-M008', noVector(model, model.outputShape));
  const samples = await findImages(source.path, role);
  const keys = samples.map(({key}) => key);
  const known = await labelsOf(source, keys, labels, signal);
  let dimensions: number | undefined;
  const accept = ({shape, values}: ModelOutput) => {
    if (!isVector(shape)) throw new SampleError('model-output', noVector(model, shape));
    dimensions ??= values.length;
    if (values.length === dimensions) return;
    throw new SampleError('model-output', `model ${model.name} gives ${values.length} values, of others ${dimensions}`);
  };
  const {items, failures, sha256} = await modelImages(model, samples, images, accept, signal);
  const vectors = new Float64Array(items.length * (dimensions ?? 0));
  items.forEach(({output}, i) => {
    vectors.set(output.values, i * output.values.length);
  });
  const kept = items.map(({key}) => key);
  const set: EmbeddingSet = {
    keys: kept,
    dimensions: dimensions ?? 0,
    vectors,
    labels: known && kept.map((key) => known.byKey.get(key) ?? ''),
  };
  return {
    set,
    failures,
    files: filesOf(samples, role, items),
    sha256: {[role]: sha256, ...(known?.sha256 ? {labels: known.sha256} : {})},
  };
}

/** A discriminator's scores of images: one, or a map of patches. Throws UsageError when no image can be used. */
export async function scoreImages(model: Model, images: ImageSet, signal: AbortSignal): Promise<ModelledSet<ScoreSet>> {
  const samples = await findImages(images.source.path, images.role);
  const made: ModelledImages = await modelImages(model, samples, images, () => undefined, signal);
  const set = {
    keys: made.items.map(({key}) => key),
    scores: made.items.map(({output}) => Float64Array.from(output.values)),
  };
  const files = filesOf(samples, images.role, made.items);
  return {set, failures: made.failures, files, sha256: {[images.role]: made.sha256}};
}

function filesOf(samples: Samples, role: string, items: ModelledImages['items']): Map<string, ModelledFile> {
  const paths = new Map(samples.map(({key, files}) => [key, files[role] as string]));
  return new Map(items.map(({key, sha256}) => [key, {path: paths.get(key) as string, sha256}]));
}

async function labelsOf(
  images: SourceFile,
  keys: readonly string[],
  labels: SourceFile | 'folder' | null,
  signal: AbortSignal,
): Promise<{readonly byKey: ReadonlyMap<string, string>; readonly sha256?: string} | null> {
  if (labels === null) return null;
  const items = {file: images, keys, by: 'key'} as const;
  const read = labels === 'folder' ? {labels: folderLabels(items)} : await readLabels(labels, items, signal);
  const byKey = new Map(keys.map((key, i) => [key, read.labels[i] ?? '']));
  return 'sha256' in read ? {byKey, sha256: read.sha256} : {byKey};
}

function isVector(shape: readonly number[]): boolean {
  return shape.filter((side) => side !== 1).length <= 1;
}

function noVector({name, output}: Model, shape: readonly number[]): string {
  return `model ${name}: its output '${output}' has the shape [${shape.join(', ')}] for an image, expected a vector; say another output`;
}
