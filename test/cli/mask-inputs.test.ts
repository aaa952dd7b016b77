import {readdirSync, readFileSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import {expectClose} from '../losses/close.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

interface OfClasses {
  readonly iou: number;
  readonly iou_per_class: Readonly<Record<string, number>>;
}

/** What numpy makes of fixtures/mask-inputs. */
const expected = JSON.parse(readFileSync(fixture('mask-inputs/expected.json'), 'utf8')) as {
  readonly labels: OfClasses;
  readonly binary: number;
  readonly probabilities: Readonly<Record<string, {readonly soft_dice: number; readonly 'iou_above_0.35': number}>>;
  readonly scores: Readonly<Record<string, OfClasses & {readonly soft_dice: number}>>;
};
const EXACT = {relative: 1e-12, floor: 0};
const CLOSE = {relative: 1e-9, floor: 0};
const work = new Workspace(afterAll);
let reports = 0;

/** The rows of a run over files under fixtures/mask-inputs; it ends well and says nothing. */
async function rowsOf(pred: string, target: string, config: object) {
  const inputs = {pred: fixture('mask-inputs', pred), target: fixture('mask-inputs', target)};
  const report = `report-${reports++}`;
  const input = JSON.stringify({task: 'mask', inputs, ...config});
  const run = await work.run(['eval', '--config', '-', '--report', report, '--quiet'], {input});
  expect(run).toEqual({code: 0, stdout: '', stderr: ''});
  return work.rows(report);
}

/** The only row of such a run. */
async function rowOf(pred: string, target: string, config: object) {
  const rows = [...(await rowsOf(pred, target, config)).values()];
  expect(rows).toHaveLength(1);
  return rows[0];
}

const keysOf = (folder: string) =>
  readdirSync(fixture('mask-inputs', folder))
    .map((name) => name.replace(/\.\w+$/, ''))
    .sort();

describe.concurrent('label maps', () => {
  const names = {0: 'bark', 1: 'leaf', 2: 'sky', 3: 'soil'};

  test.each([
    ['a number of classes', 4, ['0', '1', '2', '3']],
    ['named classes', names, Object.values(names)],
  ])('grey and palette PNG, TIFF, NPY and NPZ, of 8 to 64 bits, under %s', async (_, classes, columns) => {
    const rows = await rowsOf('labels/pred', 'labels/target', {classes, losses: ['iou']});
    expect([...rows.keys()]).toEqual(keysOf('labels/pred'));
    expect(rows.size).toBe(8);
    for (const [key, row] of rows) {
      expectClose(cell(row, 'iou'), expected.labels.iou, EXACT, key);
      columns.forEach((name, id) => {
        expectClose(cell(row, `iou.${name}`), expected.labels.iou_per_class[id] as number, EXACT, key);
      });
    }
  });

  test('ids above 255', async () => {
    const classes = {0: 'bark', 2: 'sky', 3: 'soil', 1000: 'leaf'};
    const row = await rowOf('large/pred.png', 'large/target.tif', {classes, losses: ['iou']});
    expectClose(cell(row, 'iou'), expected.labels.iou, EXACT);
    expectClose(cell(row, 'iou.leaf'), expected.labels.iou_per_class[1] as number, EXACT);
  });

  test('ignore_index leaves out another id than 255', async () => {
    // A class of its own is void, so that 255 has to be one.
    const config = {classes: {...names, 255: 'void'}, losses: [{type: 'recall', ignore_index: 3}]};
    const rows = await rowsOf('labels/pred', 'labels/target', config);
    for (const row of rows.values()) {
      expect(row).toMatchObject({'recall.void': '0', 'recall.soil': 'n/a'});
    }
  });

  test('background: false leaves id 0 out of the mean', async () => {
    const config = {classes: names, losses: [{type: 'iou', background: false}]};
    const {iou_per_class: of} = expected.labels;
    const mean = ((of[1] as number) + (of[2] as number) + (of[3] as number)) / 3;
    for (const row of (await rowsOf('labels/pred', 'labels/target', config)).values()) {
      expectClose(cell(row, 'iou'), mean, EXACT);
      expect(row).not.toHaveProperty('iou.bark');
    }
  });

  test('colours of VOC', async () => {
    const row = await rowOf('colour/voc-pred.png', 'colour/voc-target.png', {palette: 'voc', losses: ['iou']});
    expectClose(cell(row, 'iou'), expected.labels.iou, EXACT);
    expectClose(cell(row, 'iou.aeroplane'), expected.labels.iou_per_class[1] as number, EXACT);
    expect(row).toMatchObject({'iou.tvmonitor': 'n/a'});
  });

  test('colours of one’s own, void among them', async () => {
    const palette = {bark: '#0a141e', leaf: '#C80000', sky: '#00c800', soil: '#0000c8', void: '#ffffff'};
    const config = {palette, losses: [{type: 'iou', ignore_index: 4}]};
    const row = await rowOf('colour/own-pred.png', 'colour/own-target.png', config);
    expectClose(cell(row, 'iou'), expected.labels.iou, EXACT);
    expectClose(cell(row, 'iou.soil'), expected.labels.iou_per_class[3] as number, EXACT);
    expect(row).toMatchObject({'iou.void': 'n/a'});
  });
});

test.concurrent('one foreground in PNG, TIFF, NPY and NPZ: 0 and 1, 255 or 65535, a bit, a bool', async () => {
  const rows = await rowsOf('binary/pred', 'binary/target', {losses: ['iou']});
  expect([...rows.keys()]).toEqual(keysOf('binary/pred'));
  expect(rows.size).toBe(7);
  for (const [key, row] of rows) expectClose(cell(row, 'iou'), expected.binary, EXACT, key);
});

describe.concurrent('probabilities of a foreground', () => {
  test.each(Object.entries(expected.probabilities))('%s', async (name, {soft_dice, 'iou_above_0.35': hard}) => {
    const input = name.startsWith('logits') ? 'logits' : name.startsWith('float') ? 'probabilities' : 'auto';
    const losses = [
      {type: 'dice', mode: 'soft', input},
      {type: 'iou', threshold: 0.35, input},
    ];
    const row = await rowOf(`probabilities/${name}`, 'binary/target/grey-255.png', {losses});
    expectClose(cell(row, 'dice'), soft_dice, CLOSE);
    expectClose(cell(row, 'iou'), hard, EXACT);
  });
});

describe.concurrent('scores of several classes', () => {
  test.each(Object.entries(expected.scores))('%s', async (name, {iou, iou_per_class, soft_dice}) => {
    const input = name.startsWith('logits') ? 'logits' : name.startsWith('float') ? 'probabilities' : 'auto';
    const losses = ['iou', {type: 'dice', mode: 'soft', input}];
    // Floats of several channels are scores, integers may be a picture.
    const classes = name.startsWith('uint8') ? 4 : null;
    const row = await rowOf(`scores/${name}`, 'labels/target/palette.png', {classes, losses});
    expectClose(cell(row, 'iou'), iou, EXACT);
    for (const [id, value] of Object.entries(iou_per_class)) expectClose(cell(row, `iou.${id}`), value, EXACT);
    expectClose(cell(row, 'dice'), soft_dice, CLOSE);
  });

  test('a file per class', async () => {
    const row = await rowOf('apart', 'labels/target', {
      classes: 4,
      match: {pred: '{key}_{class}'},
      allow_missing: true,
      losses: ['iou', {type: 'dice', mode: 'soft'}],
    });
    const {iou = Number.NaN, soft_dice = Number.NaN} = expected.scores['uint8.npy'] ?? {};
    expectClose(cell(row, 'iou'), iou, EXACT);
    expectClose(cell(row, 'dice'), soft_dice, CLOSE);
  });
});
