import {existsSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import type * as onnxruntime from 'onnxruntime-node';
import {packageVersion} from './package-version.js';

/** What the package `onnxruntime-node` exports. */
export type OnnxRuntime = typeof onnxruntime;

/** Brings the runtime without the CUDA files that its install script would fetch. */
export const INSTALL_ONNX_RUNTIME = 'npm install onnxruntime-node --ignore-scripts';

const require = createRequire(import.meta.url);

/**
 * ONNX Runtime. Its telemetry is turned off first: since 1.29 it is on by default, keeps a device id in
 * the home folder, and sends names and hashes of models away. Throws what the package throws when it is missing or its
 * native part does not load.
 */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  return import('onnxruntime-node');
}

/** The version of the installed package. */
export function onnxRuntimeVersion(): string {
  return packageVersion('onnxruntime-node');
}

/** Whether the package is installed where this one can find it. */
export function hasOnnxRuntime(): boolean {
  try {
    require.resolve('onnxruntime-node');
    return true;
  } catch (error) {
    // A package that is there without its main file is installed: loading it will say what is wrong.
    return !(error instanceof Error && error.message.startsWith("Cannot find module 'onnxruntime-node'"));
  }
}

/** The library of its CUDA provider, where there is one for this system. */
export const CUDA_PROVIDER: string | null =
  {linux: 'libonnxruntime_providers_cuda.so', win32: 'onnxruntime_providers_cuda.dll'}[process.platform as string] ??
  null;

/** Whether that lies beside the runtime's own library; npm brings none of it. */
export function hasCudaProvider(): boolean {
  if (CUDA_PROVIDER === null) return false;
  const bin = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin');
  return readdirSync(bin).some((napi) => existsSync(join(bin, napi, process.platform, process.arch, CUDA_PROVIDER)));
}
