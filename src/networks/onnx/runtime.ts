import type * as onnxruntime from 'onnxruntime-node';
import {loadOnnxRuntime} from '../../device/onnx-runtime.js';

/** ONNX Runtime's binding for Node. */
export type OnnxRuntime = typeof onnxruntime;

type Attempt = {readonly runtime: OnnxRuntime} | {readonly problem: string};

let attempt: Promise<Attempt> | undefined;

/** ONNX Runtime, loaded once; null where it is missing or does not load. */
export async function onnxRuntime(): Promise<OnnxRuntime | null> {
  const loaded = await load();
  return 'runtime' in loaded ? loaded.runtime : null;
}

/** Why ONNX Runtime is not there, in one line; null where it loads. */
export async function onnxRuntimeProblem(): Promise<string | null> {
  const loaded = await load();
  return 'problem' in loaded ? loaded.problem : null;
}

function load(): Promise<Attempt> {
  attempt ??= importRuntime();
  return attempt;
}

async function importRuntime(): Promise<Attempt> {
  try {
    const runtime = await loadOnnxRuntime();
    // Warnings are advice on graphs, which are ours.
    runtime.env.logLevel = 'error';
    return {runtime};
  } catch (error) {
    return {problem: problemOf(error)};
  }
}

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/cannot find (package|module) 'onnxruntime-node'/i.test(message)) return 'onnxruntime-node is not installed';
  const {platform, arch} = process;
  return `onnxruntime-node does not load on ${platform}-${arch} (${(message.trim().split('\n')[0] ?? '').trim()})`;
}
