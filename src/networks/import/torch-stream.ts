import {type FileHandle, open} from 'node:fs/promises';
import {printable} from '../../printable.js';
import {fromLittleEndian} from '../weights/bytes.js';
import type {OpenTensorFile} from '../weights/open-file.js';
import {readBytes} from '../weights/safetensors.js';
import {checkedValues, floatEntry} from '../weights/tensor-file.js';
import {readPickle} from './pickle.js';
import {STATE_DICT_MEANING, type StateTensor, spanInStorage, stateTensors} from './state-dict.js';

/** What torch.save writes first. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
/** The pickles are read in one piece; those of torchvision's networks take less than 32 KiB. */
const LONGEST_PICKLES = 16 * 1024 * 1024;
/** Bytes of an element, by type. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {F64: 8, I64: 8, F32: 4, I32: 4, F16: 2, BF16: 2, I16: 2};

/**
 * Opens a PyTorch state dict of before 1.6 (torchvision's VGG is published so): pickles of a magic number, the protocol, the
 * system, the state dict and the keys of its storages, then each storage, its length before its values.
 * Throws RangeError when it holds anything but tensors, or is cut short.
 */
export async function openTorchStream(path: string): Promise<OpenTensorFile> {
  const file = await open(path);
  try {
    const {entries, storages} = await readStateDict(file);
    return {
      entries,
      metadata: new Map(),
      async read(name) {
        const tensor = floatEntry(entries, name);
        const [start, end] = spanInStorage(name, tensor);
        const at = storages.get(tensor.storage.key);
        if (at === undefined) throw new RangeError(`the storage of tensor ${printable(name)} is missing`);
        return checkedValues(name, tensor, fromLittleEndian(await readBytes(file, at + start, end - start)));
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readStateDict(file: FileHandle) {
  const {size} = await file.stat();
  const bytes = await readBytes(file, 0, Math.min(size, LONGEST_PICKLES));
  let at = 0;
  const [magic, protocol, system, state, keys] = Array.from({length: 5}, () => {
    const {value, end} = readPickle(bytes, at, STATE_DICT_MEANING);
    at = end;
    return value;
  });
  if (magic !== MAGIC || protocol !== PROTOCOL || !Array.isArray(keys)) {
    throw new RangeError('a pickle, but no PyTorch state dict');
  }
  if (system instanceof Map && system.get('little_endian') === false) {
    throw new RangeError('it was saved on a big-endian machine, which is not read');
  }
  const entries = stateTensors(state);
  return {entries, storages: await findStorages(file, size, at, keys, entries)};
}

/** Where the values of each storage begin. */
async function findStorages(
  file: FileHandle,
  size: number,
  start: number,
  keys: readonly unknown[],
  entries: ReadonlyMap<string, StateTensor>,
): Promise<ReadonlyMap<string, number>> {
  const byKey = new Map([...entries.values()].map(({storage}) => [storage.key, storage]));
  const found = new Map<string, number>();
  let at = start;
  for (const key of keys) {
    const storage = byKey.get(String(key));
    if (!storage) throw new RangeError(`it has a storage ${printable(String(key))} that no tensor uses`);
    const length = Number((await readBytes(file, at, 8)).readBigInt64LE());
    if (length !== storage.length) {
      throw new RangeError(`a storage has ${length} values, the state dict says ${storage.length}`);
    }
    found.set(storage.key, at + 8);
    at += 8 + length * (ELEMENT_BYTES[storage.dtype] ?? 1);
    if (at > size) throw new RangeError(`it is cut short: its tensors end at byte ${at}, it has ${size}`);
  }
  return found;
}
