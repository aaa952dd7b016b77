import {randomBytes} from 'node:crypto';
import fs from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';
import {HOST, isDead} from './process-identity.js';

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
 * Removes the temporaries, files and folders, that dead processes left beside `path`, its own and those of its neighbours. One of another host (a shared file system)
 * counts as dead a day after it was last written. What cannot be listed or removed stays: it is litter, not
 * a reason to fail.
 */
export async function removeStaleTemporaries(path: string): Promise<void> {
  const folder = dirname(path);
  const pattern = /^\..+\.cv-loss-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;
  for (const name of await fs.readdir(folder).catch((): string[] => [])) {
    const [, host, pid] = pattern.exec(name) ?? [];
    if (host === undefined) continue;
    const temporary = join(folder, name);
    const stale = host === HOST ? isOfNobody(Number(pid), name) : await isOld(temporary);
    if (stale) await fs.rm(temporary, {recursive: true, force: true}).catch(() => undefined);
  }
}

function isOfNobody(pid: number, name: string): boolean {
  return pid === process.pid ? !ours.has(name) : isDead(pid);
}

async function isOld(temporary: string): Promise<boolean> {
  try {
    return Date.now() - (await fs.stat(temporary)).mtimeMs > FOREIGN_AGE_MS;
  } catch {
    return false;
  }
}
