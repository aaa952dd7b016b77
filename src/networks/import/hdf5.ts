import {readFile} from 'node:fs/promises';
import {printable} from '../../printable.js';
import type {OpenTensorFile} from '../weights/open-file.js';
import {checkedValues, elementCount, floatEntry, type TensorDescription} from '../weights/tensor-file.js';
import {chunkedBytes} from './hdf5/chunks.js';
import {damaged, Hdf5Bytes, unread} from './hdf5/file-bytes.js';
import {groupLinks} from './hdf5/group-links.js';
import {type HeaderMessage, headerMessages, MESSAGE, messageOf} from './hdf5/object-header.js';
import {dtypeOf, filtersOf, shapeOf, storageOf} from './hdf5/tensor-layout.js';

/** Groups within groups that are looked into; more is a file that leads back into itself. */
const DEEPEST = 8;

const VALUE_BYTES = 4;

/** A dataset with what its header says. */
interface Found extends TensorDescription {
  readonly messages: readonly HeaderMessage[];
}

/**
 * Opens an HDF5 file (Keras' .h5): its datasets by their paths, `block1_conv1/block1_conv1_W_1:0`. The file is read whole;
 * addresses and sizes are held against its length before anything is made of them.
 * Throws RangeError when it is damaged or written in a form that is not read: groups and chunks of HDF5's latest format.
 * Reference: HDF5 File Format Specification version 3.0.
 */
export async function openHdf5(path: string): Promise<OpenTensorFile> {
  const file = new Hdf5Bytes(await readFile(path));
  const entries = new Map<string, Found>();
  collect(file, headerMessages(file, rootAddress(file)), '', 0, entries);
  return {
    entries,
    metadata: new Map(),
    async read(name) {
      const entry = floatEntry(entries, name);
      const bytes = valueBytes(file, entry);
      // A copy, since the values may begin anywhere in the file.
      const values = new Float32Array(Uint8Array.from(bytes).buffer);
      return checkedValues(name, entry, values);
    },
    close: async () => undefined,
  };
}

/** Where the header of the first group lies: II.A and II.B of the specification. */
function rootAddress(file: Hdf5Bytes): number {
  const version = file.unsigned(8, 1);
  if (version > 3) throw unread(`version ${version} of the format`);
  const sizes =
    version < 2 ? [file.unsigned(13, 1), file.unsigned(14, 1)] : [file.unsigned(9, 1), file.unsigned(10, 1)];
  if (sizes.some((size) => size !== 8)) throw unread(`addresses of ${sizes[0]} and lengths of ${sizes[1]} bytes`);
  return file.unsigned([64, 68, 36, 36][version] as number, 8);
}

function collect(
  file: Hdf5Bytes,
  group: readonly HeaderMessage[],
  path: string,
  depth: number,
  found: Map<string, Found>,
): void {
  if (depth > DEEPEST) throw new RangeError(`its groups lie more than ${DEEPEST} deep, at ${printable(path)}`);
  for (const [name, address] of groupLinks(file, group)) {
    const messages = headerMessages(file, address);
    if (messageOf(messages, MESSAGE.dataspace)) {
      found.set(`${path}${name}`, {messages, dtype: dtypeOf(file, messages), shape: shapeOf(file, messages)});
    } else collect(file, messages, `${path}${name}/`, depth + 1, found);
  }
}

/** The bytes of a tensor's values, row-major. */
function valueBytes(file: Hdf5Bytes, {messages, shape}: Found): Uint8Array {
  const storage = storageOf(file, messages);
  if (storage.kind === 'none') throw damaged('a tensor whose values were never written');
  const filters = filtersOf(file, messages);
  if (storage.kind === 'chunks') {
    return chunkedBytes(file, storage.tree, {shape, chunk: storage.chunk, filters, valueBytes: VALUE_BYTES});
  }
  const expected = elementCount(shape) * VALUE_BYTES;
  if (storage.bytes !== expected) {
    throw damaged(`a tensor [${shape}] in ${storage.bytes} bytes, it takes ${expected}`);
  }
  return file.slice(storage.at, storage.bytes);
}
