import fs from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import {SHARD_FILE} from '../journal/shard-header.js';
import {printable} from '../printable.js';
import {errorCode, storageError} from '../storage/storage-error.js';
import {CONFUSION_FILE} from './confusion.js';
import {formats} from './formats.js';
import {REPORT_SCHEMA} from './report.js';
import {SERIES_FILES} from './series/series-files.js';
import {TIMING_FILE, TIMING_SCHEMA} from './timing.js';

/**
 * Files of an earlier report that this one does not write: a rows.jsonl of last week beside today's report.json would
 * tell lies. Only our names, and callers ask `holdsReport` first, so that a rows.jsonl of the user's own stays.
 */
export function earlierFiles(dir: string, written: {has(file: string): boolean}): string[] {
  const ofFormats = Object.values(formats).map(({file}) => file);
  const names = [...ofFormats, CONFUSION_FILE, SHARD_FILE, ...Object.values(SERIES_FILES)];
  return names.filter((file) => !written.has(file)).map((file) => join(dir, file));
}

/** Folders of a report that hold pictures. */
export const PICTURE_FOLDERS = ['heatmaps', 'assets'] as const;

/** What a folder of pictures has in its index.json. */
export const PICTURES_SCHEMA = 'cv-loss-pictures/1';

/** Folders of an earlier report that this one does not write, as `earlierFiles`; a folder of that name without our index stays. */
export async function earlierFolders(dir: string, written: {has(folder: string): boolean}): Promise<string[]> {
  const found: string[] = [];
  for (const folder of PICTURE_FOLDERS) {
    if (!written.has(folder) && (await holdsPictures(join(dir, folder)))) found.push(join(dir, folder));
  }
  return found;
}

/** Throws UsageError where something of a folder's name is there that cv-loss did not make. */
export async function refuseOthersFolder(path: string): Promise<void> {
  const taken = await fs.lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw storageError(error, path);
  });
  if (taken === null || (taken.isDirectory() && (await holdsPictures(path)))) return;
  throw new UsageError(
    'CVL-R006',
    `${printable(path)} is there and is not of cv-loss; choose another place for the report`,
  );
}

function holdsPictures(folder: string): Promise<boolean> {
  return beginsWith(join(folder, 'index.json'), PICTURES_SCHEMA);
}

/** Throws UsageError where a file of a name that a report takes lies in a directory that holds no report of ours. */
export async function refuseOthersFiles(dir: string, written: readonly {readonly file: string}[]): Promise<void> {
  for (const {file} of written) {
    const path = join(dir, file);
    const taken = await fs.lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw storageError(error, path);
    });
    if (taken?.isFile()) {
      throw new UsageError(
        'CVL-R006',
        `${printable(path)} is there and is no report of cv-loss; choose another place for the report`,
      );
    }
  }
}

/** Whether the directory holds a report of ours, as its report.json or timing.json says. */
export async function holdsReport(dir: string): Promise<boolean> {
  return (
    (await beginsWith(join(dir, formats.json.file), REPORT_SCHEMA)) ||
    (await beginsWith(join(dir, TIMING_FILE), TIMING_SCHEMA))
  );
}

/** Whether a JSON file begins with `"schema": "…"`. A file that is not there does not; RunError when it cannot be read. */
async function beginsWith(path: string, schema: string): Promise<boolean> {
  try {
    const file = await fs.open(path);
    try {
      const {buffer, bytesRead} = await file.read(Buffer.alloc(64), 0, 64, 0);
      return new RegExp(`^\\s*\\{\\s*"schema":\\s*"${schema}"`).test(buffer.toString('latin1', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw storageError(error, path);
  }
}
