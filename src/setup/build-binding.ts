import {rm, writeFile} from 'node:fs/promises';
import {delimiter, dirname, join} from 'node:path';
import {SETUP_PACKAGE} from '../device/tensorflow-setup.js';
import {UsageError} from '../errors.js';
import type {BuildTools} from './machine.js';
import {errorLine, runProgram} from './run-program.js';

/** The version of @tensorflow/tfjs-node that is built: its TensorFlow kernels fit 2.9 to 2.21. */
export const BINDING_VERSION = '4.22.0';

/** What installing and building take. */
export interface BuildOptions {
  readonly signal: AbortSignal;
  /** The npm cache that packages come from; null for npm's own. */
  readonly npmCache: string | null;
  /** Whether nothing else is asked for packages. */
  readonly offline: boolean;
}

/** Installs @tensorflow/tfjs-node into a folder, without running its install script. Throws UsageError. */
export async function installBinding(folder: string, {signal, npmCache, offline}: BuildOptions): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--no-update-notifier', '--loglevel=error'];
  const from = [offline ? '--offline' : '--prefer-offline', ...(npmCache === null ? [] : ['--cache', npmCache])];
  const {code, output} = await runProgram(
    'npm',
    ['install', '--ignore-scripts', ...quiet, ...from, `@tensorflow/tfjs-node@${BINDING_VERSION}`],
    {cwd: folder, signal, env: withThisNode()},
  );
  if (code === 0) return;
  throw new UsageError(
    'CVL-D006',
    `setup tensorflow: npm cannot install @tensorflow/tfjs-node ${BINDING_VERSION}: ${errorLine(output)} (without a network: --from FOLDER, filled by --download FOLDER)`,
  );
}

/** Compiles the binding against the TensorFlow in its `deps`, and removes what only that needed. Throws UsageError. */
export async function buildBinding(
  folder: string,
  {nodeHome, python}: BuildTools,
  {signal}: Pick<BuildOptions, 'signal'>,
): Promise<void> {
  const cwd = join(folder, SETUP_PACKAGE);
  const headers = nodeHome === null ? [] : [`--nodedir=${nodeHome}`];
  const {code, output} = await runProgram(
    'npm',
    ['exec', '--no', '--', 'node-pre-gyp', 'install', '--build-from-source', `--python=${python}`, ...headers],
    {cwd, signal, env: withThisNode()},
  );
  if (code !== 0) {
    const advice =
      nodeHome === null ? '; Node is here without its headers (include/node), which must be downloaded' : '';
    throw new UsageError('CVL-D006', `setup tensorflow: the binding does not build: ${compilerLine(output)}${advice}`);
  }
  for (const left of ['build', 'deps/include']) await rm(join(cwd, left), {recursive: true, force: true});
}

/** The compiler's first error, which the later ones follow from. */
function compilerLine(output: string): string {
  return /^.*\b(?:fatal )?error: .*$/m.exec(output)?.[0].trim() ?? errorLine(output);
}

/** npm runs on the Node that the binding is for, whichever comes first on the path. */
function withThisNode(): Readonly<Record<string, string>> {
  return {PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)};
}
