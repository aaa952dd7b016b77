import {join} from 'node:path';
import {expect, test} from 'vitest';
import {datasetOf} from '../../src/run/dataset.js';
import {type RunSettings, startRun} from '../../src/run/start.js';
import type {SampleTable} from '../../src/samples/sample.js';
import {collect} from './loaded.js';
import {builtIn, configured, custom} from './losses.js';
import {flat, Scratch} from './scratch.js';

const {signal} = new AbortController();

function settings(root: string, ...losses: RunSettings['losses']): RunSettings {
  const image = {color: 'auto', alpha: 'error', orient: true, maxPixels: 64e6} as const;
  return {losses, image, size: 'strict', device: 'cpu', batchSize: null, cwd: root};
}

function table(samples: readonly Readonly<Record<string, string>>[], shared = {}): SampleTable {
  return {samples: samples.map((files, i) => ({key: `s${i}`, files})), roots: {}, shared, missing: []};
}

/** Targets of 0 and 255, with so many pixels of foreground in 6; predictions of one half. */
async function masks(scratch: Scratch, foregrounds: readonly number[]): Promise<Record<string, string>[]> {
  return Promise.all(
    foregrounds.map(async (foreground, i) => ({
      pred: await scratch.png(`pred${i}.png`, flat(2, 3, 128)),
      target: await scratch.png(`target${i}.png`, {
        height: 2,
        width: 3,
        channels: 1,
        values: Array.from({length: 6}, (_, p) => (p < foreground ? 255 : 0)),
      }),
    })),
  );
}

const weighted = (class_weights: string) =>
  builtIn('weighted-cross-entropy', {class_weights, over: 'dataset', normalize: 'pixels'});

test('the views of a role, one sample after another, without those that cannot be read', async () => {
  const scratch = new Scratch();
  const [loss] = await configured(builtIn('mae', {crop_border: 1, range: [0, 2]}));
  const good = await scratch.png('good.png', flat(3, 4, 255));
  const other = await scratch.png('other.png', flat(5, 5, 51));
  const samples = [
    {key: 'a', files: {pred: good}},
    {key: 'b', files: {pred: scratch.write('broken.png', 'no image')}},
    {key: 'c', files: {pred: join(scratch.root, 'gone.png')}},
    {key: 'd', files: {target: good}},
    {key: 'e', files: {pred: other}},
  ];
  const {image, cwd} = settings(scratch.root);
  const dataset = datasetOf(loss as NonNullable<typeof loss>, samples, {image, cwd}, signal);
  const views = await collect(dataset.views('pred'));
  expect(views.map(({height, width}) => [height, width])).toEqual([
    [1, 2],
    [3, 3],
  ]);
  expect(views.map(({data, scale, offset}) => (data[0] as number) * scale + offset)).toEqual([
    expect.closeTo(2, 12),
    expect.closeTo(0.4, 12),
  ]);
  await expect(collect(dataset.views('style'))).rejects.toThrow("role 'style', which it does not declare");
});

test('an abort ends the first pass with its reason', async () => {
  const scratch = new Scratch();
  const controller = new AbortController();
  const samples = await masks(scratch, [1, 2, 3]);
  const stopping = custom({
    instance: {
      prepare: async (dataset) => {
        for await (const _ of dataset.views('target')) controller.abort(new Error('enough'));
      },
    },
  });
  const run = startRun(settings(scratch.root, stopping), table(samples), controller.signal);
  await expect(run).rejects.toThrow('enough');
});

test('balanced class weights over the dataset are those counted by hand', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [1, 0, 2]);
  const run = await startRun(settings(scratch.root, weighted('balanced')), table(samples), signal);
  // 3 of 18 pixels are foreground: n / (K n_c).
  const background = 18 / (2 * 15);
  const foreground = 18 / (2 * 3);
  const {class_weights: found} = run.prepared['weighted-cross-entropy'] as {class_weights: number[]};
  expect(found).toEqual([expect.closeTo(background, 12), expect.closeTo(foreground, 12)]);
  const rows = await collect(run.rows());
  run.close();
  const p = 128 / 255;
  const term = [-Math.log(1 - p), -Math.log(p)] as const;
  expect(rows.map(({cells}) => cells['weighted-cross-entropy'])).toEqual(
    [1, 0, 2].map((n) => expect.closeTo((n * foreground * term[1] + (6 - n) * background * term[0]) / 6, 10)),
  );
});

test('median-frequency divides by the pixels of the images that hold the class', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [1, 0, 2]);
  const run = await startRun(settings(scratch.root, weighted('median-frequency')), table(samples), signal);
  const frequencies = [15 / 18, 3 / 12] as const;
  const median = (frequencies[0] + frequencies[1]) / 2;
  expect(run.prepared['weighted-cross-entropy']).toEqual({
    class_weights: frequencies.map((frequency) => expect.closeTo(median / frequency, 12)),
  });
  run.close();
});

test('a broken file is left out of the first pass and fails its own row', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [1, 0, 2, 6]);
  scratch.write('target3.png', 'no image');
  const run = await startRun(settings(scratch.root, weighted('balanced')), table(samples), signal);
  expect(run.prepared['weighted-cross-entropy']).toEqual({
    class_weights: [expect.closeTo(0.6, 12), expect.closeTo(3, 12)],
  });
  const rows = await collect(run.rows());
  run.close();
  expect(rows.map(({status}) => status)).toEqual(['ok', 'ok', 'ok', 'failed']);
  expect(rows[3]?.reason).toMatch(/^not-an-image: target: target3\.png/);
});

test('what a loss finds is kept under its id; a loss without a first pass has no entry', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [3, 3]);
  const losses = [builtIn('mae'), {...weighted('balanced'), id: 'mine'}];
  const run = await startRun(settings(scratch.root, ...losses), table(samples), signal);
  expect(run.prepared).toEqual({mine: {class_weights: [1, 1]}});
  expect(run.columns.map(({name}) => name)).toEqual(['mae', 'mine']);
  run.close();
});

test('every reading that a loss asks of a role is decoded, and a shared file serves every sample', async () => {
  const scratch = new Scratch();
  const samples = await masks(scratch, [3, 0]);
  const weight = await scratch.png('weight.png', flat(2, 3, 255));
  const losses = [builtIn('mae'), builtIn('cross-entropy')];
  const withWeight = samples.map((files) => ({...files, weight}));
  const run = await startRun(settings(scratch.root, ...losses), table(withWeight, {weight}), signal);
  const rows = await collect(run.rows());
  run.close();
  const p = 128 / 255;
  // mae reads the target as pixels, cross-entropy as labels.
  expect(rows.map(({cells}) => cells.mae)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(p, 12)]);
  expect(rows.map(({cells}) => cells['cross-entropy'])).toEqual([
    expect.closeTo(-(Math.log(p) + Math.log(1 - p)) / 2, 12),
    expect.closeTo(-Math.log(1 - p), 12),
  ]);
  expect(Object.keys(rows[1]?.sha256 ?? {}).sort()).toEqual(['pred', 'target', 'weight']);
});

test('a run that ends disposes its losses, and so does one whose first pass fails', async () => {
  const disposed: string[] = [];
  const noting = (id: string, prepare?: () => Promise<unknown>) =>
    custom({instance: {dispose: () => void disposed.push(id), ...(prepare ? {prepare} : {})}}, {id});
  const run = await startRun(settings('.', noting('a'), noting('b')), table([]), signal);
  expect(disposed).toEqual([]);
  run.close();
  expect(disposed).toEqual(['a', 'b']);
  const fails = () => Promise.reject(new Error('no pass'));
  await expect(startRun(settings('.', noting('c'), noting('d', fails)), table([]), signal)).rejects.toThrow('no pass');
  expect(disposed).toEqual(['a', 'b', 'c', 'd']);
});
