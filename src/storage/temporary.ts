import {createHash, randomBytes} from 'node:crypto';
import fs from 'node:fs/promises';
import {hostname} from 'node:os';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';
import {errorCode} from './storage-error.js';

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

/** Names of the temporaries that this process has open, so that one left behind by an earlier process of the same id (id 1 in a container) is told apart. */
const ours = new Set<string>();

/** A new name beside `path`: `.NAME.cv-loss-HOST-PID-RANDOM.tmp`, unique, hidden, and telling who writes it. */
export function claimTemporary(path: string): string {
  const name = `.${basename(path)}.cv-loss-${HOST}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  ours.add(name);
  return join(dirname(path), name);
}

/** Says that a temporary is gone: renamed or removed. */
export function releaseTemporary(temporary: string): void {
  ours.delete(basename(temporary));
}

/**
 * Removes the temporaries that dead processes left beside `path`. One of another host (a shared file system)
 * counts as dead a day after it was last written. What cannot be listed or removed stays: it is litter, not
 * a reason to fail.
 */
export async function removeStaleTemporaries(path: string): Promise<void> {
  const folder = dirname(path);
  const pattern = /^-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;
  const prefix = `.${basename(path)}.cv-loss`;
  for (const name of await fs.readdir(folder).catch((): string[] => [])) {
    if (!name.startsWith(`${prefix}-`)) continue;
    const [, host, pid] = pattern.exec(name.slice(prefix.length)) ?? [];
    if (host === undefined) continue;
    const temporary = join(folder, name);
    const stale = host === HOST ? isDead(Number(pid), name) : await isOld(temporary);
    if (stale) await fs.rm(temporary, {force: true}).catch(() => undefined);
  }
}

function isDead(pid: number, name: string): boolean {
  if (pid === process.pid) return !ours.has(name);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM means that the process lives and belongs to somebody else.
    return errorCode(error) === 'ESRCH';
  }
}

async function isOld(temporary: string): Promise<boolean> {
  try {
    return Date.now() - (await fs.stat(temporary)).mtimeMs > FOREIGN_AGE_MS;
  } catch {
    return false;
  }
}
