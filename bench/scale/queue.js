import {readFileSync} from 'node:fs';
import {performance} from 'node:perf_hooks';
import {start} from './processes.js';

/** Of a second, as Linux counts the time of a process (`getconf CLK_TCK`). */
const TICKS = 100;

/** A run through a queue: so many workers take what `eval --queue` gives them. Wall seconds, and those of all cores together. */
export async function queueRun(folder, {url, workers, args}) {
  const flags = ['worker', '--queue', url, '--jobs', '1', '--quiet'];
  const taking = Array.from({length: workers}, (_, i) => start(folder, flags, `worker-${i}`));
  const ended = Promise.all(taking.map((worker) => worker.ended));
  try {
    const started = performance.now();
    // A worker that ends before the run does has failed.
    const given = await Promise.race([start(folder, [...args, '--queue', url], 'queue').ended, ended.then(tooSoon)]);
    const seconds = (performance.now() - started) / 1000;
    // A worker ends the process that scores for it, which then says nothing of itself any more.
    const scoring = taking.reduce((sum, {child}) => sum + secondsOfChildren(child.pid), 0);
    for (const {child} of taking) child.kill('SIGTERM');
    const used = await ended;
    return {seconds, cpuSeconds: used.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, given.cpuSeconds + scoring)};
  } finally {
    for (const {child} of taking) child.kill('SIGKILL');
  }
}

function tooSoon() {
  throw new Error('the workers of the queue ended before the run');
}

/** Seconds of a core that the children of a process have used so far, threads included. */
function secondsOfChildren(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.reduce((sum, child) => {
    // The name before them, in brackets, may hold anything.
    const fields = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS;
  }, 0);
}
