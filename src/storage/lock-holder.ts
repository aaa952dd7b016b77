import {randomBytes} from 'node:crypto';
import fs from 'node:fs/promises';
import process from 'node:process';
import * as z from 'zod';
import {HOST, isDead, processStart} from './process-identity.js';
import {errorCode} from './storage-error.js';

/** How often a holder shows that it lives, and how long it may be silent where nothing else tells. */
export const HEARTBEAT_MS = 20_000;
const SILENCE_MS = 10 * 60_000;

const shape = z.object({pid: z.int(), host: z.string(), start: z.string().nullable(), id: z.string()});

/** Who holds a lock: a process of a machine, and which of its locks it is. */
export type Holder = Readonly<z.output<typeof shape>>;

/** Locks of this thread; another thread of the process has its own. */
const ours = new Set<string>();

/** This process as the holder of a new lock. */
export function newHolder(): Holder {
  const id = randomBytes(12).toString('hex');
  ours.add(id);
  return {pid: process.pid, host: HOST, start: processStart(process.pid), id};
}

/** Says that this process holds the lock no more, or does not get it. */
export function forgetHolder({id}: Holder): void {
  ours.delete(id);
}

/** Who holds a lock; null when the file is not there or not filled. Throws what the system says when it cannot be read. */
export async function readHolder(path: string): Promise<Holder | null> {
  try {
    const parsed = shape.safeParse(JSON.parse(await fs.readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** Whether a holder is no more, after `silence` milliseconds without a sign of it. */
export function isGone({host, pid, start, id}: Holder, silence: number): boolean {
  if (host !== HOST) return silence > SILENCE_MS;
  if (pid === process.pid && !ours.has(id)) {
    // Of this process by its start: another thread's, which shows that it lives.
    return start === null || start !== processStart(pid) || silence > 3 * HEARTBEAT_MS;
  }
  return isDead(pid) || (start !== null && processStart(pid) !== start);
}
