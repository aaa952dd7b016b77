import {spawn} from 'node:child_process';
import {performance} from 'node:perf_hooks';
import {watchPeakMemory} from './peak-memory.js';

/**
 * Runs a program to its end: `{seconds, peakBytes, stdout, stderr}`, start-up included. Throws, with what the program
 * printed, when it does not end with exit code 0.
 */
export function wholeProcess([program, ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
    const memory = watchPeakMemory(child.pid);
    const printed = {stdout: '', stderr: ''};
    for (const name of Object.keys(printed)) {
      child[name].setEncoding('utf8').on('data', (text) => {
        printed[name] += text;
      });
    }
    child.on('error', reject).on('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      const peakBytes = memory.stop();
      if (code === 0) resolve({seconds, peakBytes, ...printed});
      else reject(new Error(`${[program, ...args].join(' ')}: exit ${code}\n${printed.stderr || printed.stdout}`));
    });
  });
}
