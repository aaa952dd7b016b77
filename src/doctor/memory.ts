import {freemem, totalmem} from 'node:os';
import type {Finding} from './check.js';

/** Below this a run of ordinary photographs may not fit. */
const LITTLE = 2 ** 30;

/** What there is, in bytes. */
export interface Memory {
  readonly total: number;
  readonly free: number;
  /** Of the container (cgroup); 0 or absurdly large where there is none. */
  readonly constrained: number;
}

/** The machine's memory and, in a container, what that may take. */
export async function checkMemory(
  memory: Memory = {total: totalmem(), free: freemem(), constrained: process.constrainedMemory()},
): Promise<Finding> {
  const {total, free, constrained} = memory;
  const limit = constrained > 0 && constrained < total ? constrained : null;
  const usable = Math.min(free, limit ?? total);
  const container = limit === null ? '' : `, limited to ${gigabytes(limit)} by the container`;
  const detail = `${gigabytes(total)}, ${gigabytes(free)} free${container}`;
  const facts = {total_bytes: total, free_bytes: free, container_limit_bytes: limit};
  if (usable >= LITTLE) return {status: 'ok', detail, facts};
  return {
    status: 'notice',
    detail: `${detail}; large images may not fit`,
    remedy: 'cv-loss eval --batch-size 1',
    facts,
  };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
