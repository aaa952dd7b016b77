import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Cell} from '../../../src/rows/row.js';
import {readNpy} from '../../npy.js';
import {readPng} from '../../png.js';
import {expectClose} from '../close.js';
import type {LossConfig} from '../score.js';
import {classList, runMasks} from './runs.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);

interface Fixture {
  readonly tolerance: number;
  readonly binary: readonly {
    readonly loss: LossConfig;
    readonly pred: 'pred' | 'prob';
    readonly values: Readonly<Record<string, number | null>>;
    readonly dataset: number;
  }[];
  readonly thresholds: Readonly<
    Record<'dice' | 'iou', {readonly values: Readonly<Record<string, number | null>>; readonly dataset: number}>
  >;
  readonly classes: readonly {
    readonly loss: LossConfig;
    readonly value: number;
    readonly per_class?: readonly number[];
    readonly weighted?: number;
    readonly class_mean?: number;
  }[];
  readonly confusion: {readonly counts: number[][]; readonly normalised: number[][]};
}

const fixture = JSON.parse(readFileSync(new URL('mask-counts.json', fixtures), 'utf8')) as Fixture;
const tolerance = {relative: fixture.tolerance, floor: fixture.tolerance};

function expectNumber(found: unknown, expected: number | null, where: string): void {
  expectClose((found ?? {undefined: 'null'}) as Cell, expected ?? Number.NaN, tolerance, where);
}

const keys = Object.keys(fixture.binary[0]?.values ?? {});
const read = (folder: string) =>
  Promise.all(keys.map((key) => readPng(new URL(`masks/${folder}/${key}.png`, fixtures))));
const folders = {pred: read('pred'), prob: read('prob'), target: read('target')};

describe.each(fixture.binary)('$loss', ({loss, pred, values, dataset}) => {
  test('gives what scikit-learn and numpy give, of each image and of all together', async () => {
    const [preds, targets] = await Promise.all([folders[pred], folders.target]);
    const samples = preds.map((raster, i) => ({pred: raster, target: targets[i] ?? raster}));
    const {rows, summary} = await runMasks(loss, samples);
    const sweep = loss.type === 'best-threshold' ? fixture.thresholds[loss.metric === 'iou' ? 'iou' : 'dice'] : null;
    keys.forEach((key, i) => {
      expectNumber(rows[i]?.[''], values[key] ?? null, key);
      if (sweep) expectNumber(rows[i]?.threshold, sweep.values[key] ?? null, `${key} threshold`);
    });
    expectNumber(summary[loss.type]?.dataset, dataset, 'dataset');
    if (sweep) expectNumber(summary[loss.type]?.dataset_threshold, sweep.dataset, 'dataset threshold');
  });
});

const classes = classList('sky', 'road', 'car', 'tree.top');
const scores = {
  pred: readNpy(new URL('formulas/logits.npy', fixtures)),
  target: readNpy(new URL('formulas/labels.npy', fixtures)),
};

test.each(fixture.classes)('$loss of four classes', async ({loss, value, per_class, weighted, class_mean}) => {
  const {rows, summary} = await runMasks(loss, [scores], classes);
  const aggregate = summary[loss.type] ?? {};
  expectNumber(rows[0]?.[''], value, 'value');
  if (!loss.type.includes('auroc') && loss.type !== 'average-precision')
    expectNumber(aggregate.dataset, value, 'dataset');
  const scored = loss.background === false ? classes.slice(1) : classes;
  per_class?.forEach((expected, c) => {
    const {name} = scored[c] ?? {name: ''};
    expectNumber(rows[0]?.[name], expected, name);
    const ofClass = aggregate.per_class as Record<string, number> | undefined;
    if (ofClass) expectNumber(ofClass[name], expected, `per class ${name}`);
  });
  if (weighted !== undefined) expectNumber(aggregate.weighted, weighted, 'weighted');
  if (loss.type === 'iou') expect(aggregate.frequency_weighted).toBe(aggregate.weighted);
  if (class_mean !== undefined) expectNumber(aggregate.class_mean, class_mean, 'class mean');
});

test('the confusion matrix, raw and by row', async () => {
  const {rows, summary} = await runMasks({type: 'confusion', ignore_index: 255}, [scores, scores], classes);
  const {counts, normalised} = fixture.confusion;
  counts.forEach((row, i) => {
    expect(rows[0]?.[classes[i]?.name ?? '']).toBe(row.reduce((sum, count) => sum + count, 0));
    row.forEach((count, j) => {
      expect(rows[0]?.[`c${i}_${j}`]).toBe(count);
    });
  });
  expect(summary.confusion).toMatchObject({
    classes: ['sky', 'road', 'car', 'tree.top'],
    counts: counts.map((row) => row.map((count) => 2 * count)),
  });
  const shares = summary.confusion?.normalised as number[][] | undefined;
  expect(shares).toHaveLength(4);
  shares?.forEach((row, i) => {
    row.forEach((share, j) => {
      expectNumber(share, normalised[i]?.[j] ?? null, `${i}, ${j}`);
    });
  });
});

test('the confusion matrix that formulas/expected.json holds', async () => {
  const {cases} = JSON.parse(readFileSync(new URL('formulas/expected.json', fixtures), 'utf8')) as {
    cases: {loss: LossConfig; confusion?: number[][]}[];
  };
  const expected = cases.find(({confusion}) => confusion)?.confusion;
  const {summary} = await runMasks({type: 'confusion', ignore_index: 255}, [scores], classes);
  expect(expected).toBeDefined();
  expect(summary.confusion?.counts).toEqual(expected);
});
