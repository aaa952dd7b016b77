import {createHash, randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import fs from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import * as z from 'zod';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import type {RoleFile, Sample, Samples} from '../samples/sample.js';
import {SampleList} from '../samples/sample-list.js';
import {openAtomicFile} from '../storage/atomic-file.js';
import {errorCode} from '../storage/storage-error.js';

/** Samples whose files are looked at at once. */
const AT_ONCE = 256;

/** Bytes and time of the last change in milliseconds; null for a file that is not there. */
type State = readonly [size: number, modified: number] | null;

/** A table that was written, under a name of its own until it is known where it belongs. */
export interface WrittenTable {
  readonly path: string;
  readonly sha256: string;
}

const line = z.object({
  key: z.string(),
  group: z.string().optional(),
  files: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
});

/**
 * Writes a sample table into a folder, a line a sample with the states of its files: whoever reads it sees the samples that
 * the coordinator saw, and a file that changed makes another table. Throws RunError when it cannot be written.
 */
export async function writeTable(folder: string, samples: Samples): Promise<WrittenTable> {
  const path = join(folder, `samples-${randomUUID()}.jsonl`);
  const hash = createHash('sha256');
  const states = new FileStates();
  const file = await openAtomicFile(path);
  try {
    for (let at = 0; at < samples.length; at += AT_ONCE) {
      const count = Math.min(AT_ONCE, samples.length - at);
      const some = Array.from({length: count}, (_, i) => samples.at(at + i) as Sample);
      const lines = await Promise.all(some.map((sample) => lineOf(sample, states)));
      const text = lines.join('');
      hash.update(text);
      await file.write(text);
    }
    await file.commit();
  } catch (error) {
    await file.abandon();
    throw error;
  }
  return {path, sha256: hash.digest('hex')};
}

/** The samples of a table, whose SHA-256 must be the one given. Throws UsageError for any other file. */
export async function readTable(path: string, sha256: string): Promise<Samples> {
  const samples = new SampleList();
  const hash = createHash('sha256');
  const wrong = (cause: unknown) =>
    new UsageError('CVL-Q007', `${printable(path)} is not the sample table of its run; start the run again`, {cause});
  try {
    for await (const text of createInterface({input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY})) {
      hash.update(`${text}\n`);
      const {key, group, files} = line.parse(JSON.parse(text));
      samples.push({key, files, ...(group !== undefined && {group})});
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw wrong(error);
    throw new UsageError('CVL-Q007', `${printable(path)} cannot be read (${errorCode(error)})`, {cause: error});
  }
  if (hash.digest('hex') !== sha256) throw wrong(null);
  return samples;
}

async function lineOf({key, group, files}: Sample, known: FileStates): Promise<string> {
  const states: Record<string, readonly State[]> = {};
  for (const [role, file] of Object.entries(files)) states[role] = await known.of(file);
  return `${JSON.stringify({key, group, files, states})}\n`;
}

/** States of files, of which one that serves every sample is looked at once. */
class FileStates {
  #last = new Map<string, Promise<State>>();

  of(file: RoleFile): Promise<readonly State[]> {
    return Promise.all((typeof file === 'string' ? [file] : file).map((path) => this.#one(path)));
  }

  #one(path: string): Promise<State> {
    const known = this.#last.get(path);
    if (known) return known;
    const state = fs.stat(path).then(
      ({size, mtimeMs}) => [size, mtimeMs] as const,
      () => null,
    );
    // Enough for files that come again and again.
    if (this.#last.size >= 4 * AT_ONCE) this.#last = new Map();
    this.#last.set(path, state);
    return state;
  }
}
