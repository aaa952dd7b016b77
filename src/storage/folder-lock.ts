import fs from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {RunError, UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {forgetHolder, HEARTBEAT_MS, type Holder, isGone, newHolder, readHolder} from './lock-holder.js';
import {HOST} from './process-identity.js';
import {errorCode, storageError} from './storage-error.js';

/** The lock of a folder that one run at a time writes into. */
const LOCK_FILE = '.cv-loss.lock';

/** What takes no time: a lock that stays empty, or one that is being taken over, this long is of a process that died. */
const AT_ONCE_MS = 10_000;
const RETRY_MS = 20;

/** A folder that is this run's alone. */
export interface FolderLock {
  /** Throws RunError `output-lost` when the lock is gone or another's: the folder was removed, or this process slept too long. */
  check(): Promise<void>;
  /** Gives the folder back. Never throws. */
  release(): Promise<void>;
}

/**
 * Takes a folder for this run. A lock that a dead process left is taken over: on this machine the process table tells,
 * of another machine ten minutes without a sign.
 * Throws UsageError while another run holds it, and RunError (see storageError) where no lock can be written.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const mine = newHolder();
  try {
    while (!(await create(path, mine))) await removeStale(path, folder);
  } catch (error) {
    forgetHolder(mine);
    throw error instanceof UsageError ? error : storageError(error, path);
  }
  const heartbeat = setInterval(
    () => void fs.utimes(path, new Date(), new Date()).catch(() => undefined),
    HEARTBEAT_MS,
  );
  heartbeat.unref();
  return {
    async check() {
      const holder = await readHolder(path).catch((error: unknown) => {
        throw storageError(error, path);
      });
      if (holder?.id === mine.id) return;
      throw new RunError(
        'output-lost',
        `cannot write ${printable(folder)}: it was removed, or another run took it over`,
      );
    },
    async release() {
      clearInterval(heartbeat);
      forgetHolder(mine);
      const held = await readHolder(path).catch(() => null);
      if (held?.id === mine.id) await fs.rm(path, {force: true}).catch(() => undefined);
    },
  };
}

/** Makes a file that says who made it; false where there is one. */
async function create(path: string, mine: Holder | null): Promise<boolean> {
  try {
    const handle = await fs.open(path, 'wx');
    try {
      if (mine !== null) await handle.writeFile(JSON.stringify(mine));
    } catch (error) {
      await fs.rm(path, {force: true}).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes a stale lock away. Only who has made the file beside it may, and looks at the lock once more before: of two that
 * find it stale, the second one would otherwise take the first one's new lock.
 * Throws UsageError when the lock is held.
 */
async function removeStale(path: string, folder: string): Promise<void> {
  if (!(await isLeft(path, folder))) return;
  const taking = `${path}.taking`;
  if (!(await create(taking, null))) {
    if (((await silenceOf(taking)) ?? 0) > AT_ONCE_MS) await fs.rm(taking, {force: true});
    await sleep(RETRY_MS);
    return;
  }
  try {
    if (await isLeft(path, folder)) await fs.rm(path, {force: true});
  } finally {
    await fs.rm(taking, {force: true});
  }
}

/** Whether a lock is there and nobody's. Throws UsageError when it is held. */
async function isLeft(path: string, folder: string): Promise<boolean> {
  const silence = await silenceOf(path);
  const holder = await readHolder(path);
  if (silence === null) return false;
  if (holder === null ? silence > AT_ONCE_MS : isGone(holder, silence)) return true;
  throw heldError(path, folder, holder);
}

/** How long nothing was written to a file, in milliseconds; null where it is not there. */
async function silenceOf(path: string): Promise<number | null> {
  try {
    return Date.now() - (await fs.stat(path)).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function heldError(path: string, folder: string, holder: Holder | null): UsageError {
  const elsewhere = holder !== null && holder.host !== HOST;
  const who = holder === null ? '' : ` (process ${holder.pid}${elsewhere ? ' on another machine' : ''})`;
  // Where the process table tells whether it lives, there is nothing to remove by hand.
  const isSure = holder === null || (!elsewhere && holder.start !== null);
  const remedy = isSure ? '' : `; if it is gone, remove ${printable(path)}`;
  return new UsageError(
    'CVL-R007',
    `another run${who} is writing ${printable(folder)}; wait for it, or choose another folder${remedy}`,
  );
}
