import {realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** A model's own file, and how messages name it. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
}

/**
 * The absolute path of a file that a model names, which must lie in the model's folder or below. A link may lead to where
 * the model's own file lies, as in a store of contents.
 * Throws UsageError for an absolute path, an address, one that climbs out (`..`), and for a file that is not there.
 */
export async function companionFile(model: ModelFile, given: string, what: string): Promise<string> {
  const shown = `${model.name}: ${what} '${printable(given.slice(0, 120))}'`;
  const normal = path.posix.normalize(given);
  const climbs = normal === '..' || normal.startsWith('../');
  if (climbs || path.posix.isAbsolute(given) || path.win32.isAbsolute(given) || /[\\:\0]/.test(given) || given === '') {
    throw new UsageError('CVL-M005', `${shown} lies outside the model's folder; expected a file beside the model`);
  }
  const folder = path.dirname(model.path);
  const file = path.join(folder, normal);
  try {
    if (!(await stat(file)).isFile()) throw new UsageError('CVL-M001', `${shown} is no file`);
    const [real, ...homes] = await Promise.all([file, folder, model.path].map((one) => realpath(one)));
    const folders = [homes[0] as string, path.dirname(homes[1] as string)];
    if (folders.some((home) => (real as string).startsWith(home.endsWith(path.sep) ? home : home + path.sep)))
      return file;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError('CVL-M001', `${shown} is missing; put it beside the model`);
    throw new UsageError('CVL-M001', `${shown} cannot be read (${code ?? String(error)})`, {cause: error});
  }
  throw new UsageError('CVL-M005', `${shown} is a link out of the model's folder; expected a file beside the model`);
}
