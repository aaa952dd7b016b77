import {mkdir, readdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setupsFolder, type TensorflowSetup} from '../device/tensorflow-setup.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import {makeFolder} from '../storage/make-folder.js';
import {storageError, unusablePlace} from '../storage/storage-error.js';
import {claimTemporary, releaseTemporary, removeStaleTemporaries} from '../storage/temporary.js';

/** The N-API version that node-pre-gyp builds for: one binding serves every Node from 20 on. */
const NODE_ABI = 'napi-v8';

/** The name of a set-up's folder: what it is made of. */
export function setupName({distribution, version, gpu, binding}: TensorflowSetup): string {
  return `${distribution}-${version}${gpu ? '-cuda' : ''}-tfjs-node-${binding}-${process.platform}-${process.arch}-${NODE_ABI}`;
}

/** A set-up being made: a folder of its own, which takes its name when all is done. */
export interface Workshop {
  readonly folder: string;
  /** The folder takes its name, in place of an earlier one, and is the one in use. */
  publish(name: string, setup: TensorflowSetup): Promise<string>;
  /** Removes it, unless it was published. Never throws. */
  abandon(): Promise<void>;
}

/** Makes a workshop, after removing those that dead processes left. Throws UsageError where nothing can be written. */
export async function openWorkshop(): Promise<Workshop> {
  const parent = setupsFolder();
  const folder = claimTemporary(join(parent, 'setup'));
  try {
    await makeFolder(parent);
    await removeStaleTemporaries(folder);
    await mkdir(folder);
  } catch (error) {
    releaseTemporary(folder);
    throw unusablePlace(storageError(error, parent));
  }
  return {
    folder,
    async publish(name, setup) {
      const path = join(parent, name);
      try {
        await writeFile(join(folder, 'setup.json'), `${JSON.stringify(setup, null, 2)}\n`);
        await rm(path, {recursive: true, force: true});
        await rename(folder, path);
      } catch (error) {
        throw storageError(error, path);
      }
      await useSetup(name);
      return path;
    },
    async abandon() {
      await rm(folder, {recursive: true, force: true}).catch(() => undefined);
      releaseTemporary(folder);
    },
  };
}

/** Makes a set-up the one in use. Throws RunError. */
export async function useSetup(name: string): Promise<void> {
  await writeFileAtomically(join(setupsFolder(), 'current.json'), `${JSON.stringify({folder: name})}\n`);
}

/** Removes every set-up, and what interrupted ones left; the bytes that were freed. Throws RunError. */
export async function removeSetups(): Promise<{readonly folder: string; readonly bytes: number}> {
  const folder = setupsFolder();
  const bytes = await bytesIn(folder);
  try {
    await rm(folder, {recursive: true, force: true});
  } catch (error) {
    throw storageError(error, folder);
  }
  return {folder, bytes};
}

/** What the files below a folder take; 0 where it is not there. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => stat(join(parentPath, name)).then(({size}) => size));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
