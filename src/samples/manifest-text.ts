import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {failure} from './messages.js';

/** A manifest as text, before it is parsed. */
export interface ManifestText {
  /** What messages call it, safe to print. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  /** Without a byte order mark. */
  readonly text: string;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

/**
 * Reads a manifest and tells CSV from JSONL by its extension, else by its first character.
 * @param source `text` when it came from standard input: its paths are then relative to the working directory
 * @throws UsageError when it cannot be read, is no UTF-8 text, or is neither CSV nor JSONL
 */
export async function readManifestText(source: {readonly path: string; readonly text?: string}): Promise<ManifestText> {
  if (source.text !== undefined) {
    const text = source.text.replace(/^\ufeff/, '');
    return {name: 'standard input', format: formatOf('', text, 'standard input'), text, folder: process.cwd()};
  }
  const name = printable(source.path);
  const text = decode(name, await readBytes(name, source.path));
  const format = formatOf(path.extname(source.path).toLowerCase(), text, name);
  return {name, format, text, folder: path.dirname(path.resolve(source.path))};
}

async function readBytes(name: string, file: string): Promise<Buffer> {
  try {
    if ((await stat(file)).isFile()) {
      return await readFile(file);
    }
  } catch (error) {
    throw new UsageError('CVL-S010', `cannot read the manifest ${name}: ${failure(error)}`);
  }
  throw new UsageError('CVL-S010', `the manifest ${name} is not a regular file; to pipe one in, use --pairs -`);
}

function decode(name: string, bytes: Buffer): string {
  try {
    // The decoder drops a byte order mark.
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    throw new UsageError('CVL-S010', `the manifest ${name} is not UTF-8 text: save it as UTF-8`);
  }
}

function formatOf(extension: string, text: string, name: string): 'csv' | 'jsonl' {
  if (extension === '.csv') {
    return 'csv';
  }
  if (extension === '.jsonl' || extension === '.ndjson') {
    return 'jsonl';
  }
  const start = text.trimStart();
  if (start.startsWith('[')) {
    throw new UsageError(
      'CVL-S010',
      `the manifest ${name} is a JSON array; expected CSV, or JSONL with one object a line`,
    );
  }
  return start.startsWith('{') ? 'jsonl' : 'csv';
}
