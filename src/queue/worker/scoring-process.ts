import '../../heap-flags.js';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {RunError, UsageError} from '../../errors.js';
import type {ScorerAnswer, ScorerNews, ScorerRequest} from './messages.js';
import {openRun, type WorkerRun} from './open-run.js';
import {scoreShard} from './score-shard.js';

/**
 * The process of a worker that computes. It may be busy for as long as it takes: the worker's own process goes on renewing the
 * shard's lock. It publishes nothing, and ends with the worker.
 */
const stop = new AbortController();
/** News that come faster than anybody looks at them. */
const NEWS_MS = 250;

let opened: WorkerRun | null = null;

process.on('disconnect', () => process.exit(0));
// Whether to go on is the worker's decision, of which a terminal tells every process.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
process.on('message', (request: ScorerRequest) => {
  if (request.ask === 'stop') stop.abort(new Stopped());
  else void answerTo(request).then(send);
});

async function answerTo(request: Exclude<ScorerRequest, {ask: 'stop'}>): Promise<ScorerAnswer> {
  let rows = 0;
  let told = 0;
  try {
    if (request.ask === 'open') {
      const onNotice = (line: string) => send({tell: 'notice', line});
      opened = await openRun(request, {signal: stop.signal, onNotice});
      return {tell: 'opened'};
    }
    const counts = await scoreShard(opened as WorkerRun, request, (made, of) => {
      rows = made;
      if (performance.now() - told < NEWS_MS) return;
      told = performance.now();
      send({tell: 'progress', rows, of});
    });
    return {tell: 'scored', counts};
  } catch (error) {
    if (error instanceof Stopped) return {tell: 'stopped', rows};
    if (error instanceof UsageError) return {tell: 'refused', mistakes: error.mistakes};
    if (error instanceof RunError) return {tell: 'failed', code: error.code, message: error.message};
    const {message, stack} = error instanceof Error ? error : new Error(String(error));
    return {tell: 'failed', code: 'internal-error', message: process.env.CV_LOSS_DEBUG ? (stack ?? message) : message};
  }
}

function send(message: ScorerAnswer | ScorerNews): void {
  // Of a worker that is gone there is nobody to tell.
  process.send?.(message, () => undefined);
}

/** The worker asked to stop. */
class Stopped extends Error {}
