import {randomBytes} from 'node:crypto';
import fs from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {z} from 'zod';
import {RunError, UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {HOST, isDead, processStart} from './process-identity.js';
import {errorCode, storageError} from './storage-error.js';

/** The lock of a folder that one run at a time writes into. */
const LOCK_FILE = '.cv-loss.lock';

/** How often a holder shows that it lives, and how long it may be silent where nothing else tells. */
const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 10 * 60_000;
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

const holderShape = z.object({pid: z.int(), host: z.string(), start: z.string().nullable(), id: z.string()});
type Holder = z.output<typeof holderShape>;

/** Locks of this thread; another thread of the process has its own. */
const ours = new Set<string>();

/**
 * Takes a folder for this run. A lock that a dead process left is taken over: on this machine the process table tells,
 * of another machine ten minutes without a sign.
 * Throws UsageError while another run holds it, and RunError (see storageError) where no lock can be written.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_FILE);
  const id = randomBytes(12).toString('hex');
  const mine: Holder = {pid: process.pid, host: HOST, start: processStart(process.pid), id};
  try {
    while (!(await create(path, mine))) await removeStale(path, folder);
  } catch (error) {
    throw error instanceof UsageError ? error : storageError(error, path);
  }
  ours.add(id);
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
      if (holder?.id === id) return;
      throw new RunError(
        'output-lost',
        `cannot write ${printable(folder)}: it was removed, or another run took it over`,
      );
    },
    async release() {
      clearInterval(heartbeat);
      ours.delete(id);
      const held = await readHolder(path).catch(() => null);
      if (held?.id === id) await fs.rm(path, {force: true}).catch(() => undefined);
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
  if (holder === null ? silence > AT_ONCE_MS : isStale(holder, silence)) return true;
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

function isStale({host, pid, start, id}: Holder, silence: number): boolean {
  if (host !== HOST) return silence > SILENCE_MS;
  if (pid === process.pid && !ours.has(id)) {
    // Of this process by its start: another thread's, which shows that it lives.
    return start === null || start !== processStart(pid) || silence > 3 * HEARTBEAT_MS;
  }
  return isDead(pid) || (start !== null && processStart(pid) !== start);
}

function heldError(path: string, folder: string, holder: Holder | null): UsageError {
  const elsewhere = holder !== null && holder.host !== HOST;
  const who = holder === null ? '' : ` (process ${holder.pid}${elsewhere ? ' on another machine' : ''})`;
  // Where the process table tells whether it lives, there is nothing to remove by hand.
  const isSure = holder === null || (!elsewhere && holder.start !== null);
  const remedy = isSure ? '' : `; if it is gone, remove ${printable(path)}`;
  return new UsageError(
    `another run${who} is writing ${printable(folder)}; wait for it, or choose another folder${remedy}`,
  );
}

/** Who holds a lock; null when the file is not there or not filled. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const parsed = holderShape.safeParse(JSON.parse(await fs.readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}
