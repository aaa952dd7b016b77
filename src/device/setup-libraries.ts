import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {readJson, SETUP_PACKAGE, type TensorflowSetup} from './tensorflow-setup.js';

/** The folders of the binding's package that hold libraries. */
const FOLDERS = ['deps', 'lib'] as const;

/** The bytes of every library of a set-up, by path below its folder. Throws what the system throws. */
export function libraryBytes(folder: string): Readonly<Record<string, number>> {
  const paths = FOLDERS.flatMap((name) =>
    readdirSync(join(folder, SETUP_PACKAGE, name), {recursive: true, encoding: 'utf8'})
      .filter((path) => /\.(node|so[.\d]*)$/.test(path))
      .map((path) => join(SETUP_PACKAGE, name, path)),
  );
  return Object.fromEntries(paths.map((path) => [path, statSync(join(folder, path)).size]));
}

/**
 * What is wrong with the libraries of a set-up, in words; null where each has its length. One that was cut short ends the
 * process that loads it, without a word.
 */
export function libraryProblem(folder: string): string | null {
  const {libraries = {}} = readJson<TensorflowSetup>(join(folder, 'setup.json')) ?? {};
  for (const [path, bytes] of Object.entries(libraries)) {
    const found = statSync(join(folder, path), {throwIfNoEntry: false})?.size;
    if (found === undefined) return `${path} is missing`;
    if (found !== bytes) return `${path} is damaged: it has ${found} bytes, not ${bytes}`;
  }
  return null;
}
