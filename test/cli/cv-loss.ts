import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const executable = fileURLToPath(new URL('../../bin/cv-loss.js', import.meta.url));

/** How a child process ended and what it printed. */
export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** Without the codes of errors, which stand behind their lines. */
  readonly stderr: string;
  /** The codes of the errors on stderr, in order. */
  readonly codes: readonly string[];
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

/** Waits for the end of a child process. Rejects where it says that something is wrong, and no line of it has a code. */
export function finished(child: ChildProcess): Promise<Finished> {
  const printed = {stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      const {stdout, stderr} = printed;
      const codes = [...stderr.matchAll(CODE)].map(([, one]) => one as string);
      const isTold = codes.length > 0 || !/^cv-loss: /m.test(stderr) || (code !== 2 && code !== 4);
      if (isTold) resolve({code, stdout, stderr: stderr.replaceAll(CODE, ''), codes});
      else reject(new Error(`an error without a code: ${stderr}`));
    });
  });
}

/** The code of an error, behind its line. */
const CODE = / \[(CVL-[A-Z]\d{3})\]$/gm;
