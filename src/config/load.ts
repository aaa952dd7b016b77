import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {dirname, extname, resolve} from 'node:path';
import {UsageError} from '../errors.js';
import type {ConfigNode, Position} from './node.js';
import {oneLine} from './problem.js';

const MAX_BYTES = 1024 * 1024;

/** The files that are used without being named. */
const FOUND_NAMES = ['cv-loss.yaml', 'cv-loss.yml', 'cv-loss.json'];

/** The one config file that lies in the folder, or null. Throws UsageError when there are several. */
export async function findConfig(cwd: string): Promise<string | null> {
  const found: string[] = [];
  for (const name of FOUND_NAMES) if (await exists(resolve(cwd, name))) found.push(name);
  if (found.length > 1) {
    throw new UsageError(
      'CVL-C003',
      `${found.join(' and ')} both lie in this folder; keep one, or name it with --config`,
    );
  }
  return found[0] ?? null;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw unreadable(path, error);
  }
}

/**
 * Reads a config file (`-` is `stdin`) and parses it to nodes; paths in it are relative to its folder.
 * Throws UsageError when it cannot be read, is over 1 MiB, is no UTF-8 text, or does not hold a map.
 */
export async function loadConfig(file: string, cwd: string, stdin: AsyncIterable<unknown>): Promise<ConfigNode> {
  if (file === '') throw new UsageError('CVL-C001', "config: expected the name of a file, got ''");
  const path = resolve(cwd, file);
  const fromStdin = file === '-';
  const label = fromStdin ? '<stdin>' : file;
  const bytes = await readLimited(fromStdin ? stdin : createReadStream(path), label);
  const at: Position = {label, line: 1, column: 1, base: fromStdin ? cwd : dirname(path)};
  const {parseConfigText} = await import('./text.js');
  return parseConfigText({text: decode(bytes, label), at, lines: true, json: extname(file).toLowerCase() === '.json'});
}

async function readLimited(stream: AsyncIterable<unknown>, label: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Uint8Array | string);
      length += bytes.length;
      if (length > MAX_BYTES)
        throw new UsageError('CVL-C002', `${oneLine(label, 200)}: over 1 MiB, which no config is`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(label, error);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, label: string): string {
  let text: string | undefined;
  try {
    text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    // Reported below, as is what decodes and yet is no text.
  }
  if (text === undefined || text.includes('\0')) {
    throw new UsageError('CVL-C002', `${oneLine(label, 200)}: not UTF-8 text, expected YAML or JSON`);
  }
  return text;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'a directory, expected a config file'],
]);

function unreadable(label: string, error: unknown): UsageError {
  return new UsageError('CVL-C001', `${oneLine(label, 200)}: cannot be read: ${whyUnreadable(error)}`);
}

/** The reason of a failed read in words. */
export function whyUnreadable(error: unknown): string {
  const {code = 'unknown error'} = error as NodeJS.ErrnoException;
  return REASONS.get(code) ?? code;
}
