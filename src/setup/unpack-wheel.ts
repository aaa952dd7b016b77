import {createHash} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Transform} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import {pipeline} from 'node:stream/promises';
import type {Entry, ZipFile} from 'yauzl';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {openArchive} from '../storage/archive.js';

/** A wheel's file, open. */
export interface Wheel {
  /** Its METADATA. */
  readonly metadata: string;
  /**
   * Writes the files for which `place` gives a path below `folder`, each held against the hash in the wheel's RECORD.
   * Throws UsageError where one is damaged; how many were written.
   */
  unpack(folder: string, place: (name: string) => string | null, signal: AbortSignal): Promise<number>;
  close(): void;
}

/** Opens a wheel. Throws UsageError for a file that is missing, none, or cut short. */
export async function openWheel(path: string, name: string): Promise<Wheel> {
  try {
    const archive = await openArchive(path);
    const entries = new Map<string, Entry>();
    for await (const entry of archive.eachEntry()) entries.set(entry.fileName, entry);
    const texts = await Promise.all(['METADATA', 'RECORD'].map((file) => infoFile(archive, entries, file)));
    const [metadata = '', record = ''] = texts;
    const hashes = recordedHashes(record);
    return {
      metadata,
      close: () => archive.close(),
      async unpack(folder, place, signal) {
        let written = 0;
        for (const [file, entry] of entries) {
          const to = file.endsWith('/') ? null : place(file);
          if (to === null) continue;
          await unpackEntry(archive, entry, join(folder, to), signal).then((hash) => {
            if (hashes.get(file) !== hash) throw new Error(`${file} does not have the hash that its RECORD gives`);
          });
          written++;
        }
        return written;
      },
    };
  } catch (error) {
    throw broken(name, error);
  }
}

/** What is wrong with a wheel, as the error of the command. */
export function broken(name: string, error: unknown): UsageError {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return new UsageError('CVL-D008', `setup tensorflow: ${name} is no wheel, or damaged: ${printable(reason)}`, {
    cause: error,
  });
}

/** The SHA-256 of a file, in hexadecimal. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function infoFile(archive: ZipFile, entries: ReadonlyMap<string, Entry>, file: string): Promise<string> {
  const entry = [...entries.values()].find(({fileName}) => new RegExp(`^[^/]+\\.dist-info/${file}$`).test(fileName));
  if (entry === undefined) throw new Error(`it has no ${file}`);
  return (await buffer(await archive.openReadStreamPromise(entry))).toString('utf8');
}

/** SHA-256 by file, in base64 without padding. Reference: PyPA, recording installed projects. */
function recordedHashes(record: string): Map<string, string> {
  const lines = record.matchAll(/^"?([^\n"]+?)"?,sha256=([\w-]+),\d*\s*$/gm);
  return new Map([...lines].map(([, file = '', hash = '']) => [file, hash]));
}

async function unpackEntry(archive: ZipFile, entry: Entry, to: string, signal: AbortSignal): Promise<string> {
  await mkdir(dirname(to), {recursive: true});
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(await archive.openReadStreamPromise(entry), hashing, createWriteStream(to, {mode: modeOf(entry)}), {
    signal,
  });
  return hash.digest('base64url');
}

/** Programs stay programs. */
function modeOf({externalFileAttributes}: Entry): number {
  return ((externalFileAttributes >>> 16) & 0o111) === 0 ? 0o644 : 0o755;
}
