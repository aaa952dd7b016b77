import {readFile} from 'node:fs/promises';
import type {io} from '@tensorflow/tfjs-core';
import {UsageError} from '../../errors.js';
import {parseForeignJson} from '../../foreign-json.js';
import {printable} from '../../printable.js';
import {companionFile, type ModelFile} from '../model-folder.js';
import {readModelFile} from '../read-file.js';

/** A model.json and its weights, read. */
export interface TfjsArtifacts {
  readonly kind: 'graph' | 'layers';
  readonly artifacts: io.ModelArtifacts;
  /** The weights' files, absolute, in the order in which the manifest names them. */
  readonly shards: readonly string[];
}

interface ManifestGroup {
  readonly paths: readonly string[];
  readonly weights: readonly io.WeightsManifestEntry[];
}

/**
 * Reads a model.json as TensorFlow.js saves it, and the shards that its manifest names, from the model's folder only.
 * Throws UsageError for what is no such file, shards elsewhere or missing, and weights of another length than declared.
 */
export async function readArtifacts(file: ModelFile): Promise<TfjsArtifacts> {
  const model = parseModel(file, (await readModelFile(file)).toString('utf8'));
  const kind = kindOf(file, model);
  const groups = manifestOf(file, model.weightsManifest);
  const shards: string[] = [];
  for (const path of groups.flatMap(({paths}) => paths)) shards.push(await companionFile(file, path, 'weights'));
  const weightSpecs = groups.flatMap(({weights}) => [...weights]);
  const weights = Buffer.concat(await Promise.all(shards.map((shard) => readFile(shard))));
  checkLength(file, weightSpecs, weights.length);
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length) as ArrayBuffer;
  return {kind, shards, artifacts: {...model, weightSpecs, weightData} as io.ModelArtifacts};
}

function parseModel({name}: ModelFile, text: string): Record<string, unknown> {
  let model: unknown;
  try {
    model = parseForeignJson(text);
  } catch (error) {
    throw new UsageError('CVL-M002', `model ${name} is no JSON (${(error as Error).message})`, {cause: error});
  }
  if (isMap(model) && isMap(model.modelTopology)) return model;
  throw new UsageError('CVL-M002', `model ${name} is no model.json of TensorFlow.js: it has no modelTopology`);
}

function kindOf({name}: ModelFile, {format, modelTopology}: Record<string, unknown>): TfjsArtifacts['kind'] {
  if (format === 'graph-model') return 'graph';
  if (format === 'layers-model') return 'layers';
  // Older converters wrote no format.
  if (isMap(modelTopology) && Array.isArray(modelTopology.node)) return 'graph';
  if (isMap(modelTopology) && ('model_config' in modelTopology || 'class_name' in modelTopology)) return 'layers';
  throw new UsageError(
    'CVL-M002',
    `model ${name}: expected a model of format graph-model or layers-model, got ${typeof format === 'string' ? `'${printable(format.slice(0, 60))}'` : 'none'}`,
  );
}

function manifestOf({name}: ModelFile, manifest: unknown): readonly ManifestGroup[] {
  const isGroup = (group: unknown): group is ManifestGroup =>
    isMap(group) &&
    Array.isArray(group.paths) &&
    group.paths.every((path) => typeof path === 'string') &&
    Array.isArray(group.weights) &&
    group.weights.every(isWeight);
  if (Array.isArray(manifest) && manifest.every(isGroup)) return manifest;
  throw new UsageError('CVL-M002', `model ${name}: expected a weightsManifest, a list of {paths, weights}`);
}

function isWeight(weight: unknown): weight is io.WeightsManifestEntry {
  return (
    isMap(weight) &&
    typeof weight.name === 'string' &&
    Array.isArray(weight.shape) &&
    weight.shape.every((side) => Number.isSafeInteger(side) && side >= 0)
  );
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** The length of weights is known from their shapes; of texts it is not. */
function checkLength({name}: ModelFile, specs: readonly io.WeightsManifestEntry[], length: number): void {
  let expected = 0;
  for (const {shape, dtype, quantization} of specs) {
    const bytes = BYTES[quantization?.dtype ?? dtype];
    if (bytes === undefined) return;
    expected += bytes * shape.reduce((product, side) => product * side, 1);
  }
  if (expected === length) return;
  throw new UsageError(
    'CVL-M002',
    `model ${name}: its weights have ${length} bytes, expected ${expected}; copy the shards again`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
