import {availableParallelism, cpus} from 'node:os';
import type {Finding} from './check.js';

/** The processor, its cores, and how many of them this process may use. */
export async function checkCores(): Promise<Finding> {
  const all = cpus();
  const usable = availableParallelism();
  const model = all[0]?.model.trim() ?? '';
  const total = Math.max(all.length, usable);
  const named = model === '' || model === 'unknown' ? '' : ` (${model})`;
  return {
    status: 'ok',
    detail: `${usable} usable of ${total}${named}`,
    facts: {usable, total, model},
  };
}
