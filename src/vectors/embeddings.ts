import {UsageError} from '../errors.js';
import type {EmbeddingSet} from '../losses/dataset-contract.js';
import {firstNotFinite, readArray} from './array.js';
import {folderLabels, type LabelledItems, readLabels} from './labels.js';
import {formatOf, type SourceFile, shown} from './source-file.js';
import {readVectorTable} from './vector-table.js';

/** Where vectors and the identities of their items are. */
export interface EmbeddingSource {
  readonly file: SourceFile;
  /** `folder`: the identity is the folder of the item's key. Null: the vectors' own column `label`, or none. */
  readonly labels: SourceFile | 'folder' | null;
}

/** Vectors that were read, and the SHA-256 of the files. */
export interface ReadEmbeddings {
  readonly set: EmbeddingSet;
  readonly sha256: {readonly vectors: string; readonly labels?: string};
}

/**
 * Reads vectors from an array (NPY, NPZ: `[items, dimensions]`, keys `0`, `1`, …) or a CSV, and their labels.
 * Throws UsageError, a line each: an empty set, a value that is not finite (its row and column), labels that are
 * missing, given twice or of no item.
 */
export async function readEmbeddings(source: EmbeddingSource, signal: AbortSignal): Promise<ReadEmbeddings> {
  const {file, labels} = source;
  const {labels: own, sha256, ...vectors} = await readVectors(file, signal);
  if (labels === null) return {set: {...vectors, labels: own}, sha256: {vectors: sha256}};
  if (own !== null) {
    const other = labels === 'folder' ? 'labels: folder' : shown(labels.name);
    throw new UsageError(
      'CVL-V005',
      `${shown(file.name)} has a column 'label', and ${other} gives labels too; expected one of them`,
    );
  }
  const by = formatOf(file) === 'csv' ? 'key' : 'index';
  const items: LabelledItems = {file, keys: vectors.keys, by};
  if (labels === 'folder') return {set: {...vectors, labels: folderLabels(items)}, sha256: {vectors: sha256}};
  const read = await readLabels(labels, items, signal);
  return {
    set: {...vectors, keys: read.keys, labels: read.labels},
    sha256: {vectors: sha256, labels: read.sha256},
  };
}

async function readVectors(file: SourceFile, signal: AbortSignal): Promise<EmbeddingSet & {readonly sha256: string}> {
  const format = formatOf(file);
  if (format === 'csv') return readVectorTable(file, signal);
  const array = await readArray(file, format, (shape) => checkShape(shape, file));
  const wrong = firstNotFinite(array);
  if (wrong !== null) {
    const [item, column] = wrong;
    const value = array.values[item * array.width + column];
    throw new UsageError(
      'CVL-V004',
      `${shown(file.name)}: vector ${item}, value ${column} (both from 0) is ${value}, expected a finite number`,
    );
  }
  const {items, width, values, sha256} = array;
  const keys = Array.from({length: items}, (_, index) => String(index));
  return {keys, dimensions: width, vectors: values, labels: null, sha256};
}

function checkShape(shape: readonly number[], {name}: SourceFile): void {
  const [items, dimensions] = shape;
  if (shape.length !== 2) {
    throw new UsageError(
      'CVL-V003',
      `${shown(name)}: expected an array [items, dimensions], got the shape [${shape.join(', ')}]`,
    );
  }
  if (items === 0) throw new UsageError('CVL-V003', `${shown(name)}: no vectors, the shape is [0, ${dimensions}]`);
  if (dimensions === 0)
    throw new UsageError('CVL-V003', `${shown(name)}: vectors without values, the shape is [${items}, 0]`);
}
