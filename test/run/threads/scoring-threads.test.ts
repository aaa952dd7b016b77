import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import {ScoringThreads, type ThreadOptions} from '../../../src/run/threads/scoring-threads.js';
import {threadsStarted} from '../../../src/run/threads/started.js';
import type {ThreadWork} from '../../../src/run/threads/thread-work.js';
import {IMAGE, Scratch} from '../scratch.js';

const work: ThreadWork = {
  settings: {image: IMAGE, size: 'strict', cwd: '/', classes: null},
  losses: [],
  prepared: {},
  shared: new Set(),
  measured: false,
};

/** Threads that do as `ending-thread.mjs` says. */
function threads(options: Partial<ThreadOptions> = {}, name = 'ending-thread.mjs'): ScoringThreads {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const made = new ScoringThreads(work, {jobs: 2, rows: 9, fromTheStart: true, ...options}, file);
  onTestFinished(() => made.close());
  return made;
}

const sample = (key: string, pred = '') => ({key, files: {pred}});

test('a thread that ends takes no sample with it, but for one that ends it twice', async () => {
  const scratch = new Scratch();
  const pool = threads();
  const once = sample('once', join(scratch.root, 'mark'));
  const keys = [sample('a'), once, sample('b'), sample('always'), sample('c'), sample('d')];
  const taken = await Promise.all(keys.map((one) => pool.take(one)));
  expect(taken.map((one) => (one && 'failure' in one ? one.failure.code : 'scored'))).toEqual([
    ...['scored', 'scored', 'scored', 'out-of-memory', 'scored', 'scored'],
  ]);
  expect(taken[3]).toMatchObject({failure: {message: expect.stringContaining('ended twice (worker exited')}});
});

test.each([
  ['ends the run', {name: 'RunError', code: 'disk-full', message: 'no space'}],
  ['usage', {name: 'UsageError', message: 'no sharp'}],
])('what ends a run is thrown: %s', async (key, error) => {
  await expect(threads().take(sample(key))).rejects.toMatchObject(error);
});

test('they start once the rows to come would take long enough, and the next run finds them started', async () => {
  const later = {jobs: 3, rows: 100, fromTheStart: false};
  const pool = threads(later);
  expect(pool.take(sample('a'))).toBeNull();
  pool.measured(1, 9);
  expect(pool.take(sample('a'))).toBeNull();
  pool.measured(4, 0.01);
  expect(pool.take(sample('a'))).toBeNull();
  pool.measured(4, 1);
  // Not there yet, and on the way: the run goes on by itself meanwhile.
  expect(pool.take(sample('a'))).toBeNull();
  await expect.poll(() => pool.take(sample('a'))).not.toBeNull();
  expect(await pool.take(sample('a'))).toMatchObject({sample: {key: 'a'}, outcomes: []});
  await pool.close();
  expect(await threads(later).take(sample('b'))).toMatchObject({sample: {key: 'b'}, outcomes: []});
});

test('a process that scores again and again starts them, however short its runs are', async () => {
  const short = {jobs: 4, rows: 2, fromTheStart: false};
  const pool = threads(short);
  pool.measured(1, 0);
  pool.measured(1, 0.6);
  await pool.close();
  // No row of the second run is known to take any time.
  const next = threads(short);
  await expect.poll(() => next.take(sample('a'))).not.toBeNull();
});

test('where they do not start, a run goes on without them and says so, unless it asked for them', async () => {
  const lines: string[] = [];
  const pool = threads({rows: 100, fromTheStart: false, onNotice: (line) => lines.push(line)}, 'no-such-thread.mjs');
  pool.measured(1, 1);
  pool.measured(1, 1);
  expect(pool.take(sample('a'))).toBeNull();
  await expect
    .poll(() => lines)
    .toEqual([expect.stringMatching(/^one core is used: threads do not start \(.*no-such.*\) \[CVL-W017\]$/)]);
  expect(pool.take(sample('b'))).toBeNull();
  await expect(threads({}, 'no-such-thread.mjs').take(sample('a'))).rejects.toThrow('no-such-thread');
});

test('ending them waits for what they have in hand', async () => {
  const pool = threads();
  const taken = pool.take(sample('a'));
  await pool.close();
  expect(await taken).toMatchObject({bytes: 3});
});

test('whoever listens hears once that they have started', async () => {
  const heard: unknown[] = [];
  const listen = (message: unknown) => heard.push(message);
  threadsStarted.subscribe(listen);
  onTestFinished(() => {
    threadsStarted.unsubscribe(listen);
  });
  const pool = threads({jobs: 5});
  expect(heard).toEqual([]);
  await Promise.all([pool.take(sample('a')), pool.take(sample('b'))]);
  expect(heard).toEqual([{threads: 5}]);
});
