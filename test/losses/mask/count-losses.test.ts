import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {expectClose} from '../close.js';
import {bytes, createLoss, floats, type LossConfig, wasm} from '../score.js';
import {type PlainMasks, plainMasks} from './random-masks.js';
import {classList, fusedLoss, runMasks} from './runs.js';
import {
  type SlowValue,
  slowAccuracy,
  slowDice,
  slowFBeta,
  slowFocalTversky,
  slowGeneralisedDice,
  slowIou,
  slowKappa,
  slowMcc,
  slowPrecision,
  slowRecall,
  slowSpecificity,
  slowTversky,
} from './slow-counts.js';

const CASES = 1000;
const tight = {relative: 1e-9, floor: 1e-9};

const oneMinus = (slow: (masks: PlainMasks) => SlowValue) => (masks: PlainMasks) => {
  const {value, classes} = slow(masks);
  return {value: 1 - value, classes: classes.map((of) => (of === null ? null : 1 - of))};
};

const forms: readonly (readonly [LossConfig, (masks: PlainMasks) => SlowValue])[] = [
  [{type: 'dice'}, slowDice],
  [{type: 'dice', form: 'loss'}, oneMinus(slowDice)],
  [{type: 'iou'}, slowIou],
  [{type: 'tversky'}, slowTversky(0.3, 0.7)],
  [{type: 'tversky', alpha: 0, beta: 0}, slowTversky(0, 0)],
  [{type: 'focal-tversky'}, slowFocalTversky(0.75)],
  [{type: 'generalised-dice'}, slowGeneralisedDice],
  [{type: 'precision'}, slowPrecision],
  [{type: 'recall'}, slowRecall],
  [{type: 'specificity', form: 'loss'}, oneMinus(slowSpecificity)],
  [{type: 'accuracy'}, slowAccuracy],
  [{type: 'f-beta', beta: 2}, slowFBeta(2)],
  [{type: 'mcc'}, slowMcc],
  [{type: 'kappa'}, slowKappa],
];

test.each(forms)('%j agrees with its definition on 1,000 random small masks', async (config, slow) => {
  const made = new Map<number, Awaited<ReturnType<typeof fusedLoss>>>();
  const loss = async ({classes}: PlainMasks) => {
    const size = classes?.length ?? 1;
    const known = made.get(size) ?? (await fusedLoss(config, classes));
    made.set(size, known);
    return known;
  };
  await fc.assert(
    fc.asyncProperty(plainMasks(false), async (masks) => {
      const cells = (await loss(masks)).fused(masks.rasters);
      const {value, classes} = slow(masks);
      expectClose(cells[''], value, tight);
      classes.forEach((of, c) => {
        const cell = cells[masks.classes?.[c]?.name ?? ''];
        // Neither a class that is nowhere nor one without such a value concerns the row.
        if (of === null || Number.isNaN(of)) expect(cell).toBe('n/a');
        else expectClose(cell, of, tight);
      });
    }),
    {numRuns: CASES, seed: 6},
  );
});

const road = classList('sky', 'road', 'car');

/** One row of three pixels and more. */
const row = (pred: readonly number[], target: readonly number[]) => ({
  pred: bytes(1, pred.length, 1, pred),
  target: bytes(1, target.length, 1, target),
});

describe('columns', () => {
  test('a binary run: the value and the counts', async () => {
    const {rows} = await runMasks({type: 'iou'}, [row([1, 1, 0, 0, 1], [1, 0, 1, 0, 1])]);
    expect(rows).toEqual([{'': 0.5, tp: 2, fp: 1, fn: 1}]);
    const {rows: withTn} = await runMasks({type: 'accuracy'}, [row([1, 1, 0, 0, 1], [1, 0, 1, 0, 1])]);
    expect(withTn).toEqual([{'': 0.6, tp: 2, fp: 1, fn: 1, tn: 1}]);
  });

  test('several classes: one each, and its counts; a class that is nowhere does not apply', async () => {
    const {rows} = await runMasks({type: 'iou'}, [row([0, 0, 1, 1], [0, 1, 1, 1])], road);
    const counts = {'sky.tp': 1, 'sky.fp': 1, 'sky.fn': 0, 'road.tp': 2, 'road.fp': 0, 'road.fn': 1};
    const none = {'car.tp': 0, 'car.fp': 0, 'car.fn': 0};
    expect(rows).toEqual([{'': (1 / 2 + 2 / 3) / 2, sky: 1 / 2, road: 2 / 3, car: 'n/a', ...counts, ...none}]);
  });

  test('a class that is nowhere has no value of the dataset either, where counts would give one', async () => {
    const {rows, summary} = await runMasks({type: 'specificity'}, [row([0, 0, 1, 1], [0, 1, 1, 1])], road);
    // Of the pixels that are not sky two of three are not called sky; every pixel is not a car and not called one.
    expect(rows[0]).toMatchObject({'': (2 / 3 + 1) / 2, sky: 2 / 3, road: 1, car: 'n/a'});
    expect(summary.specificity).toMatchObject({
      dataset: (2 / 3 + 1) / 2,
      per_class: {sky: 2 / 3, road: 1, car: null},
    });
  });

  test('background: false leaves class id 0 out of the mean and without a column', async () => {
    const {rows, summary} = await runMasks({type: 'iou', background: false}, [row([0, 0, 1, 1], [0, 1, 1, 1])], road);
    expect(rows[0]).toMatchObject({'': 2 / 3, road: 2 / 3, car: 'n/a'});
    expect(rows[0]).not.toHaveProperty('sky');
    expect(summary.iou).toMatchObject({dataset: 2 / 3, per_class: {road: 2 / 3, car: null}, weighted: 2 / 3});
  });

  test('classes whose columns would have one name are refused', async () => {
    const classes = classList('a.b', 'a_b');
    await expect(createLoss({type: 'iou'}, await wasm(), classes)).rejects.toThrow(UsageError);
    await expect(createLoss({type: 'iou'}, await wasm(), classes)).rejects.toThrow(
      "classes: 'a.b' and 'a_b' would make the same column 'a_b'; rename a class",
    );
  });

  test('a class may be named like a property of every object', async () => {
    const {summary} = await runMasks({type: 'iou'}, [row([0, 1], [0, 1])], classList('sky', 'toString'));
    expect(summary.iou).toMatchObject({per_class: {sky: 1, toString: 1}});
  });
});

describe('dataset', () => {
  test('is from summed counts, rows without a value among them; empty masks add nothing', async () => {
    const rows = [row([1, 1, 0], [1, 0, 0]), row([0, 0, 0], [0, 0, 0]), row([1, 1, 1], [0, 1, 1])];
    const {summary} = await runMasks({type: 'dice'}, rows);
    expect(summary.dice).toMatchObject({dataset: 6 / 8, value: (2 / 3 + 4 / 5) / 2, count: 2, undefined: 1});
    expect((await runMasks({type: 'accuracy'}, rows)).summary.accuracy).toMatchObject({dataset: 7 / 9});
    expect((await runMasks({type: 'mcc'}, rows)).summary.mcc?.dataset).toBeCloseTo(
      (3 * 4 - 2 * 0) / Math.sqrt(5 * 3 * 6 * 4),
      12,
    );
  });

  test('is null where nothing was counted', async () => {
    expect((await runMasks({type: 'iou'}, [row([0], [0])])).summary.iou?.dataset).toBeNull();
    expect((await runMasks({type: 'iou'}, [])).summary.iou?.dataset).toBeNull();
    expect((await runMasks({type: 'iou'}, [], road)).summary.iou).toMatchObject({
      dataset: null,
      per_class: {sky: null, road: null, car: null},
      weighted: null,
      frequency_weighted: null,
    });
  });

  test('mIoU and fwIoU over two images, written out', async () => {
    const {summary} = await runMasks(
      {type: 'iou'},
      [row([0, 0, 1, 1], [0, 1, 1, 1]), row([2, 2, 0, 0], [2, 0, 0, 0])],
      road,
    );
    // sky: 3 of 5, road: 2 of 3, car: 1 of 2; the targets hold 4, 3 and 1 of them.
    const [sky, ofRoad, car] = [3 / 5, 2 / 3, 1 / 2];
    expect(summary.iou?.dataset).toBeCloseTo((sky + ofRoad + car) / 3, 12);
    expect(summary.iou?.frequency_weighted).toBeCloseTo((4 * sky + 3 * ofRoad + car) / 8, 12);
  });
});

describe('undefined', () => {
  test.each<[LossConfig, readonly number[], readonly number[], string]>([
    [{type: 'dice'}, [0, 0], [0, 0], 'both masks are empty'],
    [{type: 'precision'}, [0, 0], [0, 1], 'no pixel is predicted'],
    [{type: 'recall'}, [0, 1], [0, 0], 'no pixel in the target'],
    [{type: 'specificity'}, [0, 1], [1, 1], 'no other pixel in the target'],
    [{type: 'mcc'}, [0, 0], [0, 1], 'prediction or target has only one class'],
    [{type: 'kappa'}, [1, 1], [1, 1], 'prediction and target are all of the same class'],
    [{type: 'generalised-dice', background: false}, [0, 0], [0, 0], 'both masks are empty'],
  ])('%j of %j and %j: %s', async (config, pred, target, reason) => {
    const {fused} = await fusedLoss(config);
    expect(fused(row(pred, target))['']).toEqual({undefined: reason});
  });

  test('a class that is in the target and never predicted has no precision, and the others make the mean', async () => {
    const {fused} = await fusedLoss({type: 'precision'}, road);
    expect(fused(row([0, 0, 0], [0, 0, 1]))).toMatchObject({
      '': 2 / 3,
      sky: 2 / 3,
      road: 'n/a',
      car: 'n/a',
    });
  });

  test('all ignored, by role, by index and by weight', async () => {
    for (const type of forms.map(([config]) => config.type)) {
      const {fused} = await fusedLoss({type});
      const byIndex = await fusedLoss({type, ignore_index: 1});
      const sample = row([1, 0], [1, 1]);
      expect(fused({...sample, ignore: bytes(1, 2, 1, [255, 255])})['']).toEqual({undefined: 'no valid pixel'});
      expect(byIndex.fused(sample)['']).toEqual({undefined: 'no valid pixel'});
      expect(fused({...sample, weight: floats(1, 2, 1, [0, 0])})['']).toEqual({
        undefined: 'the weights of the valid pixels sum to 0',
      });
    }
  });
});

describe('predictions', () => {
  test('a threshold decides, of probabilities above it', async () => {
    const sample = {pred: floats(1, 3, 1, [0.3, 0.30001, 0.9]), target: bytes(1, 3, 1, [1, 1, 1])};
    const {fused} = await fusedLoss({type: 'recall', input: 'probabilities', threshold: 0.3});
    expect(fused(sample)['']).toBeCloseTo(2 / 3, 12);
  });

  test('scores of several classes need not say what they are', async () => {
    const pred = floats(1, 2, 3, [-5, 3, 2, 900, 10, -7]);
    const target = bytes(1, 2, 1, [1, 2]);
    for (const input of ['auto', 'logits']) {
      const {fused} = await fusedLoss({type: 'accuracy', input}, road);
      expect(fused({pred, target})['']).toBe(0.5);
    }
    const {fused} = await fusedLoss({type: 'accuracy', input: 'probabilities'}, road);
    expect(() => fused({pred, target})).toThrow(/a probability must be in \[0, 1\]/);
    const auto = await fusedLoss({type: 'accuracy'}, road);
    expect(() => auto.fused({pred: floats(1, 2, 3, [0, 1, 0, 1, Number.NaN, 0]), target})).toThrow(
      'pred has NaN at x 1, y 0',
    );
  });
});

describe('confusion', () => {
  test('counts every pixel of 1,000 random small masks where it belongs', async () => {
    const made = new Map<number, Awaited<ReturnType<typeof fusedLoss>>>();
    await fc.assert(
      fc.asyncProperty(plainMasks(false), async ({classes, size, rasters, pred, target, weight}) => {
        const loss = made.get(classes ? size : 0) ?? (await fusedLoss({type: 'confusion'}, classes));
        made.set(classes ? size : 0, loss);
        const cells = loss.fused(rasters);
        const pixels = (truth: number, said: number) =>
          weight.reduce((sum, w, i) => (target[i] === truth && pred[i] === said ? sum + w : sum), 0);
        if (!classes) {
          expect(cells).toEqual({tp: pixels(1, 1), fp: pixels(0, 1), fn: pixels(1, 0), tn: pixels(0, 0)});
          return;
        }
        classes.forEach(({name}, i) => {
          const row = classes.map((_, j) => pixels(i, j));
          expect(classes.map((_, j) => cells[`c${i}_${j}`])).toEqual(row);
          expect(cells[name]).toBe(row.reduce((sum, count) => sum + count, 0));
        });
      }),
      {numRuns: CASES, seed: 8},
    );
  });

  test('binary: four counts and the matrix of the dataset; no value of its own', async () => {
    const {rows, summary} = await runMasks({type: 'confusion'}, [
      row([1, 1, 0, 0, 0], [1, 0, 1, 0, 0]),
      row([0, 0], [0, 0]),
    ]);
    expect(rows[0]).toEqual({tp: 1, fp: 1, fn: 1, tn: 2});
    expect(summary.confusion).toMatchObject({
      value: null,
      classes: ['background', 'foreground'],
      counts: [
        [4, 1],
        [1, 1],
      ],
      normalised: [
        [0.8, 0.2],
        [0.5, 0.5],
      ],
    });
  });

  test('a class that no target has has no normalised row', async () => {
    const {summary} = await runMasks({type: 'confusion'}, [row([0, 2, 1], [0, 0, 1])], road);
    expect(summary.confusion?.normalised).toEqual([
      [0.5, 0, 0.5],
      [0, 1, 0],
      [null, null, null],
    ]);
  });

  test('a class named like a cell of the matrix is refused', async () => {
    await expect(createLoss({type: 'confusion'}, await wasm(), classList('c0_1', 'b'))).rejects.toThrow(
      "'c0_1' and 'c0_1' would make the same column",
    );
  });
});
