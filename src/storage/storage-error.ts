import {RunError, UsageError} from '../errors.js';
import type {RunReason} from '../messages/catalogue.js';

/** What a system error means for an output, and what to do about it. */
const KINDS: Readonly<Record<string, readonly [code: RunReason, text: string]>> = {
  ENOSPC: ['disk-full', 'no space is left on the device; free some, or choose another place'],
  EDQUOT: ['disk-full', 'the disk quota is used up; free some space, or choose another place'],
  EROFS: ['read-only', 'the file system is read-only; choose another place'],
  EACCES: ['permission-denied', 'permission denied; choose another place, or change its permissions'],
  EPERM: ['permission-denied', 'operation not permitted; choose another place, or change its permissions'],
  ENOENT: ['output-lost', 'the folder is not there; make it, or choose another place'],
  ENOTDIR: ['not-a-folder', 'a part of the path is a file, not a folder; choose another place'],
  EEXIST: ['not-a-folder', 'a file of that name is in its place; choose another place'],
  ESTALE: ['output-lost', 'the network file system lost the folder'],
};

/**
 * A system error met while writing `path`, as a RunError of one line: `disk-full`, `read-only`,
 * `permission-denied`, `not-a-folder`, `output-lost` (the folder is gone), or `write-failed` for anything else
 * (EIO, EMFILE, …). A RunError is given back as it is.
 */
export function storageError(error: unknown, path: string): RunError {
  if (error instanceof RunError) return error;
  const name = errorCode(error);
  const [code, text] = (name !== undefined && Object.hasOwn(KINDS, name) && KINDS[name]) || [
    'write-failed',
    firstLine(error),
  ];
  return new RunError(code, `cannot write ${printablePath(path)}: ${text}`, {cause: error});
}

/**
 * An error met before anything was computed: a place that cannot be written is a mistake in the command (UsageError);
 * a disk that is full or broken stays a RunError, and any other error is given back as it is.
 */
export function unusablePlace(error: unknown): unknown {
  const isPlace = error instanceof RunError && !['disk-full', 'write-failed'].includes(error.code);
  return isPlace ? new UsageError('CVL-R015', error.message, {cause: error}) : error;
}

/** The system's name of an error (`ENOSPC`), undefined when it is not a system error. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as {readonly code?: unknown} | null | undefined)?.code;
  // Errors of ours have codes too, which no call of the system gives.
  return typeof code === 'string' && !code.startsWith('CVL-') ? code : undefined;
}

/** A path that fits on one line: control characters are written as JSON does. */
function printablePath(path: string): string {
  return path.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
