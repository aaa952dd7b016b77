import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';

/** A process that locks folders, with the built package. */
export interface LockTaker {
  readonly child: ChildProcess;
  /** Asks it to lock a folder at a time (as Date.now() tells it), and to keep it: `held`, or the name of the error and its message. */
  lock(folder: string, at?: number): Promise<string>;
}

const PROGRAM = `
import {createInterface} from 'node:readline';
const {lockFolder} = await import(process.argv[1]);
for await (const line of createInterface(process.stdin)) {
  const {folder, at} = JSON.parse(line);
  while (Date.now() < at);
  console.log(await lockFolder(folder).then(() => 'held', (error) => error.name + ': ' + error.message));
}`;

/** Starts one, which is killed when the test ends. */
export function startLockTaker(): LockTaker {
  const module = fileURLToPath(new URL('../../dist/storage/folder-lock.js', import.meta.url));
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, module], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout?.setEncoding('utf8');
  return {
    child,
    lock(folder, at = 0) {
      const answer = new Promise<string>((resolve) => {
        child.stdout?.once('data', (text: string) => resolve(text.trimEnd()));
      });
      child.stdin?.write(`${JSON.stringify({folder, at})}\n`);
      return answer;
    },
  };
}
