import {extname} from 'node:path';
import {isSampleError, UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** A file of vectors, scores, labels or tuples. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly name: string;
}

/** What a file holds, by its extension. Throws UsageError for a format that is not read. */
export function formatOf({name, path}: SourceFile): 'npy' | 'npz' | 'csv' {
  const extension = extname(path).toLowerCase();
  if (extension === '.npy' || extension === '.npz' || extension === '.csv') return extension.slice(1) as 'npy';
  throw new UsageError('CVL-V002', `${shown(name)}: expected a .npy, .npz or .csv file`);
}

/** Runs a step on a file: what it throws for the file's content or a failed read is thrown as UsageError of one line. */
export async function reading<Value>({name}: SourceFile, step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (isSampleError(error)) throw new UsageError('CVL-V002', error.message, {cause: error});
    const {code} = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || error instanceof UsageError) throw error;
    throw new UsageError('CVL-V001', `${shown(name)}: cannot be read: ${REASONS[code] ?? code}`, {cause: error});
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a directory, expected a file',
  ERR_FS_FILE_TOO_LARGE: 'larger than 2 GiB',
};

/** Text of a file in a message: one line, not too long. */
export function shown(text: string): string {
  return printable(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}

const LISTED = 10;

/** The first ten of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, LISTED).map(shown).join(', ');
  return names.length > LISTED ? `${first} and ${names.length - LISTED} more` : first;
}
