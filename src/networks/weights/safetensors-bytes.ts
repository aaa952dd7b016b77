import {UsageError} from '../../errors.js';
import {parseHeader, parseMetadata} from './safetensors-header.js';
import {checkedValues, floatEntry, type TensorFile} from './tensor-file.js';

/** What a file holds, as `fetch` or a bundler gives it. */
export type FileBytes = ArrayBuffer | Uint8Array;

/**
 * Hands the tensors of a safetensors file in memory to `use`, on any platform. `what` names the file in messages.
 * Throws UsageError when it is no such file, and where `use` throws RangeError.
 */
export async function withSafetensorsBytes<Result>(
  bytes: FileBytes,
  what: string,
  use: (file: TensorFile) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(tensorsOf(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError('CVL-N006', `${what}: ${error.message}`, {cause: error});
  }
}

function tensorsOf(given: FileBytes): TensorFile {
  const bytes = given instanceof Uint8Array ? given : new Uint8Array(given);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Number.POSITIVE_INFINITY : Number(view.getBigUint64(0, true));
  if (length > bytes.length - 8) {
    throw new RangeError(`no safetensors file, or cut short: it has ${bytes.length} bytes`);
  }
  const dataStart = 8 + length;
  const text = new TextDecoder().decode(bytes.subarray(8, dataStart));
  const entries = parseHeader(text, bytes.length - dataStart);
  return {
    entries,
    metadata: parseMetadata(text),
    async read(name) {
      const entry = floatEntry(entries, name);
      const values = new Float32Array((entry.end - entry.start) / 4);
      for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(dataStart + entry.start + 4 * i, true);
      return checkedValues(name, entry, values);
    },
  };
}

/** Every tensor of a file by name. */
export async function allTensors({entries, read}: TensorFile): Promise<Record<string, Float32Array>> {
  const tensors: Record<string, Float32Array> = {};
  for (const name of entries.keys()) tensors[name] = await read(name);
  return tensors;
}
