import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {relative, sep} from 'node:path';
import {RunError, SampleError, UsageError} from '../errors.js';
import {decodeImage, type ImageOptions} from '../images/decode.js';
import type {Raster} from '../images/raster.js';
import type {Reading} from '../losses/contract.js';
import {oneLine, withRole} from './error-text.js';

/** A file that was read once: the hash is of exactly the bytes that were decoded, in every reading. */
export interface DecodedFile {
  readonly sha256: string;
  readonly rasters: ReadonlyMap<Reading, Raster>;
}

/** How files are decoded and named. */
export interface FileOptions {
  readonly image: ImageOptions;
  /** The folder that messages name files from, so that a report says the same wherever the tree lies. */
  readonly cwd: string;
}

/**
 * Reads a role's file and decodes it in each reading. Throws SampleError, its message begun with the role:
 * `unreadable-file`, those of `decodeImage`, and `decode-failed` for whatever else a decoder stumbles over.
 */
export async function decodeFile(
  role: string,
  path: string,
  readings: Iterable<Reading>,
  {image, cwd}: FileOptions,
): Promise<DecodedFile> {
  const shown = relative(cwd, path).split(sep).join('/');
  try {
    const bytes = await readBytes(path, shown);
    const rasters = new Map<Reading, Raster>();
    for (const reading of readings) rasters.set(reading, await decodeImage(bytes, shown, reading, image));
    return {sha256: createHash('sha256').update(bytes).digest('hex'), rasters};
  } catch (error) {
    if (error instanceof UsageError || error instanceof RunError) throw error;
    const known = error instanceof SampleError;
    const failure = known ? error : new SampleError('decode-failed', `${shown}: ${oneLine(error)}`, {cause: error});
    throw withRole(role, failure);
  }
}

async function readBytes(path: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException;
    throw new SampleError('unreadable-file', `${shown} cannot be read (${code})`, {cause: error});
  }
}
