import {type FileHandle, open, stat} from 'node:fs/promises';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {fromLittleEndian} from './bytes.js';
import {parseHeader, parseMetadata, type TensorEntry} from './safetensors-header.js';
import {checkedValues, floatEntry, type TensorFile} from './tensor-file.js';

/** The format's own limit. */
export const LONGEST_HEADER = 100_000_000;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
};

/** An open safetensors file, whose header was checked against its length. */
export interface Safetensors extends TensorFile {
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

/**
 * Opens a safetensors file, hands it to `use`, and closes it. Only what `use` reads is loaded; nothing is allocated
 * before header and offsets have been checked against the length of the file.
 * Throws UsageError when the file cannot be read or is no safetensors file.
 */
export async function withSafetensors<Result>(
  path: string,
  use: (file: Safetensors) => Promise<Result>,
): Promise<Result> {
  let file: FileHandle | undefined;
  try {
    const found = await stat(path);
    // A pipe would wait for its writer when it is opened.
    if (!found.isFile())
      throw new RangeError(`it is ${found.isDirectory() ? 'a folder' : 'no file'}, expected a safetensors file`);
    file = await open(path);
    return await use(await readHeader(file));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError('CVL-N006', `weights '${printable(path)}': ${error.message}`);
    throw errorCode(error) === undefined ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

async function readHeader(file: FileHandle): Promise<Safetensors> {
  const {size} = await file.stat();
  if (size < 8) throw new RangeError(`no safetensors file: it has ${size} bytes, the header's length alone takes 8`);
  const length = (await readBytes(file, 0, 8)).readBigUInt64LE();
  const longest = Math.min(LONGEST_HEADER, size - 8);
  if (length > longest) {
    throw new RangeError(
      `no safetensors file, or cut short: its header would take ${length} bytes, at most ${longest} are possible`,
    );
  }
  const dataStart = 8 + Number(length);
  const text = (await readBytes(file, 8, Number(length))).toString('utf8');
  const entries = parseHeader(text, size - dataStart);
  return {
    entries,
    metadata: parseMetadata(text),
    async read(name) {
      const entry = floatEntry(entries, name);
      const bytes = await readBytes(file, dataStart + entry.start, entry.end - entry.start);
      return checkedValues(name, entry, fromLittleEndian(bytes));
    },
  };
}

/** `length` bytes from `position` on, at the start of an ArrayBuffer of their own. Throws RangeError when they are not there. */
export async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  while (filled < length) {
    const {bytesRead} = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0)
      throw new RangeError(`it ends at byte ${position + filled}, it became shorter while it was read`);
    filled += bytesRead;
  }
  return bytes;
}

/** What a system error means for a weights file. */
export function unreadable(path: string, error: unknown): UsageError {
  const code = errorCode(error) ?? 'unknown error';
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : code;
  return new UsageError('CVL-N005', `weights '${printable(path)}': cannot be read: ${reason}`, {cause: error});
}
