import {createHash, type Hash} from 'node:crypto';
import fs from 'node:fs/promises';
import {relative, sep} from 'node:path';
import {RunError, SampleError, UsageError} from '../errors.js';
import {decodeImage, type ImageOptions} from '../images/decode.js';
import type {Raster} from '../images/raster.js';
import {type ScorePart, stackScores} from '../images/stack.js';
import {unreadableFile} from '../images/stored.js';
import type {FileState} from '../journal/row-entry.js';
import type {Reading} from '../losses/sample-contract.js';
import type {RoleFile} from '../samples/sample.js';
import {withinSeconds} from './deadline.js';
import {oneLine, withRole} from './error-text.js';
import {stateBeforeRead} from './file-state.js';
import type {MemoryBudget} from './memory-budget.js';
import {mappedPath, type PathMap} from './path-map.js';
import {type Profile, timed} from './profile.js';

/** The roles whose colours a palette names. */
const MASKS: ReadonlySet<string> = new Set(['pred', 'target']);

/** A file that was read once: the hash is of exactly the bytes that were decoded, in every reading. */
export interface DecodedFile {
  readonly sha256: string;
  /** Of each of its files before it was read: one that changed since has another. */
  readonly states: readonly FileState[];
  readonly rasters: ReadonlyMap<Reading, Raster>;
}

/** How files are decoded and named. */
export interface FileOptions {
  readonly image: ImageOptions;
  /** The folder that messages name files from, so that a report says the same wherever the tree lies. */
  readonly cwd: string;
  /** Where the table's folders lie on this machine; where the table says by default. */
  readonly pathMap?: PathMap | undefined;
  /** How long reading and decoding a role's files may take; no limit by default. */
  readonly maxSeconds?: number;
  /** What the run may hold; no limit by default. */
  readonly memory?: Pick<MemoryBudget, 'total' | 'pixels' | 'whole'>;
  /** Measures reading, hashing and decoding. */
  readonly profile?: Profile | undefined;
}

/**
 * Reads a role's file and decodes it in each reading; of several files, the scores of a class each, one image with a
 * channel a file, whose hash is of all their bytes in that order. Throws SampleError, its message begun with the role:
 * `unreadable-file`, `class-files`, `timeout`, `out-of-memory` for an image that is larger than the run's memory allows,
 * those of `decodeImage`, and `decode-failed` for whatever else a decoder stumbles over.
 */
export function decodeFile(
  role: string,
  file: RoleFile,
  readings: Iterable<Reading>,
  options: FileOptions,
): Promise<DecodedFile> {
  const [first = ''] = typeof file === 'string' ? [file] : file;
  return inTime(role, shownPath(first, options), options, readAndDecode(role, file, readings, options));
}

/** The decoding of a role's file, where a run gives it a time: SampleError `timeout` when it takes longer. */
export async function inTime<Value>(
  role: string,
  shown: string,
  {maxSeconds}: Pick<FileOptions, 'maxSeconds'>,
  decoding: Promise<Value>,
): Promise<Value> {
  if (maxSeconds === undefined) return decoding;
  const text = `${shown}: not decoded after ${maxSeconds} s, the limit of image.max_seconds`;
  return withinSeconds(decoding, maxSeconds, () => withRole(role, new SampleError('timeout', text)));
}

async function readAndDecode(
  role: string,
  file: RoleFile,
  readings: Iterable<Reading>,
  options: FileOptions,
): Promise<DecodedFile> {
  const read: Read = {hash: createHash('sha256'), states: []};
  const rasters = new Map<Reading, Raster>();
  if (typeof file === 'string') {
    const decode = await opened(role, file, options, read);
    for (const reading of readings) rasters.set(reading, await decode(reading));
  } else {
    const parts: ScorePart[] = [];
    for (const path of file) {
      const decode = await opened(role, path, options, read);
      parts.push({path: shownPath(path, options), raster: await decode('weights')});
    }
    const stacked = await failing(role, '', async () => stackScores(parts));
    for (const reading of readings) rasters.set(reading, stacked);
  }
  return {sha256: read.hash.digest('hex'), states: read.states, rasters};
}

/** What is known of the files that were read so far. */
interface Read {
  readonly hash: Hash;
  readonly states: FileState[];
}

/** Reads one file, adds what is known of its bytes and gives what decodes them. */
async function opened(
  role: string,
  path: string,
  {image, cwd, pathMap, memory, profile}: FileOptions,
  read: Read,
): Promise<(reading: Reading) => Promise<Raster>> {
  const ofRole = MASKS.has(role) ? image : {...image, palette: null};
  const inMemory = memory !== undefined && memory.pixels < image.maxPixels ? memory : null;
  const options = inMemory ? {...ofRole, maxPixels: inMemory.pixels} : ofRole;
  const shown = shownPath(path, {cwd});
  const {bytes, state} = await failing(role, shown, async () =>
    timed(profile, 'read', () => readBytes(mappedPath(path, pathMap), shown)),
  );
  await timed(profile, 'hash', () => read.hash.update(bytes));
  read.states.push(state);
  return (reading) =>
    failing(role, shown, async () => {
      try {
        return await timed(profile, 'decode', () => decodeImage(bytes, shown, reading, options));
      } catch (error) {
        if (!(inMemory && error instanceof SampleError && error.code === 'too-many-pixels')) throw error;
        throw tooLargeFor(inMemory, shown, inMemory.whole, error);
      }
    });
}

/** The error of an image that memory does not hold, and why it must. */
export function tooLargeFor(
  {pixels, total}: Pick<MemoryBudget, 'pixels' | 'total'>,
  shown: string,
  why: string | undefined,
  cause?: unknown,
): SampleError {
  const text = `${shown}: has more than the ${pixels} pixels that fit in max_memory (${total} bytes)`;
  return new SampleError('out-of-memory', why ? `${text}, and ${why}` : text, {cause});
}

/** A file as messages name it. */
export function shownPath(path: string, {cwd}: Pick<FileOptions, 'cwd'>): string {
  return relative(cwd, path).split(sep).join('/');
}

/** Runs a step on a file; what goes wrong is a SampleError that begins with the role. */
export async function failing<Value>(role: string, shown: string, step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof UsageError || error instanceof RunError) throw error;
    const known = error instanceof SampleError;
    const failure = known ? error : new SampleError('decode-failed', `${shown}: ${oneLine(error)}`, {cause: error});
    throw withRole(role, failure);
  }
}

async function readBytes(path: string, shown: string): Promise<{bytes: Buffer; state: FileState}> {
  try {
    const handle = await fs.open(path, 'r');
    try {
      const state = stateBeforeRead(await handle.stat());
      return {bytes: await handle.readFile(), state};
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadableFile(error, shown);
  }
}
