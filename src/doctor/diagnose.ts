import {firstLine} from '../device/first-line.js';
import {checkCache} from './cache.js';
import type {CheckResult, Finding, Status} from './check.js';
import {checkCores} from './cores.js';
import {checkCpu} from './cpu.js';
import {checkFormats} from './formats.js';
import {checkGpu} from './gpu.js';
import {checkImageLibrary} from './image-library.js';
import {checkMemory} from './memory.js';
import {checkNetworks} from './networks.js';
import {checkNode} from './node.js';
import {checkPlatform} from './platform.js';
import {checkTensorflow} from './tensorflow.js';
import {checkTerminal} from './terminal.js';
import {checkWebgpu} from './webgpu.js';

/** Everything that was found out. */
export interface Diagnosis {
  /** The worst of the checks. */
  readonly status: Status;
  readonly checks: readonly CheckResult[];
  /** The one command that helps most; null where nothing would. */
  readonly improvement: string | null;
}

/**
 * Looks at what this machine has for cv-loss: versions, devices, formats, memory, cores, cache, terminal. Nothing is
 * written or downloaded. Never throws: a check that cannot be done is a problem. `colours`: whether the caller uses them.
 */
export async function diagnose({colours}: {readonly colours: boolean}): Promise<Diagnosis> {
  const checks: readonly [string, () => Promise<Finding>][] = [
    ['node', checkNode],
    ['platform', checkPlatform],
    ['cpu', checkCpu],
    ['gpu', checkGpu],
    ['tensorflow', checkTensorflow],
    ['webgpu', checkWebgpu],
    ['networks', checkNetworks],
    ['sharp', checkImageLibrary],
    ['formats', checkFormats],
    ['memory', () => checkMemory()],
    ['cores', checkCores],
    ['cache', () => checkCache()],
    ['terminal', () => checkTerminal(colours)],
  ];
  const results = await Promise.all(checks.map(([name, check]) => result(name, check)));
  const status = worst(results);
  const improvement = results.find((check) => check.status === status && check.remedy)?.remedy ?? null;
  return {status, checks: results, improvement};
}

async function result(name: string, check: () => Promise<Finding>): Promise<CheckResult> {
  try {
    return {name, ...(await check())};
  } catch (error) {
    return {name, status: 'problem', detail: `cannot be checked: ${firstLine(error)}`, facts: {}};
  }
}

function worst(checks: readonly CheckResult[]): Status {
  const order: readonly Status[] = ['problem', 'notice'];
  return order.find((status) => checks.some((check) => check.status === status)) ?? 'ok';
}
