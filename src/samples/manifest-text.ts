import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {failure} from './messages.js';

/** A manifest before it is parsed. */
export interface ManifestText {
  /** What messages call it, safe to print. */
  readonly name: string;
  readonly format: 'csv' | 'jsonl';
  /** Its text piece by piece, without a byte order mark. Throws UsageError where it cannot be read, or is no UTF-8. */
  readonly pieces: AsyncIterable<string>;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

/** Code units of a piece of a text that is there as a whole. */
const PIECE = 1 << 16;

/**
 * Opens a manifest and tells CSV from JSONL by its extension, else by its first character.
 * @param source `text` when it came from standard input: its paths are then relative to the working directory
 * @throws UsageError when it cannot be read, is no UTF-8 text, or is neither CSV nor JSONL
 */
export async function readManifestText(source: {readonly path: string; readonly text?: string}): Promise<ManifestText> {
  if (source.text !== undefined) {
    const text = source.text.replace(/^\ufeff/, '');
    const format = formatOf('', text, 'standard input');
    return {name: 'standard input', format, pieces: piecesOf(text), folder: process.cwd()};
  }
  const name = printable(source.path);
  await refuseOthers(name, source.path);
  const pieces = fileText(name, source.path);
  const start: string[] = [];
  const extension = path.extname(source.path).toLowerCase();
  while (!EXTENSIONS.includes(extension) && start.join('').trim() === '') {
    const {value, done} = await pieces.next();
    if (done) break;
    start.push(value);
  }
  const format = formatOf(extension, start.join(''), name);
  return {name, format, pieces: after(start, pieces), folder: path.dirname(path.resolve(source.path))};
}

async function refuseOthers(name: string, file: string): Promise<void> {
  try {
    if ((await stat(file)).isFile()) return;
  } catch (error) {
    throw new UsageError('CVL-S010', `cannot read the manifest ${name}: ${failure(error)}`);
  }
  throw new UsageError('CVL-S010', `the manifest ${name} is not a regular file; to pipe one in, use --pairs -`);
}

/** The text of a file, never more than a piece of it in memory. */
async function* fileText(name: string, file: string): AsyncGenerator<string, undefined> {
  // The decoder drops a byte order mark.
  const decoder = new TextDecoder('utf-8', {fatal: true});
  const decode = (bytes?: Buffer) => {
    try {
      return bytes ? decoder.decode(bytes, {stream: true}) : decoder.decode();
    } catch {
      throw new UsageError('CVL-S010', `the manifest ${name} is not UTF-8 text: save it as UTF-8`);
    }
  };
  try {
    for await (const bytes of createReadStream(file)) yield decode(bytes as Buffer);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError('CVL-S010', `cannot read the manifest ${name}: ${failure(error)}`);
  }
  yield decode();
}

async function* piecesOf(text: string): AsyncGenerator<string, undefined> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

async function* after(start: readonly string[], rest: AsyncGenerator<string, undefined>): AsyncGenerator<string> {
  yield* start;
  yield* rest;
}

const EXTENSIONS = ['.csv', '.jsonl', '.ndjson'];

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
