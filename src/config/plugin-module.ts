import {createHash} from 'node:crypto';
import {readFile, stat} from 'node:fs/promises';
import {pathToFileURL} from 'node:url';
import {whyUnreadable} from './load.js';
import {oneLine} from './problem.js';

/** Why there is no module to look at. */
export class NotLoaded extends Error {}

/** SHA-256 of a file in hexadecimal. Throws NotLoaded. */
export async function hashOf(file: string): Promise<string> {
  try {
    // A FIFO would be waited on for ever.
    if (!(await stat(file)).isFile()) throw new NotLoaded('expected a file, got a directory or a device');
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  } catch (error) {
    if (error instanceof NotLoaded) throw error;
    throw new NotLoaded(`cannot be read: ${whyUnreadable(error)}`);
  }
}

/**
 * The default export of a module. The hash in its URL makes a changed file a new module in a process that lives on.
 * Throws NotLoaded.
 */
export async function importDefault(file: string, sha256: string): Promise<unknown> {
  const url = pathToFileURL(file);
  url.searchParams.set('sha256', sha256);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(url.href);
  } catch (error) {
    throw new NotLoaded(`cannot be loaded: ${whyNotLoaded(error)}`);
  }
  if (module.default !== undefined) return module.default;
  const names = Object.keys(module).filter((name) => name !== 'default');
  const got = names.length === 0 ? 'none' : `only ${oneLine(names.join(', '), 100)}`;
  throw new NotLoaded(`expected a default export (export default defineLoss({…})), got ${got}`);
}

function whyNotLoaded(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const message = oneLine(text.trim().replaceAll(/\s*\n\s*/g, ' '), 300);
  if (/Cannot find package 'cv-loss'/.test(message)) return `${message}; install cv-loss beside the plugin`;
  // Of a syntax error, the stack alone says where it is.
  const line = error instanceof SyntaxError ? /^file:.*:(\d+)$/m.exec(error.stack ?? '')?.[1] : undefined;
  const where = line === undefined ? '' : ` (line ${line})`;
  const remedy = /outside a module|Unexpected token 'export'/.test(message) ? '; give the file the ending .mjs' : '';
  return `${message}${where}${remedy}`;
}
