import {readFile, realpath, stat} from 'node:fs/promises';
import {dirname, isAbsolute, join, normalize, sep} from 'node:path';
import {parseForeignJson} from '../../foreign-json.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {fromLittleEndian} from '../weights/bytes.js';
import type {OpenTensorFile} from '../weights/open-file.js';
import {checkedValues, elementCount, floatEntry, type TensorDescription} from '../weights/tensor-file.js';

const LONGEST_MODEL = 100_000_000;
/** Types of tfjs, by the bytes of an element. */
const DTYPES: ReadonlyMap<unknown, readonly [dtype: string, bytes: number]> = new Map([
  ['float32', ['F32', 4]],
  ['int32', ['I32', 4]],
  ['bool', ['BOOL', 1]],
  ['uint8', ['U8', 1]],
]);

/** A tensor of a manifest: where it lies in the shards of its group, put together. */
interface ManifestTensor extends TensorDescription {
  readonly shards: readonly string[];
  readonly start: number;
  readonly bytes: number;
}

/**
 * Opens a tfjs model: `model.json` with a `weightsManifest` of groups, each a list of tensors and the shard files that hold
 * them one after the other, beside the model. Quantised weights are not taken: they are not the published ones.
 * Throws RangeError when it is no such model, when a shard is missing or too short, and for a shard outside the model's folder.
 * Reference: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts, WeightsManifestConfig.
 */
export async function openTfjsModel(path: string): Promise<OpenTensorFile> {
  const {size} = await stat(path);
  if (size > LONGEST_MODEL) throw new RangeError(`no tfjs model: a model.json of ${size} bytes is not read`);
  const entries = new Map<string, ManifestTensor>();
  for (const group of manifest(await readFile(path, 'utf8'))) addGroup(group, entries);
  return {
    entries,
    metadata: new Map(),
    async read(name) {
      const tensor = floatEntry(entries, name);
      const bytes = await readShards(path, tensor, name);
      return checkedValues(name, tensor, fromLittleEndian(bytes));
    },
    close: async () => undefined,
  };
}

function manifest(text: string): readonly unknown[] {
  let model: unknown;
  try {
    model = parseForeignJson(text);
  } catch {
    throw new RangeError('no weights file that can be read: it begins like JSON and is none');
  }
  const {weightsManifest} = (model ?? {}) as {readonly weightsManifest?: unknown};
  if (!Array.isArray(weightsManifest)) throw new RangeError('a JSON file without weightsManifest, so no tfjs model');
  return weightsManifest;
}

function addGroup(group: unknown, entries: Map<string, ManifestTensor>): void {
  const {paths, weights} = (group ?? {}) as Record<string, unknown>;
  if (!Array.isArray(paths) || !paths.every((one) => typeof one === 'string') || !Array.isArray(weights)) {
    throw new RangeError('a group of its weightsManifest has no paths or no weights');
  }
  let start = 0;
  for (const weight of weights) {
    const {name, shape, dtype, quantization} = (weight ?? {}) as Record<string, unknown>;
    const known = DTYPES.get(dtype);
    if (typeof name !== 'string' || !isShape(shape) || !known) {
      throw new RangeError(
        `a tensor of its weightsManifest has no name, shape or known dtype: ${printable(String(name))}`,
      );
    }
    if (quantization !== undefined) throw new RangeError(`tensor ${printable(name)} is quantised, expected float32`);
    const bytes = elementCount(shape) * known[1];
    entries.set(name, {dtype: known[0], shape, shards: paths, start, bytes});
    start += bytes;
  }
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
}

/** A tensor's bytes, which may begin in one shard and end in a later one. */
async function readShards(model: string, {shards, start, bytes}: ManifestTensor, name: string): Promise<Buffer> {
  const files: {readonly shard: string; readonly path: string; readonly size: number}[] = [];
  for (const shard of shards) {
    const path = await shardPath(model, shard);
    files.push({shard, path, size: (await readable(shard, () => stat(path))).size});
  }
  const there = Math.max(0, Math.min(bytes, files.reduce((sum, {size}) => sum + size, 0) - start));
  if (there < bytes) {
    throw new RangeError(`tensor ${printable(name)} takes ${bytes} bytes, its shards hold ${there} of them`);
  }
  const found = Buffer.from(new ArrayBuffer(bytes));
  let filled = 0;
  let at = 0;
  for (const {shard, path, size} of files) {
    if (filled === bytes) break;
    const from = Math.max(0, start - at);
    if (from < size) filled += (await readable(shard, () => readFile(path))).copy(found, filled, from);
    at += size;
  }
  if (filled === bytes) return found;
  throw new RangeError(`a shard of tensor ${printable(name)} became shorter while it was read`);
}

async function readable<Result>(shard: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    throw new RangeError(`its shard ${printable(shard)} cannot be read (${errorCode(cause)})`, {cause});
  }
}

/**
 * Where a shard lies. A downloaded model must not name files elsewhere, nor lead there by a link, but to where the model's
 * own file lies, as in a store of contents.
 */
async function shardPath(model: string, shard: string): Promise<string> {
  const way = normalize(shard);
  const outside = () => new RangeError(`its shard ${printable(shard)} lies outside the model's folder`);
  if (isAbsolute(way) || way === '..' || way.startsWith(`..${sep}`)) throw outside();
  const folder = dirname(model);
  const places = [join(folder, way), folder, model];
  const [real = '', home = '', itself = ''] = await readable(shard, () =>
    Promise.all(places.map((one) => realpath(one))),
  );
  const homes = [home, dirname(itself)];
  if (!homes.some((one) => real.startsWith(one.endsWith(sep) ? one : `${one}${sep}`))) throw outside();
  return real;
}
