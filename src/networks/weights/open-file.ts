import {open, stat} from 'node:fs/promises';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {unreadable, withSafetensors} from './safetensors.js';
import type {TensorFile} from './tensor-file.js';

/** A file that must be closed after its use. */
export interface OpenTensorFile extends TensorFile {
  close(): Promise<void>;
}

type Format = 'safetensors' | 'hdf5' | 'zip' | 'json' | 'torch';

/** Opens a file of a format; throws RangeError, or a system error, when it cannot be read. Loaded when it is needed. */
const OPENERS: Readonly<
  Record<Exclude<Format, 'safetensors'>, () => Promise<(path: string) => Promise<OpenTensorFile>>>
> = {
  hdf5: async () => (await import('../import/hdf5.js')).openHdf5,
  zip: async () => (await import('../import/zip.js')).openZip,
  json: async () => (await import('../import/tfjs-model.js')).openTfjsModel,
  torch: async () => (await import('../import/torch-stream.js')).openTorchStream,
};

/**
 * Opens a weights file, hands it to `use`, and closes it. The format is told by the first bytes: safetensors, HDF5
 * (Keras), NPZ, a tfjs model.json, or a PyTorch state dict (.pth, both of its forms).
 * Throws UsageError when the file cannot be read or is of none of them.
 */
export async function withTensorFile<Result>(
  path: string,
  use: (file: TensorFile) => Promise<Result>,
): Promise<Result> {
  const format = await sniff(path);
  if (format === 'safetensors') return withSafetensors(path, use);
  let file: OpenTensorFile | undefined;
  try {
    file = await (await OPENERS[format]())(path);
    return await use(file);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new UsageError('CVL-N006', `weights '${printable(path)}': ${error.message}`, {cause: error});
    }
    throw errorCode(error) === undefined ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

/** The format by the first bytes; safetensors, whose own opener says what is wrong, where they are none of the others'. */
async function sniff(path: string): Promise<Format> {
  const start = await firstBytes(path);
  if (start.toString('latin1') === '\x89HDF\r\n\x1a\n') return 'hdf5';
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04') return 'zip';
  // A pickle of protocol 2 that begins with a number of ten bytes: the mark of torch.save before 1.6.
  if (start.toString('latin1', 0, 4) === '\x80\x02\x8a\x0a') return 'torch';
  // Safetensors begins with a length of eight bytes, whose upper ones are zero.
  if (/^\s*\{/.test(start.toString('latin1')) && !start.includes(0)) return 'json';
  return 'safetensors';
}

async function firstBytes(path: string): Promise<Buffer> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return Buffer.alloc(0);
  const file = await open(path).catch(() => null);
  if (file === null) return Buffer.alloc(0);
  try {
    const {buffer, bytesRead} = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
