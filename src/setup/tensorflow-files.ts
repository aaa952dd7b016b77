import {symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import type {WheelSource} from './fetch-wheel.js';
import {requirementsOf} from './requirement.js';
import {broken, openWheel} from './unpack-wheel.js';

/** The libraries of a wheel that the binding links, and the names it looks for. */
const LIBRARIES = {
  'libtensorflow_cc.so.2': 'libtensorflow.so',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so',
} as const;

/** The extra of the `tensorflow` wheel that lists CUDA's wheels. */
export const CUDA_EXTRA = 'and-cuda';

/** Where each file of the TensorFlow wheel goes below the binding's `deps`; null for those that are not needed. */
function placeOfTensorflow(file: string): string | null {
  const [, inner = ''] = /^tensorflow\/(.*)$/.exec(file) ?? [];
  if (inner.startsWith('include/')) return inner;
  return Object.hasOwn(LIBRARIES, inner) ? `lib/${inner}` : null;
}

/**
 * Puts the headers and libraries of a TensorFlow wheel into the binding's `deps`. The libraries look for CUDA in
 * `../nvidia`. Returns what the wheel's METADATA says. Throws UsageError for a wheel without them.
 */
export async function unpackTensorflow(path: string, name: string, deps: string, signal: AbortSignal): Promise<string> {
  const wheel = await openWheel(path, name);
  try {
    const written = await wheel.unpack(deps, placeOfTensorflow, signal);
    if (written <= Object.keys(LIBRARIES).length) throw new Error('it has no headers and libraries of TensorFlow');
    for (const [file, link] of Object.entries(LIBRARIES)) await symlink(file, join(deps, 'lib', link));
    return wheel.metadata;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof UsageError ? error : broken(name, error);
  } finally {
    wheel.close();
  }
}

/** What the CUDA wheels are fetched with. */
export interface CudaJob {
  readonly metadata: string;
  readonly source: WheelSource;
  /** A new folder for each wheel. */
  readonly folderOf: (name: string) => Promise<string>;
  readonly deps: string;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** Fetches the CUDA and cuDNN wheels that a TensorFlow asks for and unpacks their libraries. Throws UsageError. */
export async function unpackCuda({metadata, source, folderOf, deps, signal, say}: CudaJob): Promise<void> {
  const requirements = requirementsOf(metadata, CUDA_EXTRA);
  if (requirements.length === 0) {
    throw new UsageError(
      'CVL-D008',
      `setup tensorflow: --gpu needs the wheel of \`tensorflow\` for CUDA 12 (2.14 or newer); this one asks for no CUDA`,
    );
  }
  for (const requirement of requirements) {
    const path = await source.fetch(requirement, await folderOf(requirement.name));
    const name = path.slice(path.lastIndexOf('/') + 1);
    say(`  ${name}`);
    const wheel = await openWheel(path, name);
    try {
      await wheel.unpack(
        deps,
        (file) => (/^nvidia\/.*(\/lib\/.*\.so[.\d]*|\.bc|\/bin\/ptxas)$/.test(file) ? file : null),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof UsageError ? error : broken(name, error);
    } finally {
      wheel.close();
    }
  }
}
