import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {cacheFolder} from '../storage/cache-folder.js';

/** A TensorFlow that `cv-loss setup tensorflow` built a binding for, as its `setup.json` describes it. */
export interface TensorflowSetup {
  /** The PyPI distribution: `tensorflow-cpu` or `tensorflow`. */
  readonly distribution: string;
  readonly version: string;
  /** Whether CUDA's libraries lie beside it. */
  readonly gpu: boolean;
  /** SHA-256 of the wheel. */
  readonly sha256: string;
  /** The version of @tensorflow/tfjs-node. */
  readonly binding: string;
  /** The bytes of its libraries, by path below its folder. */
  readonly libraries?: Readonly<Record<string, number>>;
}

/** The package within a set-up's folder. */
export const SETUP_PACKAGE: string = join('node_modules', '@tensorflow', 'tfjs-node');

/** Where set-ups lie: `tensorflow` in the folder of caches. */
export function setupsFolder(): string {
  return join(cacheFolder({env: process.env, platform: process.platform, home: homedir()}).path, 'tensorflow');
}

/** The set-up in use and its folder; null where there is none. Throws nothing: what cannot be read is not there. */
export function currentSetup(folder: string = setupsFolder()): (TensorflowSetup & {readonly folder: string}) | null {
  const current = readJson<{readonly folder?: unknown}>(join(folder, 'current.json'));
  if (typeof current?.folder !== 'string' || !/^[\w.-]+$/.test(current.folder)) return null;
  const path = join(folder, current.folder);
  const setup = readJson<TensorflowSetup>(join(path, 'setup.json'));
  return setup && {...setup, folder: path};
}

/** A file's JSON; null where it is missing or none. */
export function readJson<Content>(path: string): Content | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Content;
  } catch {
    return null;
  }
}
