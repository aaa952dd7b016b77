import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import fs from 'node:fs/promises';
import {SampleError} from '../../errors.js';
import type {ImageOptions} from '../../images/decode.js';
import {unreadableFile} from '../../images/stored.js';
import {decodeToDisk, type StoredRaster} from '../../images/strips/decode-to-disk.js';
import {idsToDisk} from '../../images/strips/ids-to-disk.js';
import type {StripFile} from '../../images/strips/strip-file.js';
import type {StripFolder} from '../../images/strips/strip-folder.js';
import type {FileState} from '../../journal/row-entry.js';
import {stateBeforeRead} from '../file-state.js';

/** A file whose pixels were decoded to the disk: the hash is of the bytes that were decoded. */
export interface StoredFile {
  readonly sha256: string;
  readonly state: FileState;
  readonly raster: StoredRaster;
}

/** What is read, and how messages name it. */
export interface StripRequest {
  readonly path: string;
  readonly shown: string;
  readonly file: StripFile;
}

/**
 * Decodes a file to the disk and hashes it, neither of which holds it in memory. Throws SampleError as `decodeToDisk` and `idsToDisk` do,
 * `unreadable-file` for one that cannot be read, and `changed` for one that does so meanwhile.
 */
export async function storeFile(
  {path, shown, file}: StripRequest,
  options: ImageOptions,
  folder: StripFolder,
): Promise<StoredFile> {
  const before = await statOf(path, shown);
  const decoding = file.ids
    ? idsToDisk(path, shown, options, folder)
    : decodeToDisk(path, shown, file, options, folder);
  const [sha256, raster] = await Promise.all([hashOf(path, shown), decoding]);
  const after = await statOf(path, shown);
  if ((['size', 'mtimeMs', 'ctimeMs', 'ino'] as const).some((name) => before[name] !== after[name])) {
    throw new SampleError('changed', `${shown} changed while it was read; run again once it is finished`);
  }
  return {sha256, state: stateBeforeRead(before), raster};
}

async function hashOf(path: string, shown: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, {highWaterMark: 2 ** 20})) hash.update(piece as Buffer);
  } catch (error) {
    throw unreadableFile(error, shown);
  }
  return hash.digest('hex');
}

async function statOf(path: string, shown: string) {
  try {
    return await fs.stat(path);
  } catch (error) {
    throw unreadableFile(error, shown);
  }
}
