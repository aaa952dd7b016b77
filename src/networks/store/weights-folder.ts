import {homedir} from 'node:os';
import {join} from 'node:path';
import {RunError} from '../../errors.js';
import type {RunReason} from '../../messages/catalogue.js';
import {cacheFolder} from '../../storage/cache-folder.js';
import {makeFolder} from '../../storage/make-folder.js';

/** Where the user's weights are stored: `weights` in the folder of the caches. Nothing is looked at or made. */
export function weightsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder({env, platform: process.platform, home: homedir()}).path, 'weights');
}

/**
 * Runs what writes into the weights folder, which is made where it is missing. Throws RunError, with the setting that
 * names another place, when it cannot be written.
 */
export async function writingWeights<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  try {
    await makeFolder(folder);
    return await write();
  } catch (error) {
    if (!(error instanceof RunError) || !PLACE.has(error.code)) throw error;
    throw new RunError(error.code, `${error.message} (weights lie in CV_LOSS_HOME)`, {cause: error});
  }
}

/** The mistakes that another place helps against. */
const PLACE: ReadonlySet<RunReason> = new Set([
  'disk-full',
  'read-only',
  'permission-denied',
  'not-a-folder',
  'output-lost',
]);
