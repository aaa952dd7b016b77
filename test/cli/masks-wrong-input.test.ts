import sharp from 'sharp';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {npyFloats} from '../run/arrays.js';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {fixture, type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const SIZE = {height: 2, width: 3} as const;

const grey = (values: readonly number[]): Pixels => ({...SIZE, channels: 1, data: Uint8Array.from(values)});

beforeAll(async () => {
  await work.image('truth.png', grey([0, 1, 2, 0, 1, 2]));
  await work.image('binary.png', grey([0, 255, 255, 0, 0, 255]));
  await work.image('photo.png', noise(1, 2, 3));
  await work.image('ids.png', grey([0, 1, 2, 0, 19, 2]));
  await work.image('large.png', flat(0, 4, 6, 1));
  await work.image('probabilities.png', grey([0, 255, 180, 20, 90, 200]));
  const soft = [0.1, 0.7, 0.2, 0.8, 0.1, 0.1];
  work.write('three.npy', npyFloats([2, 3, 3], [...soft, ...soft, ...soft]));
  work.write('two.npy', npyFloats([2, 3, 2], [...soft, ...soft]));
  work.write('logits.npy', npyFloats([2, 3, 3], [-2, 1, 3, ...soft, ...soft, ...soft.slice(0, 3)]));
  work.write('channels-first.npy', npyFloats([3, 40, 60], Array(7200).fill(0)));
  work.write('half.npy', npyFloats([2, 3], [0, 0.5, 2, 0, 1, 2]));
  const noisy = noise(3, 2, 3);
  work.write('colours.jpg', await sharp(noisy.data, {raw: noisy}).jpeg().toBuffer());
  work.write('nan.npy', npyFloats([2, 3, 3], [...soft, 0, Number.NaN, 1, ...soft, 0, 0, 1]));
  work.write('nan-map.npy', npyFloats([2, 3], [0, 1, 0, 1, Number.NaN, 0]));
});

const NO_MASK =
  'is no mask; set palette for a mask in colours (scores of several classes come as NPY, NPZ or a file per class)';
const three = {classes: 3};

type Case = readonly [what: string, pred: string, target: string, config: object, line: unknown];

const CASES: readonly Case[] = [
  [
    'a photograph as prediction',
    'photo.png',
    'binary.png',
    {},
    `channels: pred: photo.png: an image of 3 channels ${NO_MASK}`,
  ],
  [
    'the same in a run of as many classes',
    'photo.png',
    'truth.png',
    three,
    `channels: pred: photo.png: an image of 3 channels ${NO_MASK}`,
  ],
  [
    'a photograph as target',
    'binary.png',
    'photo.png',
    {},
    'channels: iou: target: labels need an image of one channel, this one has 3; set palette for a mask in colours',
  ],
  [
    'a photograph under a palette',
    'photo.png',
    'photo.png',
    {palette: 'voc'},
    expect.stringMatching(/labels: pred: photo\.png: colour #[0-9a-f]{6} at x 0, y 0 is not in the palette$/),
  ],
  [
    'an id of the prediction that is no class',
    'ids.png',
    'truth.png',
    three,
    'labels: iou: pred has id 19 at x 1, y 1, which is none of the 3 classes; add it to classes',
  ],
  [
    'an id of the target that is no class',
    'truth.png',
    'ids.png',
    {classes: {0: 'road', 1: 'sky', 2: 'car'}},
    'labels: iou: target has id 19 at x 1, y 1, which is none of the 3 classes; add it to classes or set ignore_index',
  ],
  [
    'an id in a binary run',
    'binary.png',
    'truth.png',
    {},
    'labels: iou: target has id 2 at x 2, y 0: a binary target must hold 0 and 1 (or 255); for several classes set classes, as cv-loss init does',
  ],
  [
    'the same, said once for all losses',
    'binary.png',
    'truth.png',
    {losses: ['dice', 'hausdorff', 'cl-dice', 'cross-entropy']},
    'labels: dice, hausdorff, cl-dice, cross-entropy: target has id 2 at x 2, y 0: a binary target must hold 0 and 1 (or 255); for several classes set classes, as cv-loss init does',
  ],
  [
    'scores of too few classes',
    'two.npy',
    'truth.png',
    three,
    'scores: iou: pred has 2 channels, the run has 3 classes',
  ],
  [
    'scores of too many classes',
    'three.npy',
    'binary.png',
    {classes: {0: 'off', 255: 'on'}, losses: [{type: 'brier', ignore_index: -1, input: 'probabilities'}]},
    'scores: brier: pred has 3 channels, the run has 2 classes',
  ],
  [
    'scores that are no probabilities',
    'logits.npy',
    'truth.png',
    {losses: [{type: 'dice', mode: 'soft', input: 'probabilities'}]},
    'scores: dice: pred has -2 at x 0, y 0, a probability must be in [0, 1]',
  ],
  [
    'channels that come first',
    'channels-first.npy',
    'large.png',
    three,
    'shape: pred: channels-first.npy: shape [3, 40, 60] is no image; expected [h, w] or [h, w, c]: channels come last, numpy.moveaxis(array, 0, -1)',
  ],
  ['a half id', 'half.npy', 'truth.png', three, expect.stringContaining('labels: iou: pred has id 0.5 at x 1, y 0')],
  [
    'colours that a format changed',
    'colours.jpg',
    'truth.png',
    {palette: {a: '#ff0000', b: '#00ff00', c: '#0000ff'}},
    expect.stringMatching(/colour #[0-9a-f]{6} at x 0, y 0 is not in the palette; JPEG, WebP and AVIF change colours/),
  ],
  [
    'sizes that differ',
    'large.png',
    'truth.png',
    three,
    'sizes-differ: pred is 6x4, target is 3x2 (width x height); set image.size to target, crop or [h, w]',
  ],
  [
    'a label map of another size, to be resampled',
    'large.png',
    'truth.png',
    {...three, image: {size: 'target'}},
    'sizes-differ: pred is 6x4, not 3x2 (width x height), and label maps are not resampled: bicubic would mix them; supply them in that size or set image.size to crop',
  ],
  ['NaN among scores', 'nan.npy', 'truth.png', three, 'scores: iou: pred has NaN at x 2, y 0'],
  [
    'NaN in a float label map',
    'nan-map.npy',
    'truth.png',
    three,
    expect.stringContaining('labels: iou: pred has id NaN at x 1, y 1'),
  ],
  [
    'floats that do not say what they are',
    'nan-map.npy',
    'binary.png',
    {},
    expect.stringContaining('scores: iou: pred is a float file: say input: probabilities or input: logits'),
  ],
  [
    'NaN among probabilities',
    'nan-map.npy',
    'binary.png',
    {losses: [{type: 'iou', input: 'probabilities'}]},
    expect.stringMatching(/scores: iou: pred has NaN at x 1, y 1/),
  ],
];

const keyOf = (one: Case) => `case-${CASES.indexOf(one) + 100}`;

/** What standard error says, by case. */
const said = new Map<string, string>();

/** Cases under one config are pairs of one run, which fails all of them. */
async function runCases(config: string, cases: readonly Case[]): Promise<void> {
  const pairs = `pairs-${keyOf(cases[0] as Case)}.csv`;
  work.write(pairs, ['key,pred,target', ...cases.map((one) => [keyOf(one), one[1], one[2]].join())].join('\n'));
  const input = JSON.stringify({task: 'mask', pairs, losses: ['iou'], ...JSON.parse(config)});
  const {code, stdout, stderr} = await work.run(['eval', '--config', '-', '--no-report', '--quiet'], {input});
  expect({code, stdout}).toEqual({code: 3, stdout: ''});
  for (const line of stderr.trimEnd().split('\n')) {
    const [, key = '', text = ''] = /^cv-loss: (case-\d+): (.*)$/.exec(line) ?? [];
    said.set(key, said.has(key) ? `${said.get(key)}\n${text}` : text);
  }
}

beforeAll(async () => {
  const configs = new Set(CASES.map(([, , , config]) => JSON.stringify(config)));
  const ended = [...configs].map((config) => {
    const cases = CASES.filter(([, , , of]) => JSON.stringify(of) === config);
    return runCases(config, cases);
  });
  await Promise.all(ended);
}, 60_000);

test('no line but those', () => expect([...said.keys()].sort()).toEqual(CASES.map(keyOf)));

describe('one clear line for', () => {
  test.each(CASES.map((one) => [one[0], one] as const))('%s', (_, one) => {
    expect(said.get(keyOf(one))).toEqual(one[4]);
  });
});

describe.concurrent('what is no mistake', () => {
  test('probabilities of another size are resampled to the target', async () => {
    await work.image('small-target.png', {
      height: 4,
      width: 6,
      channels: 1,
      data: Uint8Array.from({length: 24}, (_, i) => 255 * (i % 2)),
    });
    const inputs = {pred: 'probabilities.png', target: 'small-target.png'};
    const input = JSON.stringify({
      task: 'mask',
      losses: [{type: 'dice', mode: 'soft'}],
      inputs,
      image: {size: 'target'},
    });
    const run = await work.run(['eval', '--config', '-', '--report', 'resampled', '--quiet'], {input});
    expect(run).toEqual({code: 0, stdout: '', stderr: ''});
    expect(work.rows('resampled').get('probabilities')).toMatchObject({status: 'ok', width: '6', height: '4'});
  });

  test('a file per class, by name or id, is one image of scores', async () => {
    const scores = [
      [0, 10, 200, 90, 20, 0],
      [250, 0, 55, 90, 220, 0],
      [5, 245, 0, 75, 15, 255],
    ];
    for (const [i, name] of ['road', 'sky', '2'].entries())
      await work.image(`apart/a_${name}.png`, grey(scores[i] ?? []));
    await work.image('apart-truth/a.png', grey([1, 2, 0, 1, 1, 255]));
    const config = {
      task: 'mask',
      losses: ['iou', 'accuracy', 'brier'],
      classes: {0: 'road', 1: 'sky', 2: 'car'},
      inputs: {pred: 'apart', target: 'apart-truth'},
      match: {pred: '{key}_{class}.png'},
    };
    const run = await work.run(['eval', '--config', '-', '--report', 'apart', '--quiet'], {
      input: JSON.stringify(config),
    });
    expect(run).toEqual({code: 0, stdout: '', stderr: ''});
    const row = work.rows('apart').get('a');
    // The largest scores: sky, car, road, road (the first of two), sky; the last pixel is void.
    expect(cell(row, 'accuracy')).toBe(4 / 5);
    expect(cell(row, 'iou.road')).toBe(1 / 2);
    expect(cell(row, 'iou.sky')).toBe(2 / 3);
    expect(cell(row, 'iou.car')).toBe(1);
    const truth = [1, 2, 0, 1, 1];
    const squares = truth.map((label, p) =>
      scores.reduce((sum, of, c) => sum + ((of[p] ?? 0) / 255 - Number(c === label)) ** 2, 0),
    );
    expect(cell(row, 'brier')).toBeCloseTo(squares.reduce((sum, value) => sum + value, 0) / 5, 9);
  });
});

describe.concurrent('without a config', () => {
  const PHOTO = /^key,status,reason,width,height,mse,mae,psnr,.*ssim$/;
  const MASKS = 'cv-loss: the first pair looks like masks: scored as --task mask (--task photo compares pixels)\n';
  const columns = (report: string) => work.read(report, 'rows.csv').split('\n')[0];

  beforeAll(async () => {
    for (const side of ['pred', 'target']) await work.image(`masks/${side}/a.png`, grey([0, 255, 255, 0, 0, 255]));
    for (const side of ['pred', 'target']) await work.image(`photos/${side}/a.png`, noise(7, 20, 20));
  });

  const scored = (folder: string, report: string, ...more: readonly string[]) =>
    work.run([
      'eval',
      '--pred',
      `${folder}/pred`,
      '--target',
      `${folder}/target`,
      '--report',
      report,
      '--quiet',
      ...more,
    ]);

  test('two masks are scored as masks, which standard error says', async () => {
    expect(await scored('masks', 'assumed')).toEqual({code: 0, stdout: '', stderr: MASKS});
    expect(columns('assumed')).toMatch(/,dice,.*iou,.*cross-entropy/);
    expect(work.json('assumed', 'report.json')).toMatchObject({config: {task: 'mask'}});
  });

  test('--task photo compares their pixels', async () => {
    expect(await scored('masks', 'forced', '--task', 'photo')).toMatchObject({code: 0});
    expect(columns('forced')).toMatch(PHOTO);
  });

  test('named losses are those that are named', async () => {
    expect(await scored('masks', 'named', '--losses', 'mse')).toEqual({code: 0, stdout: '', stderr: ''});
    expect(columns('named')).toBe('key,status,reason,width,height,mse');
    expect(await scored('masks', 'reached', '--set', 'losses.ssim.color=luma8')).toMatchObject({code: 0});
    expect(columns('reached')).toMatch(PHOTO);
  });

  test('palette images of several values are scored as photographs, and it is said that they may be label maps', async () => {
    const run = await scored(fixture('segmentation', 'palette'), 'palettes');
    expect(run).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^cv-loss: the first pair has palettes.*cv-loss init.*\n$/),
    });
    expect(columns('palettes')).toMatch(PHOTO);
  });

  test('photographs are photographs', async () => {
    expect(await scored('photos', 'photos')).toEqual({code: 0, stdout: '', stderr: ''});
    expect(columns('photos')).toMatch(PHOTO);
  });
});
