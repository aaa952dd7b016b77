import {availableParallelism} from 'node:os';
import {expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {isTensorNetwork, type NetworkRequest} from '../../src/losses/network-contract.js';
import type {Row} from '../../src/rows/row.js';
import {startRun} from '../../src/run/start.js';
import {wasm} from '../losses/score.js';
import {collect} from './loaded.js';
import {builtIn, custom} from './losses.js';
import {masks, settings, table, weighted} from './masks.js';
import {flat, Scratch} from './scratch.js';

const {signal} = new AbortController();

test('what a loss finds is kept under its id; a loss without a first pass has no entry', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [3, 3]);
  const losses = [builtIn('mae'), {...weighted('balanced'), id: 'mine'}];
  const run = await startRun(settings(scratch.root, ...losses), table(samples), signal);
  expect(run.prepared).toEqual({mine: {class_weights: [1, 1]}});
  expect(run.columns.map(({name}) => name)).toEqual(['mae', 'mine']);
  await run.close();
});

test('every reading that a loss asks of a role is decoded', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [3, 0]);
  const losses = [builtIn('mae'), builtIn('cross-entropy')];
  const run = await startRun(settings(scratch.root, ...losses), table(samples), signal);
  const rows = await collect(run.rows());
  await run.close();
  const p = 128 / 255;
  // mae reads the target as pixels, cross-entropy as labels.
  expect(rows.map(({cells}) => cells.mae)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(p, 12)]);
  expect(rows.map(({cells}) => cells['cross-entropy'])).toEqual([
    expect.closeTo(-(Math.log(p) + Math.log(1 - p)) / 2, 12),
    expect.closeTo(-Math.log(1 - p), 12),
  ]);
});

test('a shared file is read once for the whole run', async () => {
  const scratch = new Scratch();
  const pred = await scratch.png('pred.png', flat(1, 2, 51));
  const target = await scratch.png('target.png', flat(1, 2, 0));
  // More than are ever loaded ahead, so that the last are loaded after the first row.
  const files = Array.from({length: 2 * availableParallelism() + 10}, () => ({pred, target}));
  const shared = table(files, {target});
  const run = await startRun({...settings(scratch.root, builtIn('mae')), batchSize: 1}, shared, signal);
  const rows = run.rows();
  const first = await rows.next();
  await scratch.png('target.png', flat(1, 2, 255));
  const others = await collect(rows);
  await run.close();
  expect(others.length).toBe(files.length - 1);
  for (const row of others) {
    expect(row.cells).toEqual({mae: expect.closeTo(0.2, 12)});
    expect(row.sha256).toEqual((first.value as Row).sha256);
  }
});

test('a run that ends disposes its losses, and so does one whose first pass fails', async () => {
  const disposed: string[] = [];
  const noting = (id: string, prepare?: () => Promise<unknown>) =>
    custom({instance: {dispose: () => void disposed.push(id), ...(prepare ? {prepare} : {})}}, {id});
  const run = await startRun(settings('.', noting('a'), noting('b')), table([]), signal);
  expect(disposed).toEqual([]);
  await run.close();
  expect(disposed).toEqual(['a', 'b']);
  const fails = () => Promise.reject(new Error('no pass'));
  await expect(startRun(settings('.', noting('c'), noting('d', fails)), table([]), signal)).rejects.toThrow('no pass');
  expect(disposed).toEqual(['a', 'b', 'c', 'd']);
});

/** A loss that asks for a network, and runs it. */
const looking = (id: string, request: Partial<NetworkRequest> = {}) =>
  custom(
    {
      create: async (_, {tf, network}) => {
        const whole: NetworkRequest = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'};
        const opened = await network({...whole, ...request});
        if (!isTensorNetwork(opened)) throw new TypeError('a known network has a tensor program');
        tf.tidy(() => void opened.features(tf.zeros([1, 32, 32, 3]), ['fire2']));
        return {
          columns: [{part: '', better: 'lower'}],
          view: {color: 'rgb', range: [0, 1], cropBorder: 0},
          memory: () => 1,
          perSample: async () => ({'': [0]}),
        };
      },
    },
    {id},
  );

test('the networks that losses ask for are recorded, each once, with what computes them', async () => {
  const losses = [looking('a'), looking('b'), looking('c', {weights: {hashed: 7}, input: 'unit'}), builtIn('mae')];
  const run = await startRun({...settings('.', ...losses), jobs: 1}, table([]), signal);
  expect(run.networks).toMatchObject([
    {weights: 'bundled', preprocessing: {order: 'bgr'}, executor: 'onnxruntime', threads: 1},
    {weights: 'hashed seed 7', preprocessing: {order: 'rgb', scale: 1}, executor: 'onnxruntime', threads: 1},
  ]);
  expect(run.device.versions).toHaveProperty('onnxruntime-node');
  await run.close();
  const without = await startRun(settings('.', builtIn('mae')), table([]), signal);
  expect(without.networks).toEqual([]);
  expect(without.device.versions).not.toHaveProperty('onnxruntime-node');
  await without.close();
});

test('missing weights are told before a sample is read, with the loss and what helps', async () => {
  const deep = builtIn('perceptual', {network: 'vgg16'}, {id: 'deep'});
  const started = startRun(settings('.', deep), table([{pred: 'none', target: 'none'}]), signal);
  const message = await started.then(String, (error) => (error instanceof UsageError ? error.message : error));
  expect(message).toMatch(
    /^loss 'deep': network vgg16: its weights \(original\) are not on this machine: cv-loss models pull vgg16, .*; as a flag: --set losses\.deep\.weights=FILE$/,
  );
  expect(message).not.toContain('\n');
});

test('networks are freed with the run, also when it does not start', async () => {
  const tf = await wasm();
  const before = tf.memory().numTensors;
  const run = await startRun(settings('.', looking('a')), table([]), signal);
  expect(tf.memory().numTensors).toBeGreaterThan(before);
  await run.close();
  expect(tf.memory().numTensors).toBe(before);
  const disposed: string[] = [];
  const first = custom({instance: {dispose: () => void disposed.push('first')}}, {id: 'first'});
  const losses = [first, looking('b'), builtIn('perceptual', {layers: {fire99: 1}})];
  await expect(startRun(settings('.', ...losses), table([]), signal)).rejects.toThrow("no layer 'fire99'");
  expect(tf.memory().numTensors).toBe(before);
  expect(disposed).toEqual(['first']);
});
