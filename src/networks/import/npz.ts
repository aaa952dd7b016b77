import {crc32} from 'node:zlib';
import type {Entry} from 'yauzl';
import {printable} from '../../printable.js';
import {fromLittleEndian} from '../weights/bytes.js';
import {checkedValues, elementCount, floatEntry, type TensorFile} from '../weights/tensor-file.js';
import {type NpyHeader, readNpyHeader} from './npy.js';
import type {Archive} from './zip.js';

const HEADER_BYTES = 65_536 + 12;

/** The arrays of an NPZ archive, by their names without `.npy`. Throws RangeError when one of them is no NPY array. */
export async function npzArrays(archive: Archive): Promise<TensorFile> {
  const entries = new Map<string, NpyHeader>();
  const files = new Map<string, Entry>();
  for (const [fileName, entry] of archive.entries) {
    if (!fileName.endsWith('.npy')) continue;
    const name = fileName.slice(0, -'.npy'.length);
    entries.set(name, headerOf(name, await archive.start(entry, HEADER_BYTES)));
    files.set(name, entry);
  }
  return {
    entries,
    metadata: new Map(),
    async read(name) {
      const header = floatEntry(entries, name);
      const entry = files.get(name) as Entry;
      // Held against the archive's own size first: what the header does not speak of is not inflated.
      const expected = header.offset + 4 * elementCount(header.shape);
      if (entry.uncompressedSize !== expected) {
        throw new RangeError(
          `array ${printable(name)} takes ${entry.uncompressedSize} bytes, its header says ${expected}`,
        );
      }
      const bytes = await archive.read(entry);
      if (crc32(bytes) !== entry.crc32) throw new RangeError(`array ${printable(name)} is damaged (CRC-32)`);
      const values = Buffer.from(new Uint8Array(bytes.subarray(header.offset)).buffer);
      return checkedValues(name, header, fromLittleEndian(values));
    },
  };
}

function headerOf(name: string, start: Buffer): NpyHeader {
  try {
    const header = readNpyHeader(start);
    if (header) return header;
  } catch (cause) {
    throw new RangeError(`array ${printable(name)}: ${(cause as Error).message}`, {cause});
  }
  throw new RangeError(`array ${printable(name)}: its NPY header is cut short`);
}
