import {spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';

const executable = fileURLToPath(new URL('../../bin/cv-loss.js', import.meta.url));
const usage = new URL('usage.js', import.meta.url).href;

/** Starts cv-loss in a folder; `ended` gives `{cpuSeconds, peakBytes}`, and rejects with what was printed when it fails. */
export function start(folder, args, name) {
  const file = join(folder, `${name}.usage.json`);
  const child = spawn(process.execPath, ['--import', usage, executable, ...args], {
    cwd: folder,
    env: {...process.env, CV_LOSS_USAGE: file},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed = (printed + text).slice(-2000);
  });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      if (code !== 0) return reject(new Error(`cv-loss ${args.join(' ')}: exit ${code}\n${printed}`));
      resolve(JSON.parse(readFileSync(file, 'utf8')));
      rmSync(file);
    });
  });
  return {child, ended};
}

/** Runs commands side by side: wall seconds, seconds of all cores together, and the largest of their peaks. */
export async function sideBySide(folder, commands) {
  const started = performance.now();
  const used = await Promise.all(commands.map((args, i) => start(folder, args, `process-${i}`).ended));
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: used.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0),
    peakBytes: Math.max(...used.map(({peakBytes}) => peakBytes)),
  };
}
