import {readFile} from 'node:fs/promises';
import {UsageError} from '../errors.js';
import type {ModelFile} from './model-folder.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder, expected an .onnx file or the model.json of TensorFlow.js',
  EACCES: 'permission denied',
  ERR_FS_FILE_TOO_LARGE: 'larger than 2 GiB; keep its weights in a file of their own (ONNX external data)',
};

/** A model's own file. Throws UsageError where it cannot be read. */
export async function readModelFile({path, name}: ModelFile): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException;
    throw new UsageError('CVL-M001', `model ${name} cannot be read: ${REASONS[code] ?? code}`, {cause: error});
  }
}
