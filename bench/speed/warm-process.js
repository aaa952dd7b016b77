import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {watchPeakMemory} from './peak-memory.js';

/**
 * A process that has loaded all it needs, and makes one pass over a dataset for each line that it is sent. It answers
 * with a line of JSON, `{seconds, means}`.
 */
export function warmProcess([program, ...args], options = {}) {
  const child = spawn(program, args, {stdio: ['pipe', 'pipe', 'inherit'], ...options});
  const memory = watchPeakMemory(child.pid);
  const lines = createInterface({input: child.stdout});
  const ended = new Promise((_resolve, reject) => {
    child.on('error', reject).on('exit', (code) => reject(new Error(`${[program, ...args].join(' ')}: exit ${code}`)));
  });
  // An end that is asked for is none to report.
  ended.catch(() => undefined);
  return {
    async pass() {
      child.stdin.write('\n');
      const [line] = await Promise.race([once(lines, 'line'), ended]);
      return {...JSON.parse(line), peakBytes: memory.look()};
    },
    close() {
      memory.stop();
      child.stdin.end();
    },
  };
}
