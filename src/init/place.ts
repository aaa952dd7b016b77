import {lstat, stat} from 'node:fs/promises';
import {basename, dirname, join, relative, resolve, sep} from 'node:path';
import {findConfig} from '../config/load.js';
import {RunError, UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import type {ConfigPlace} from './config-text.js';

/** Where editors find the schema when nothing is installed beside the config. */
const OWN_SCHEMA = 'cv-loss.schema.json';
const INSTALLED_SCHEMA = join('node_modules', 'cv-loss', 'dist', 'config.schema.json');

/** The place of a config, and whether its schema is there. */
export interface FoundPlace extends ConfigPlace {
  readonly hasSchema: boolean;
}

/** The schema of an installed cv-loss in a folder or above it, else `cv-loss.schema.json` in the folder. */
export async function findPlace(folder: string): Promise<FoundPlace> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const installed = join(at, INSTALLED_SCHEMA);
    if (await exists(installed)) return {folder, schema: asUrl(relative(folder, installed)), hasSchema: true};
    if (dirname(at) === at) break;
  }
  return {folder, schema: `./${OWN_SCHEMA}`, hasSchema: await exists(join(folder, OWN_SCHEMA))};
}

function asUrl(path: string): string {
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('.') ? slashed : `./${slashed}`;
}

/**
 * Whether something lies where a config is to be written. Throws UsageError for a name that eval would find beside
 * another config.
 */
export async function isTaken(path: string): Promise<boolean> {
  const name = basename(path);
  if (/^cv-loss\.(ya?ml|json)$/.test(name)) {
    const found = await findConfig(dirname(path));
    if (found !== null && found !== name) {
      throw new UsageError(
        'CVL-C003',
        `${found} lies in this folder already, and eval takes one config; give --output another name`,
      );
    }
  }
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Writes a config whole. Throws UsageError when the place cannot be written, RunError when the disk is full or broken. */
export async function writeConfig(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, text);
  } catch (error) {
    const broken = !(error instanceof RunError) || ['disk-full', 'write-failed'].includes(error.code);
    throw broken ? error : new UsageError('CVL-R015', printable(error.message), {cause: error});
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
