import type {Entry} from 'yauzl';
import {printable} from '../../printable.js';
import {fromLittleEndian} from '../weights/bytes.js';
import {checkedValues, floatEntry, type TensorFile} from '../weights/tensor-file.js';
import {readPickle} from './pickle.js';
import {STATE_DICT_MEANING, spanInStorage, stateTensors} from './state-dict.js';
import type {Archive} from './zip.js';

const LONGEST_PICKLE = 16 * 1024 * 1024;

/**
 * The state dict of a PyTorch file (1.6 and later): a ZIP archive with the pickle `NAME/data.pkl` and a storage in each
 * `NAME/data/KEY`. Throws RangeError when it holds anything but tensors.
 */
export async function torchArchive(archive: Archive, pickleName: string): Promise<TensorFile> {
  const pickle = archive.entries.get(pickleName) as Entry;
  if (pickle.uncompressedSize > LONGEST_PICKLE) {
    throw new RangeError(`its pickle takes ${pickle.uncompressedSize} bytes, more than a state dict does`);
  }
  const prefix = pickleName.slice(0, -'data.pkl'.length);
  const order = archive.entries.get(`${prefix}byteorder`);
  if (order && (await archive.start(order, 16)).toString('latin1') !== 'little') {
    throw new RangeError('it was saved on a big-endian machine, which is not read');
  }
  const entries = stateTensors(readPickle(await archive.read(pickle), 0, STATE_DICT_MEANING).value);
  return {
    entries,
    metadata: new Map(),
    async read(name) {
      const tensor = floatEntry(entries, name);
      const [start, end] = spanInStorage(name, tensor);
      const storage = archive.entries.get(`${prefix}data/${tensor.storage.key}`);
      if (!storage) throw new RangeError(`the storage of tensor ${printable(name)} is missing`);
      if (storage.uncompressedSize < end) throw new RangeError(`the storage of tensor ${printable(name)} is cut short`);
      const bytes = await archive.read(storage);
      return checkedValues(
        name,
        tensor,
        fromLittleEndian(Buffer.from(new Uint8Array(bytes.subarray(start, end)).buffer)),
      );
    },
  };
}
