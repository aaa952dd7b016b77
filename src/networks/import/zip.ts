import type {Entry, ZipFile} from 'yauzl';
import {printable} from '../../printable.js';
import {openArchive} from '../../storage/archive.js';
import type {OpenTensorFile} from '../weights/open-file.js';
import {npzArrays} from './npz.js';
import {torchArchive} from './torch-archive.js';

/** An open ZIP archive. */
export interface Archive {
  readonly entries: ReadonlyMap<string, Entry>;
  /** An entry's first bytes, `length` of them or fewer where it ends. */
  start(entry: Entry, length: number): Promise<Buffer>;
  /** A whole entry, at the start of an ArrayBuffer of its own. */
  read(entry: Entry): Promise<Buffer>;
}

/**
 * Opens a ZIP archive of tensors: NPZ, or a PyTorch state dict (.pth since PyTorch 1.6).
 * Throws RangeError when it is neither, or damaged.
 */
export async function openZip(path: string): Promise<OpenTensorFile> {
  const zip = await readable(() => openArchive(path));
  const close = async () => zip.close();
  try {
    const archive: Archive = {
      entries: await readable(() => listEntries(zip)),
      start: (entry, length) => readable(() => readEntry(zip, entry, Math.min(length, entry.uncompressedSize))),
      read: (entry) => readable(() => readEntry(zip, entry, entry.uncompressedSize)),
    };
    const names = [...archive.entries.keys()];
    const pickle = names.find((name) => /^[^/]+\/data\.pkl$/.test(name));
    if (pickle !== undefined) return {...(await torchArchive(archive, pickle)), close};
    if (names.some((name) => name.endsWith('.npy'))) return {...(await npzArrays(archive)), close};
    throw new RangeError('a ZIP archive of neither NumPy arrays (.npy) nor a PyTorch state dict (data.pkl)');
  } catch (error) {
    await close();
    throw error;
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return entries;
}

async function readEntry(zip: ZipFile, entry: Entry, length: number): Promise<Buffer> {
  const stream = await zip.openReadStreamPromise(entry);
  const bytes = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  // The stream checks an entry's size only when it ends, so what comes is held against the buffer here.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    filled += chunk.copy(bytes, filled);
    if (filled === length) break;
  }
  if (filled < length) throw new Error(`${entry.fileName} has ${filled} bytes of ${length}`);
  return bytes;
}

/** What the reader throws on a damaged archive as a RangeError. */
async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RangeError(`the ZIP archive is damaged or cut short (${printable(reason)})`, {cause});
  }
}
