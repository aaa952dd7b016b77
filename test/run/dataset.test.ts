import {join} from 'node:path';
import {expect, test} from 'vitest';
import {datasetOf} from '../../src/run/dataset.js';
import {startRun} from '../../src/run/start.js';
import {collect} from './loaded.js';
import {builtIn, configured, custom} from './losses.js';
import {masks, settings, table, weighted} from './masks.js';
import {flat, Scratch} from './scratch.js';

const {signal} = new AbortController();

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
