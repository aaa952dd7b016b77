import {readFile} from 'node:fs/promises';
import type {Dataset, Group} from 'jsfive';
import {printable} from '../../printable.js';
import type {OpenTensorFile} from '../weights/open-file.js';
import {checkedValues, floatEntry, type TensorDescription} from '../weights/tensor-file.js';

/** Groups within groups that are looked into; more is a file that leads back into itself. */
const DEEPEST = 8;
/** Little-endian types as HDF5 readers write them; what is not here keeps the reader's name. */
const DTYPES: ReadonlyMap<unknown, string> = new Map([
  ['<f4', 'F32'],
  ['<f8', 'F64'],
  ['<f2', 'F16'],
  ['<i4', 'I32'],
  ['<i8', 'I64'],
]);

/**
 * Opens an HDF5 file (Keras' .h5): its datasets by their paths, `block1_conv1/block1_conv1_W_1:0`. The file is read whole.
 * Throws RangeError when it is damaged or holds what cannot be read.
 */
export async function openHdf5(path: string): Promise<OpenTensorFile> {
  const jsfive = await import('jsfive');
  const {buffer, byteOffset, byteLength} = await readFile(path);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const datasets = readable(() => {
    const found = new Map<string, Dataset>();
    collect(new jsfive.File(bytes, path), '', 0, found, jsfive.Dataset);
    return found;
  });
  const entries = new Map<string, TensorDescription>();
  for (const [name, dataset] of datasets) {
    const {dtype, shape} = readable(() => ({dtype: dataset.dtype, shape: dataset.shape ?? []}));
    entries.set(name, {dtype: DTYPES.get(dtype) ?? String(dtype), shape});
  }
  return {
    entries,
    metadata: new Map(),
    async read(name) {
      const entry = floatEntry(entries, name);
      const values = readable(() => Float32Array.from((datasets.get(name) as Dataset).value as ArrayLike<number>));
      return checkedValues(name, entry, values);
    },
    close: async () => undefined,
  };
}

function collect(
  group: Group,
  prefix: string,
  depth: number,
  found: Map<string, Dataset>,
  DatasetClass: typeof Dataset,
): void {
  if (depth > DEEPEST) throw new RangeError(`its groups lie more than ${DEEPEST} deep, at ${printable(prefix)}`);
  for (const key of group.keys) {
    const child = group.get(key);
    if (child instanceof DatasetClass) found.set(`${prefix}${key}`, child);
    else if (child) collect(child, `${prefix}${key}/`, depth + 1, found, DatasetClass);
  }
}

/** What the reader throws (anything, on a damaged file) as a RangeError. */
function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    // What is thrown on the way says something only where the reader meant it.
    const reason = cause instanceof Error && cause.constructor === Error ? ` (${printable(cause.message)})` : '';
    throw new RangeError(`the HDF5 file is damaged, or written in a form that is not read${reason}`, {cause});
  }
}
