import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import process from 'node:process';
import {errorCode} from './storage-error.js';

/** Eight hexadecimal digits that stand for this machine's name. */
export const HOST: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Whether no process of this machine has the id. */
export function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM means that the process lives and belongs to somebody else.
    return errorCode(error) === 'ESRCH';
  }
}

/** When a process began, in ticks since the machine did: tells two processes of one id apart. Null where the system does not say. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name, in parentheses, may hold spaces; 20 fields on is field 22, starttime.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
