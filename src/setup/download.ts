import {mkdir, rename, rm} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {storageError, unusablePlace} from '../storage/storage-error.js';
import {installBinding} from './build-binding.js';
import {findTools} from './machine.js';
import {requirementsOf} from './requirement.js';
import {NPM_CACHE, newFolder, takeWheel, wheelSource} from './take-wheel.js';
import type {SetupRequest} from './tensorflow.js';
import {CUDA_EXTRA} from './tensorflow-files.js';
import {openWheel} from './unpack-wheel.js';
import {chooseWheel} from './wheel-choice.js';

/**
 * Fills a folder with all that a set-up needs, for a machine without a network: wheels, and an npm cache with
 * @tensorflow/tfjs-node. Throws UsageError.
 */
export async function downloadTensorflow(request: SetupRequest, to: string): Promise<string> {
  const {signal, say, gpu} = request;
  const folder = resolve(to);
  const work = join(folder, '.work');
  const choice = await chooseWheel({...request, from: null});
  const source = await wheelSource(null, (await findTools()).python, signal);
  await mkdir(work, {recursive: true}).catch((error) => {
    throw unusablePlace(storageError(error, folder));
  });
  try {
    say('filling an npm cache with @tensorflow/tfjs-node');
    await installBinding(await newFolder(work, 'binding'), {signal, npmCache: join(folder, NPM_CACHE), offline: false});
    const {path} = await takeWheel(choice, request, source, work);
    const wheel = await openWheel(path, basename(path));
    wheel.close();
    await rename(path, join(folder, basename(path)));
    for (const requirement of gpu ? requirementsOf(wheel.metadata, CUDA_EXTRA) : []) {
      const fetched = await source.fetch(requirement, await newFolder(work, requirement.name));
      say(`got ${basename(fetched)}`);
      await rename(fetched, join(folder, basename(fetched)));
    }
    return folder;
  } finally {
    await rm(work, {recursive: true, force: true});
  }
}
