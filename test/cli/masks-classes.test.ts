import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {expectClose} from '../losses/close.js';
import {cell} from './rows.js';
import {fixture, Workspace} from './workspace.js';

/** What numpy makes of a confusion matrix. */
interface Metrics {
  readonly iou: number;
  readonly dice: number;
  readonly accuracy: number;
  readonly frequency_weighted_iou: number;
  readonly iou_per_class: Readonly<Record<string, number | null>>;
}

const expected = JSON.parse(readFileSync(fixture('segmentation/expected.json'), 'utf8')) as {
  readonly classes: readonly string[];
  readonly values: Readonly<Record<string, Metrics>>;
  readonly dataset: Metrics;
  readonly dataset_of_scores: Metrics;
  readonly confusion: readonly (readonly number[])[];
};
const EXACT = {relative: 1e-9, floor: 1e-12};
const NAMED = Object.fromEntries(expected.classes.map((name, id) => [id, name]));
const LOSSES = ['iou', 'dice', 'accuracy', 'confusion'];
const SCORED = ['005', '009'];
const work = new Workspace(afterAll);

/** By name: the folder of each side, and what the config says beside the losses. */
const RUNS: Readonly<Record<string, {readonly pred: string; readonly target: string; readonly config: object}>> = {
  palette: {pred: 'palette/pred', target: 'palette/target', config: {classes: NAMED}},
  'palette-under-a-palette': {pred: 'palette/pred', target: 'palette/target', config: {palette: 'cityscapes'}},
  colour: {pred: 'colour/pred', target: 'colour/target', config: {palette: 'cityscapes'}},
  grey: {pred: 'grey/pred', target: 'grey/target', config: {classes: NAMED}},
  'grey-under-a-palette': {pred: 'grey/pred', target: 'colour/target', config: {palette: 'cityscapes'}},
  scores: {pred: 'scores', target: 'palette/target', config: {allow_missing: true, classes: NAMED}},
  'scores-alone': {pred: 'scores', target: 'grey/target', config: {allow_missing: true}},
};

beforeAll(async () => {
  const ended = Object.entries(RUNS).map(([name, {pred, target, config}]) => {
    const inputs = {pred: fixture('segmentation', pred), target: fixture('segmentation', target)};
    const input = JSON.stringify({task: 'mask', inputs, losses: LOSSES, ...config});
    return work.run(['eval', '--config', '-', '--report', name, '--quiet'], {input});
  });
  for (const run of await Promise.all(ended)) expect(run).toMatchObject({code: 0, stdout: ''});
}, 120_000);

interface Summary {
  readonly iou: {dataset: number; frequency_weighted: number; per_class: Record<string, number | null>; value: number};
  readonly dice: {dataset: number};
  readonly accuracy: {dataset: number};
  readonly confusion: {classes: string[]; counts: number[][]};
}

const summaryOf = (name: string) => (work.json(name, 'report.json') as {summary: Summary}).summary;

test('the set has six pairs, 19 classes, one of them nowhere and one only predicted', () => {
  expect(Object.keys(expected.values)).toHaveLength(6);
  expect(expected.classes).toHaveLength(19);
  expect(expected.dataset.iou_per_class).toMatchObject({rider: null, train: 0});
});

describe.each(Object.keys(RUNS))('%s', (name) => {
  const keys = name.startsWith('scores') ? SCORED : Object.keys(expected.values);
  const dataset = name.startsWith('scores') ? expected.dataset_of_scores : expected.dataset;
  const classes = name === 'scores-alone' ? expected.classes.map((_, id) => String(id)) : expected.classes;

  test('every row has numpy’s values, of each class as well', () => {
    const rows = work.rows(name);
    expect([...rows.keys()]).toEqual([...keys].sort());
    for (const key of keys) {
      const {iou, dice, accuracy, iou_per_class} = expected.values[key] as Metrics;
      const row = rows.get(key);
      expectClose(cell(row, 'iou'), iou, EXACT, key);
      expectClose(cell(row, 'dice'), dice, EXACT, key);
      expectClose(cell(row, 'accuracy'), accuracy, EXACT, key);
      Object.values(iou_per_class).forEach((value, id) => {
        const column = `iou.${classes[id]}`;
        if (value === null) expect(row?.[column], `${key} ${column}`).toBe('n/a');
        else expectClose(cell(row, column), value, EXACT, `${key} ${column}`);
      });
    }
  });

  test('the dataset’s mIoU, fwIoU, dice and accuracy are those of the summed counts', () => {
    const {iou, dice, accuracy} = summaryOf(name);
    expectClose(iou.dataset, dataset.iou, EXACT);
    expectClose(iou.frequency_weighted, dataset.frequency_weighted_iou, EXACT);
    expectClose(dice.dataset, dataset.dice, EXACT);
    expectClose(accuracy.dataset, dataset.accuracy, EXACT);
    Object.values(dataset.iou_per_class).forEach((value, id) => {
      const found = iou.per_class[classes[id] as string];
      if (value === null) expect(found).toBeNull();
      else expectClose(found, value, EXACT, classes[id]);
    });
  });

  test('the value is the mean of the rows', () => {
    const values = keys.map((key) => expected.values[key]?.iou ?? Number.NaN);
    expectClose(summaryOf(name).iou.value, values.reduce((sum, value) => sum + value, 0) / keys.length, EXACT);
  });

  test('the confusion matrix', () => {
    const {confusion} = summaryOf(name);
    expect(confusion.classes).toEqual(classes);
    if (!name.startsWith('scores')) expect(confusion.counts).toEqual(expected.confusion);
  });

  test('confusion.csv holds it too', () => {
    const {confusion} = summaryOf(name);
    const lines = work.read(name, 'confusion.csv').trimEnd().split('\n');
    expect(lines[0]).toBe(['loss', 'numbers', 'target', ...classes].join());
    const counts = lines.slice(1, 20).map((line) => line.split(','));
    expect(counts.map((cells) => cells.slice(3).map(Number))).toEqual(confusion.counts);
    const shares = lines.slice(20).map((line) => line.split(',').slice(3));
    shares.forEach((cells, i) => {
      const total = (confusion.counts[i] ?? []).reduce((sum, count) => sum + count, 0);
      cells.forEach((text, j) => {
        if (total === 0) expect(text).toBe('');
        else expectClose(Number(text), (confusion.counts[i]?.[j] ?? Number.NaN) / total, EXACT);
      });
    });
  });
});

test('the same ids give the same rows, whatever their coding', () => {
  for (const name of ['palette-under-a-palette', 'colour', 'grey', 'grey-under-a-palette']) {
    expect(work.read(name, 'rows.csv')).toBe(work.read('palette', 'rows.csv'));
  }
});

test('configs/segmentation.yaml', async () => {
  const config = fixture('../configs/segmentation.yaml');
  expect(await work.run(['eval', '--config', config, '--report', 'shipped', '--quiet'])).toMatchObject({code: 0});
  expect(work.read('shipped', 'rows.csv')).toBe(work.read('colour', 'rows.csv'));
  expectClose(summaryOf('shipped').iou.dataset, expected.dataset.iou, EXACT);
});
