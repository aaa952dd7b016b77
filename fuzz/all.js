/**
 * Fuzzes every reader of foreign bytes: mutations of real files, inputs that reach new code kept for more of them. Each
 * target runs in a process of its own, whose death or silence is a fault. Exit code 1 when there is one.
 *   node fuzz/all.js [runs a target] [seed] [target…]
 * The same runs and seed try the same inputs, but for what timing decides.
 */
import {fork} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {targetNames} from './names.js';

const [runs = '20000', seed = '1', ...chosen] = process.argv.slice(2);
const SILENCE_MS = 120_000;

/** Fuzzes one target; gives its faults, each with the file of the input. */
function fuzzed(name, folder) {
  const child = fork(fileURLToPath(new URL('run.js', import.meta.url)), [name, runs, seed, folder], {
    execArgv: ['--max-old-space-size=1024'],
  });
  return new Promise((resolve) => {
    let at = 0;
    let done = null;
    let timer = null;
    const fault = (problem) => ({counts: [], learnt: 0, blocks: 0, faults: [{problem, file: join(folder, 'current')}]});
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    };
    watch();
    child.on('message', (message) => {
      at = message.at ?? at;
      done = message.done ?? done;
      watch();
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(done ?? fault(`the process ended at input ${at} (${signal ?? `exit code ${code}`})`));
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-fuzz-'));
let faults = 0;
for (const name of chosen.length > 0 ? chosen : targetNames) {
  const started = performance.now();
  const result = await fuzzed(name, join(folder, name));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const kinds = result.counts.map(([kind, count]) => `${kind} ${count}`).join(', ');
  console.log(
    `${name}: ${runs} inputs in ${seconds} s, ${result.learnt} reached new code (${result.blocks} blocks): ${kinds}`,
  );
  for (const {problem, file} of result.faults) console.error(`${name}: ${problem}\n  input: ${file}`);
  faults += result.faults.length;
}
console.log(`${faults} faults`);
if (faults === 0) rmSync(folder, {recursive: true, force: true});
else process.exitCode = 1;
