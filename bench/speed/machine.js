import {readFileSync} from 'node:fs';
import {arch, availableParallelism, cpus, loadavg, platform, totalmem} from 'node:os';
import process from 'node:process';

/** What figures depend on. */
export function machine() {
  return {
    processor: cpus()[0]?.model.trim() || processorOfLinux(),
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    // Above the number of cores that the benchmark keeps busy, others were at work, and figures are worth little.
    load_average_before: Number(loadavg()[0].toFixed(2)),
  };
}

function processorOfLinux() {
  try {
    return /model name\s*:\s*(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
