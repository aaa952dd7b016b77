import {expect, test} from 'vitest';
import {tupleGallery} from '../../src/drawing/gallery-tuples.js';
import {picturesOf} from '../../src/drawing/run-pictures.js';
import {SampleError} from '../../src/errors.js';
import {datasetLosses} from '../../src/losses/dataset-registry.js';
import {Aggregator} from '../../src/run/aggregate.js';
import {type SetLossEntry, startDatasetRun} from '../../src/run/dataset-run.js';
import {bytes} from '../losses/score.js';
import {smallOnnx} from '../models/small-model.js';
import {flat, IMAGE, Scratch} from '../run/scratch.js';

/** A model that says the rest itself. */
const ANY = {output: null, size: null, color: null, mean: null, std: null, range: null, layout: null};

const {signal} = new AbortController();

/** Of two identities, on a line; c is nearer to a than b is. */
const VECTORS = 'key,label,v0\na,x,1\nb,x,5\nc,y,3\nd,y,30\n';

function entry(type: string, options: object): SetLossEntry {
  const descriptor = datasetLosses.find(({id}) => id === type);
  if (!descriptor) throw new Error(`no loss '${type}'`);
  return {descriptor, id: type, undefined: 'skip', options: descriptor.options.parse(options)};
}

async function embeddingRun() {
  const scratch = new Scratch();
  const file = scratch.write('e.csv', VECTORS);
  const losses = [
    entry('triplet', {normalize: false, distance: 'l2', margin: 0}),
    entry('contrastive', {normalize: false, margin: 4}),
  ];
  const embeddings = {file, labels: null, real: null, fake: null};
  return startDatasetRun({embeddings, scores: null, cwd: scratch.root, losses}, signal);
}

test('the hardest tuples of each loss, with the distances from their first member', async () => {
  const run = await embeddingRun();
  const request = {dir: '/report', formats: ['html'], gallery: 8};
  const pictures = picturesOf(run, request, {isShard: false});
  const aggregates = new Aggregator(run.columns, run.losses);
  for await (const row of run.rows()) aggregates.add(row);
  await aggregates.complete();
  const results = {summary: aggregates.summary(), changes: null, rows: []};
  const gallery = await pictures?.draw({pictures: () => null}, results, {});
  const [hardest] = gallery?.tuples?.triplet ?? [];
  // d(c, d) = 27 and d(c, a) = d(c, b) = 2, so 25.
  expect(hardest).toEqual({
    members: [
      {role: 'anchor', key: 'c'},
      {role: 'positive', key: 'd', distance: 27},
      {role: 'negative', key: 'a', distance: 2},
    ],
    value: 25,
  });
  const [pair] = gallery?.tuples?.contrastive ?? [];
  // Half of 27 squared.
  expect(pair).toEqual({
    members: [
      {role: 'first', key: 'c'},
      {role: 'second', key: 'd', distance: 27},
    ],
    same: true,
    value: 364.5,
  });
  expect(gallery?.items).toEqual({});
});

test('images of members, where the embeddings are of images; what cannot be shown is told of', async () => {
  const run = {
    losses: [{id: 'triplet'}] as never,
    between: () => 1,
    async image(key: string) {
      if (key === 'gone') throw new SampleError('changed', 'the image changed after it was embedded; embed it again');
      return key === 'read' ? null : bytes(2, 3, 1, [0, 50, 100, 150, 200, 250]);
    },
  };
  const hardest = [{anchor: 'a', positive: 'gone', negative: 'read', value: 1}];
  const notices: string[] = [];
  const onNotice = (line: string) => void notices.push(line);
  const {tuples} = await tupleGallery(run, {triplet: {hardest} as never}, {folder: null, onNotice});
  const [anchor, ...others] = tuples?.triplet?.[0]?.members ?? [];
  expect(anchor?.image).toMatchObject({width: 3, height: 2});
  expect(others).toEqual([
    {role: 'positive', key: 'gone', distance: 1},
    {role: 'negative', key: 'read', distance: 1},
  ]);
  expect(notices).toEqual([
    'gallery: no picture of gone: the image changed after it was embedded; embed it again [CVL-W022]',
  ]);
});

test('the images that a model embedded are decoded again, unless they changed since', async () => {
  const scratch = new Scratch();
  const levels = {'x0.png': 10, 'x1.png': 200, 'y0.png': 90};
  for (const [name, level] of Object.entries(levels)) await scratch.png(name, flat(9, 9, level));
  const model = {model: scratch.write('m.onnx', smallOnnx()), ...ANY};
  const labels = scratch.write('l.csv', 'key,label\nx0,x\nx1,x\ny0,y\n');
  const embeddings = {file: null, labels, real: null, fake: null, images: `${scratch.root}/*.png`, model};
  const losses = [entry('triplet', {})];
  const run = await startDatasetRun({embeddings, scores: null, image: IMAGE, cwd: scratch.root, losses}, signal, {
    cache: false,
  });
  expect((await run.image('x1'))?.data.subarray(0, 3)).toEqual(new Uint8Array([200, 200, 200]).subarray(0, 3));
  expect(await run.image('nobody')).toBeNull();
  await scratch.png('x1.png', flat(9, 9, 201));
  await expect(run.image('x1')).rejects.toThrow('the image changed after it was embedded; embed it again');
  expect(run.between('triplet', 'x0', 'x0')).toBe(0);
  expect([run.between('triplet', 'x0', 'nobody'), run.between('other', 'x0', 'x1')]).toEqual([null, null]);
});
