import {printable} from '../printable.js';

/** How many names a message lists before it only counts. */
const LISTED = 10;

/** The first ten of a list, made printable, and how many more there are. */
export function listed(names: readonly string[], separator = ', '): string {
  const first = names.slice(0, LISTED).map(printable).join(separator);
  return names.length > LISTED ? `${first}${separator}and ${names.length - LISTED} more` : first;
}

/** `1 key`, `2 keys`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

const FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'a link that leads back to itself',
  EISDIR: 'it is a directory',
  EIO: 'the disk failed to read it',
  EMFILE: 'too many open files',
};

/** The code of a file system error (`ENOENT`), or an empty string. */
export function failureCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The message of an input that cannot be read: `CVL-S002` where there is nothing at its path. */
export function unreadCode(error: unknown): 'CVL-S002' | 'CVL-S003' {
  return ['ENOENT', 'ENOTDIR'].includes(failureCode(error)) ? 'CVL-S002' : 'CVL-S003';
}

/** Why a file system call failed, in words, with its code. */
export function failure(error: unknown): string {
  const code = failureCode(error);
  const words = FAILURES[code];
  return words === undefined ? printable(String(error instanceof Error ? error.message : error)) : `${words} (${code})`;
}
