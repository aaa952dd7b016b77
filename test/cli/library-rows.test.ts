import {readdirSync, readFileSync} from 'node:fs';
import {type Evaluation, type EvaluationRun, evaluate, type Row, RunError, UsageError} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {finished, startShell} from './cv-loss.js';
import {flat, noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const COUNT = 40;
const CONFIG = {inputs: {pred: 'pred', target: 'target'}, losses: ['mse' as const], batch_size: 1};
const KEYS = Array.from({length: COUNT}, (_, i) => String(i).padStart(2, '0'));

beforeAll(async () => {
  for (const [i, key] of KEYS.entries()) {
    await work.image(`pred/${key}.png`, noise(i, 12, 12));
    await work.image(`target/${key}.png`, flat(5 * i, 12, 12));
  }
});

function start(more: object = {}, options: object = {}): EvaluationRun {
  return evaluate({...CONFIG, ...more}, {cwd: work.path(), ...options});
}

/** What a rejection is; fails where there is none. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it did not reject'),
    (error: unknown) => error,
  );
}

describe('evaluate, iterated', () => {
  test('gives the rows of the awaited run in key order, then the same report', async () => {
    const run = start();
    const rows: Row[] = [];
    for await (const row of run) rows.push(row);
    const evaluation: Evaluation = await run;
    expect(evaluation.rows).toEqual([]);
    const awaited = await start();
    expect(rows).toEqual(awaited.rows);
    expect(rows.map(({key}) => key)).toEqual(KEYS);
    expect(evaluation.report).toEqual(awaited.report);
    expect((await run.finally(() => undefined)).worst('mse', 1)).toEqual(awaited.worst('mse', 1));
  });

  test('begins when it is asked, and hands out its rows once', async () => {
    const started: unknown[] = [];
    const run = start({}, {onStart: (of: unknown) => started.push(of), keepRows: true});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(started).toEqual([]);
    for await (const _ of run);
    expect(started).toEqual([{samples: COUNT, task: 'photo'}]);
    expect(() => run[Symbol.asyncIterator]()).toThrow('the rows are given once');
    expect((await run).rows).toHaveLength(COUNT);
  });

  test('makes no row before it is wanted', async () => {
    const made: string[] = [];
    const iterator = start({}, {onRow: ({key}: Row) => made.push(key)})[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(made).toEqual(KEYS.slice(0, 2));
    await iterator.return?.();
    expect(made).toEqual(KEYS.slice(0, 2));
  });

  test('left early it keeps what was made for the next run and leaves the earlier report', async () => {
    await start({report: {dir: 'early'}});
    const before = readFileSync(work.path('early', 'report.json'), 'utf8');
    const run = start({report: {dir: 'early'}, losses: ['mse', 'mae']});
    for await (const {key} of run) if (key === '02') break;
    expect(await rejection(run)).toMatchObject({
      name: 'AbortError',
      message: expect.stringContaining('before the last'),
    });
    expect(readFileSync(work.path('early', 'report.json'), 'utf8')).toBe(before);
    expect(readdirSync(work.path('early')).sort()).toEqual(['report.json', 'rows.csv', 'rows.journal', 'timing.json']);
    const next = start({report: {dir: 'early'}, losses: ['mse', 'mae']});
    for await (const _ of next);
    expect(work.json('early', 'timing.json')).toMatchObject({restored_rows: 3});
    expect((await next).report.counts.ok).toBe(COUNT);
    expect(readdirSync(work.path('early')).sort()).toEqual(['report.json', 'rows.csv', 'timing.json']);
  });

  test('an error in the loop ends the run as well, and is the one that is thrown', async () => {
    const run = start({report: {dir: 'thrown'}});
    const loop = async () => {
      for await (const _ of run) throw new Error('mine');
    };
    expect(await rejection(loop())).toMatchObject({message: 'mine'});
    expect(await rejection(run)).toMatchObject({name: 'AbortError'});
    expect(readdirSync(work.path('thrown'))).toEqual(['rows.journal']);
  });

  test('stopped by its signal no row follows, and loop and promise end with its reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const run = start({batch_size: 8}, {signal: controller.signal});
    const seen: string[] = [];
    const loop = async () => {
      for await (const {key} of run) {
        seen.push(key);
        if (key === '02') controller.abort(reason);
      }
    };
    expect(await rejection(loop())).toBe(reason);
    expect(seen).toEqual(KEYS.slice(0, 3));
    expect(await rejection(run)).toBe(reason);
  });

  test('rejects in the loop for a config that is wrong, and once awaited', async () => {
    const run = start({losses: ['msee']});
    const loop = async () => {
      for await (const _ of run);
    };
    const error = await rejection(loop());
    expect(error).toBeInstanceOf(UsageError);
    expect(await rejection(run)).toBe(error);
    const lost = evaluate(
      {...CONFIG, report: {dir: 'full'}},
      {cwd: work.path(), signal: AbortSignal.abort(new RunError('disk-full', 'the disk is full'))},
    );
    expect(await rejection(lost)).toBeInstanceOf(RunError);
  });

  test('a loop that is left frees its tensors and threads', async () => {
    const script = `
      import * as tf from '@tensorflow/tfjs-core';
      import {evaluate, losses} from 'cv-loss';
      const ssim = losses.find(({id}) => id === 'ssim');
      const create = (options, context) => ({...ssim.create(options, context), fused: undefined});
      const inputs = {pred: ${JSON.stringify(work.path('pred'))}, target: ${JSON.stringify(work.path('target'))}};
      for (const names of [['tensors'], ['ssim', 'perceptual']]) {
        const config = {inputs, losses: names, jobs: 2, batch_size: 4};
        for await (const row of evaluate(config, {descriptors: [...losses, {...ssim, id: 'tensors', create}]})) break;
      }
      console.log(tf.memory().numTensors);`;
    // The process ends by itself: no thread or handle keeps it.
    const {code, stdout, stderr} = await finished(
      startShell('node --input-type=module', {cwd: process.cwd(), home: work.home, input: script}),
    );
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(Number(stdout)).toBe(0);
  });
});
