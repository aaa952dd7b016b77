import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';

const ROOT = pathToFileURL(createRequire(import.meta.url).resolve('cv-loss/package.json'));

/** A file of this package by its path below the package's folder, wherever the asking code was compiled or bundled to. */
export function packageFile(path: string): URL {
  return new URL(path, ROOT);
}
