import {execFile} from 'node:child_process';
import {mayHaveGpu} from '../device/gpu-signs.js';
import type {Finding} from './check.js';

/** A GPU as NVIDIA's driver names it. */
export interface NvidiaGpu {
  readonly name: string;
  readonly memory_mib: number;
  readonly driver: string;
}

const TIMEOUT_MS = 10_000;

let found: Promise<readonly NvidiaGpu[]> | undefined;

/** The GPUs that `nvidia-smi` lists, asked once; none where it is missing or fails. */
export function nvidiaGpus(): Promise<readonly NvidiaGpu[]> {
  found ??= new Promise((resolve) => {
    const args = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'];
    execFile('nvidia-smi', args, {timeout: TIMEOUT_MS, windowsHide: true}, (error, stdout) =>
      resolve(error ? [] : parseGpus(stdout)),
    );
  });
  return found;
}

/** One GPU a line: `NVIDIA L4, 23034, 550.54.15`. */
function parseGpus(csv: string): NvidiaGpu[] {
  return [...csv.matchAll(/^\s*(.+?),\s*(\d+),\s*([\d.]+)\s*$/gm)].map(([, name = '', memory, driver = '']) => ({
    name,
    memory_mib: Number(memory),
    driver,
  }));
}

/** The GPUs of the machine: name, memory and driver. */
export async function checkGpu(): Promise<Finding> {
  const gpus = await nvidiaGpus();
  const facts = {nvidia: gpus, other: gpus.length === 0 && mayHaveGpu()};
  if (gpus.length > 0) {
    const detail = gpus.map(({name, memory_mib, driver}) => `${name}, ${memory_mib} MiB, driver ${driver}`).join('; ');
    return {status: 'ok', detail, facts};
  }
  return {status: 'ok', detail: facts.other ? 'none of NVIDIA; there may be another' : 'none', facts};
}
