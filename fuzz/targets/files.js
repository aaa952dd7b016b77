import {readdirSync, readFileSync, statSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const LARGEST = 32 * 1024;

/** The path of a file or folder in the repository. */
export function inRepository(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** The small files of a folder whose names fit, in the order of their names. */
export function filesOf(folder, pattern) {
  return readdirSync(inRepository(folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => inRepository(`${folder}/${name}`))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= LARGEST)
    .map((path) => readFileSync(path));
}
