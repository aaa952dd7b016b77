import {performance} from 'node:perf_hooks';
import {start} from './processes.js';

/** A run through a queue: so many workers take what `eval --queue` gives them. Wall seconds, and those of all cores together. */
export async function queueRun(folder, {url, workers, args}) {
  const taking = Array.from({length: workers}, (_, i) => start(folder, ['worker', '--queue', url], `worker-${i}`));
  const started = performance.now();
  const given = await start(folder, [...args, '--queue', url], 'queue').ended;
  const seconds = (performance.now() - started) / 1000;
  for (const {child} of taking) child.kill('SIGTERM');
  const used = await Promise.all(taking.map(({ended}) => ended));
  return {seconds, cpuSeconds: used.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, given.cpuSeconds)};
}
