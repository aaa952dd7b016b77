import type {Piscina} from 'piscina';
import {threadsStarted} from './started.js';

/** Two samples at a time: while one is computed, the other's files are read and decoded. */
export const SAMPLES_A_THREAD = 2;

/** How long threads that nobody uses are kept: the next run of a process that scores again and again finds them started. */
const KEPT_MS = 60_000;

interface KeptPool {
  readonly pool: Promise<Piscina>;
  users: number;
  started: boolean;
  ending: NodeJS.Timeout | null;
}

/** Pools of this process, by what they run and how many threads they have. */
const POOLS = new Map<string, KeptPool>();

/** Whether threads that run a module are there already. */
export function areStarted(file: string, threads: number): boolean {
  return POOLS.get(keyOf(file, threads))?.started ?? false;
}

/** The threads that run a module, started where there are none; `returnPool` once for each borrowing. Throws what keeps them from starting. */
export async function borrowPool(file: string, threads: number): Promise<Piscina> {
  const key = keyOf(file, threads);
  const kept = POOLS.get(key) ?? {pool: startPool(file, threads), users: 0, started: false, ending: null};
  POOLS.set(key, kept);
  kept.users++;
  if (kept.ending) clearTimeout(kept.ending);
  try {
    const pool = await kept.pool;
    kept.started = true;
    return pool;
  } catch (error) {
    POOLS.delete(key);
    throw error;
  }
}

/** Gives threads back, which end when nobody has asked for them for a while; they keep no process from ending. */
export function returnPool(file: string, threads: number): void {
  const key = keyOf(file, threads);
  const kept = POOLS.get(key);
  if (!kept || --kept.users > 0) return;
  kept.ending = setTimeout(() => {
    POOLS.delete(key);
    kept.pool.then((pool) => pool.destroy()).catch(() => undefined);
  }, KEPT_MS).unref();
}

function keyOf(file: string, threads: number): string {
  return `${threads} ${file}`;
}

async function startPool(file: string, threads: number): Promise<Piscina> {
  const {Piscina} = await import('piscina');
  const pool = new Piscina({
    filename: file,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: SAMPLES_A_THREAD,
    // A thread that waits for its decoder must not sleep for the next message.
    atomics: 'disabled',
  });
  // A thread that does not start tells the pool, and whoever waits for it nothing.
  const failed = new Promise<never>((_, reject) => pool.on('error', reject));
  const started = pool.run(null);
  for (const one of [failed, started]) one.catch(() => undefined);
  try {
    await Promise.race([started, failed]);
    threadsStarted.publish({threads});
    return pool;
  } catch (error) {
    await pool.destroy();
    throw error;
  }
}
