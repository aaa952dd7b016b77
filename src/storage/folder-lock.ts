import {randomBytes} from 'node:crypto';
import fs from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {z} from 'zod';
import {RunError, UsageError} from '../errors.js';
import {HOST, isDead, processStart} from './process-identity.js';
import {errorCode, storageError} from './storage-error.js';
import {claimTemporary, releaseTemporary} from './temporary.js';

/** The lock of a folder that one run at a time writes into. */
export const LOCK_FILE = '.cv-loss.lock';

/** How often a holder shows that it lives, and how long it may be silent where nothing else tells. */
const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 10 * 60_000;
/** A lock is made empty and filled at once: one that stays empty is of a process that died between. */
const EMPTY_MS = 10_000;

/** A folder that is this run's alone. */
export interface FolderLock {
  /** Throws RunError `output-lost` when the lock is gone or another's: the folder was removed, or this process slept too long. */
  check(): Promise<void>;
  /** Gives the folder back. Never throws. */
  release(): Promise<void>;
}

const holderShape = z.object({pid: z.int(), host: z.string(), start: z.string().nullable(), id: z.string()});
type Holder = z.output<typeof holderShape>;

/** Locks of this process. */
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
      if ((await readHolder(path))?.id === id) return;
      throw new RunError('output-lost', `cannot write ${folder}: it was removed, or another run took it over`);
    },
    async release() {
      clearInterval(heartbeat);
      ours.delete(id);
      const held = await readHolder(path).catch(() => null);
      if (held?.id === id) await fs.rm(path, {force: true}).catch(() => undefined);
    },
  };
}

async function create(path: string, mine: Holder): Promise<boolean> {
  try {
    const handle = await fs.open(path, 'wx');
    try {
      await handle.writeFile(JSON.stringify(mine));
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

/** Takes a stale lock away. Throws UsageError when it is held. */
async function removeStale(path: string, folder: string): Promise<void> {
  const stats = await fs.stat(path).catch(() => null);
  if (stats === null) return;
  const holder = await readHolder(path);
  const silence = Date.now() - stats.mtimeMs;
  if (holder === null ? silence < EMPTY_MS : !isStale(holder, silence)) throw heldError(path, folder, holder);
  // Renamed first: of two that find it stale one gets it, and the other sees whether it took a new one by mistake.
  const taken = claimTemporary(path);
  try {
    await fs.rename(path, taken);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readHolder(taken))?.id !== holder?.id) await fs.link(taken, path).catch(() => undefined);
  await fs.rm(taken, {force: true});
  releaseTemporary(taken);
}

function isStale({host, pid, start, id}: Holder, silence: number): boolean {
  if (host !== HOST) return silence > SILENCE_MS;
  if (pid === process.pid) return !ours.has(id);
  return isDead(pid) || (start !== null && processStart(pid) !== start);
}

function heldError(path: string, folder: string, holder: Holder | null): UsageError {
  const where = holder === null || holder.host === HOST ? '' : ' on another machine';
  const who = holder === null ? 'another run' : `another run (process ${holder.pid}${where})`;
  const remedy = where === '' ? '' : `; if it is gone, remove ${path}`;
  return new UsageError(`${who} is writing ${folder}; wait for it, or choose another folder${remedy}`);
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
