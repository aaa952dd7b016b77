import {existsSync} from 'node:fs';
import {delimiter, dirname, join, resolve} from 'node:path';
import {UsageError} from '../errors.js';
import {runProgram} from './run-program.js';

/** What a binding is built with. */
export interface BuildTools {
  /** Python 3, which node-gyp and pip run on. */
  readonly python: string;
  /** The folder above `include/node`; null where this Node came without its headers. */
  readonly nodeHome: string | null;
}

/** What decides whether TensorFlow's wheels run here. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The version of glibc; null for another C library. */
  readonly glibc: string | null;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  // Without this, Node may look up the names of every open connection.
  Object.assign(process.report ?? {}, {excludeNetwork: true});
  const report = process.report?.getReport() as {readonly header: {readonly glibcVersionRuntime?: string}} | undefined;
  return {platform: process.platform, arch: process.arch, glibc: report?.header.glibcVersionRuntime ?? null};
}

/** Throws UsageError where the wheels of TensorFlow do not run. */
export function checkMachine({platform, arch, glibc}: Machine): void {
  const instead = {
    darwin:
      'use --device webgpu (npm install webgpu @tensorflow/tfjs-backend-webgpu), or npm install @tensorflow/tfjs-node',
    win32: 'use --device webgpu (npm install webgpu @tensorflow/tfjs-backend-webgpu), or the Linux subsystem (WSL 2)',
  } as Readonly<Partial<Record<NodeJS.Platform, string>>>;
  const problem =
    platform !== 'linux'
      ? `it is not for ${platform}, only for linux-x64; ${instead[platform] ?? 'use --device cpu'}`
      : arch !== 'x64'
        ? `it is not for linux-${arch}, only for linux-x64; use --device cpu`
        : glibc === null
          ? "TensorFlow's wheels need glibc, and this system has another C library (musl); use a Debian-based image, or --device cpu"
          : null;
  if (problem !== null) throw new UsageError('CVL-D004', `setup tensorflow: ${problem}`);
}

/** Finds what the build needs. Throws UsageError that names what is missing and how to install it. */
export async function findTools(): Promise<BuildTools> {
  const python = await findPython();
  if (python === null) throw missing('Python 3', 'python3');
  const compilers = [process.env.CXX, 'g++', 'c++', 'clang++'];
  if (!compilers.some((name) => name && isOnPath(name))) throw missing('a C++ compiler', 'g++');
  for (const name of ['make', 'npm']) if (!isOnPath(name)) throw missing(name, name);
  return {python, nodeHome: nodeHome()};
}

/** Whether a Python has pip. */
export async function hasPip(python: string): Promise<boolean> {
  return (await runProgram(python, ['-m', 'pip', '--version'])).code === 0;
}

/** The first Python that is 3.6 or newer. */
async function findPython(): Promise<string | null> {
  const check = ['-c', 'import sys; assert sys.version_info >= (3, 6)'];
  for (const name of [process.env.PYTHON, 'python3', 'python']) {
    if (name && (await runProgram(name, check)).code === 0) return name;
  }
  return null;
}

/** Whether a program's first word is a file, or one in a folder of PATH. */
function isOnPath(command: string): boolean {
  const [program = ''] = command.split(' ');
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(resolve(folder, program)));
}

function missing(what: string, debian: string): UsageError {
  return new UsageError(
    'CVL-D005',
    `setup tensorflow: ${what} is missing, which the binding is built with; on Debian: apt install ${debian}`,
  );
}

/** Where Node's headers lie: under the prefix of this Node. */
function nodeHome(): string | null {
  const home = dirname(dirname(process.execPath));
  return existsSync(join(home, 'include/node/node_api.h')) ? home : null;
}
