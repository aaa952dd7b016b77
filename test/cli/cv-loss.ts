import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const executable = fileURLToPath(new URL('../../bin/cv-loss.js', import.meta.url));

/** How a child process ended and what it printed. */
export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a child process runs, and with what. */
export interface Surroundings {
  readonly cwd: string;
  readonly home: string;
  /** Standard input; empty by default. Null leaves it open, with nothing to read. */
  readonly input?: string | null | undefined;
  /** Beside PATH, HOME and CV_LOSS_LEAKS=error, which is all it gets. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** File permissions count, also when the tests run as root. */
  readonly unprivileged?: boolean | undefined;
}

/** Starts `cv-loss` as a shell would, from the built package. */
export function startCvLoss(args: readonly string[], surroundings: Surroundings): ChildProcess {
  const command = [process.execPath, executable, ...args];
  if (!surroundings.unprivileged || process.getuid?.() !== 0) return start(command, surroundings);
  return start(['setpriv', '--bounding-set=-dac_override,-dac_read_search', ...command], surroundings);
}

/** Runs a bash script in which `cv-loss` is the built package's command. */
export function startShell(script: string, surroundings: Surroundings): ChildProcess {
  const command = `cv-loss() { "${process.execPath}" "${executable}" "$@"; }; export -f cv-loss\n${script}`;
  return start(['bash', '-c', command], surroundings);
}

function start([program = '', ...args]: readonly string[], {cwd, home, input = '', env}: Surroundings): ChildProcess {
  const options: SpawnOptions = {
    cwd,
    env: {PATH: process.env.PATH, HOME: home, CV_LOSS_LEAKS: 'error', ...env},
    stdio: 'pipe',
  };
  const child = spawn(program, args, options);
  // A program that reads no input may be gone before all is written.
  child.stdin?.on('error', () => undefined);
  if (input !== null) child.stdin?.end(input);
  return child;
}

/**
 * Waits for the end of a child process. The codes of errors, which stand behind their lines, are left out; rejects where a
 * command says that something is wrong, and no line has a code.
 */
export async function finished(child: ChildProcess): Promise<Finished> {
  const {code, stdout, stderr} = await printed(child);
  const isWrong = /^cv-loss: /m.test(stderr) && (code === 2 || code === 4);
  if (isWrong && !CODE.test(stderr)) throw new Error(`an error without a code: ${stderr}`);
  return {code, stdout, stderr: stderr.replaceAll(CODES, '')};
}

/** The same with all that it printed. */
export function printed(child: ChildProcess): Promise<Finished> {
  const text = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({code, ...text}));
  });
}

/** The code of an error, behind its line. */
const CODE = / \[CVL-[A-Z]\d{3}\]$/m;
const CODES = new RegExp(CODE, 'gm');
