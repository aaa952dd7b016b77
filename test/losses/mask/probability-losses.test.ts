import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {expectClose} from '../close.js';
import {bytes, createLoss, floats, type LossConfig, score, scoreFused, wasm} from '../score.js';
import {type PlainMasks, plainMasks} from './random-masks.js';
import {classList, fusedLoss, runMasks} from './runs.js';
import {
  meanOfAll,
  meanOfDefined,
  slowAuroc,
  slowAveragePrecision,
  slowBestDice,
  slowBestFBeta,
  slowBestIou,
  slowBrier,
  slowEce,
  softDice,
  softIou,
  softTversky,
} from './slow-probabilities.js';

const soft = {mode: 'soft', input: 'probabilities'} as const;
const probabilities = {input: 'probabilities'} as const;
const tight = {relative: 1e-9, floor: 1e-9};

/** 1,000 random small samples against a slow form. */
async function expectOnRandom(config: LossConfig, slow: (masks: PlainMasks) => number, binary = false): Promise<void> {
  const made = new Map<number, Awaited<ReturnType<typeof fusedLoss>>>();
  await fc.assert(
    fc.asyncProperty(plainMasks(true), async (masks) => {
      if (binary && masks.classes) return;
      const size = masks.classes?.length ?? 1;
      const loss = made.get(size) ?? (await fusedLoss(config, masks.classes));
      made.set(size, loss);
      expectClose(loss.fused(masks.rasters)[''], slow(masks), tight, JSON.stringify(masks));
    }),
    {numRuns: binary ? 2500 : 1000, seed: 7},
  );
}

test.each<[LossConfig, (masks: PlainMasks) => number]>([
  [{type: 'dice', ...soft}, meanOfAll(softDice(1e-5))],
  [{type: 'dice', ...soft, smooth: 1, form: 'loss'}, (masks) => 1 - meanOfAll(softDice(1))(masks)],
  [{type: 'iou', ...soft, smooth: 0.5}, meanOfAll(softIou(0.5))],
  [{type: 'tversky', ...soft}, meanOfAll(softTversky(0.3, 0.7, 1e-5))],
  [
    {type: 'focal-tversky', ...soft, gamma: 2},
    meanOfAll((p, is, w) => (1 - softTversky(0.3, 0.7, 1e-5)(p, is, w)) ** 2),
  ],
  [{type: 'auroc', ...probabilities}, meanOfDefined(slowAuroc)],
  [{type: 'average-precision', ...probabilities}, meanOfDefined(slowAveragePrecision)],
  [{type: 'brier', ...probabilities}, slowBrier],
  [{type: 'ece', ...probabilities}, slowEce(15)],
  [{type: 'ece', ...probabilities, bins: 4}, slowEce(4)],
])('%j agrees with its definition on 1,000 random small masks', (config, slow) => expectOnRandom(config, slow));

test.each<[LossConfig, (masks: PlainMasks) => number]>([
  [{type: 'ece', ...probabilities, confidence: 'foreground', bins: 10}, slowEce(10, true)],
  [{type: 'best-threshold', ...probabilities}, meanOfDefined(slowBestDice)],
  [{type: 'best-threshold', ...probabilities, metric: 'iou'}, meanOfDefined(slowBestIou)],
  [{type: 'best-threshold', ...probabilities, metric: 'f-beta', beta: 2}, meanOfDefined(slowBestFBeta(2))],
])('%j agrees with its definition on binary masks', (config, slow) => expectOnRandom(config, slow, true));

test('generalised dice of probabilities is the paper’s fraction, background and foreground', async () => {
  const slow = (masks: PlainMasks) => {
    const {target, weight, probabilities: given} = masks;
    if (weight.every((one) => one === 0)) return Number.NaN;
    const p = masks.classes ? given : given.map(([one = 0]) => [1 - one, one]);
    const sums = Array.from({length: masks.size}, (_, c) => {
      const of = (term: (i: number) => number) => weight.reduce((sum, w, i) => sum + w * term(i), 0);
      const said = (i: number) => p[i]?.[c] ?? 0;
      return {
        found: of((i) => Number(target[i] === c)),
        hits: of((i) => (target[i] === c ? said(i) : 0)),
        sizes: of((i) => said(i) + Number(target[i] === c)),
      };
    });
    const largest = Math.max(...sums.filter(({found}) => found > 0).map(({found}) => 1 / found ** 2));
    const weights = sums.map(({found}) => (found > 0 ? 1 / found ** 2 : largest));
    const total = (of: (sum: (typeof sums)[number]) => number) =>
      sums.reduce((all, sum, c) => all + (weights[c] as number) * of(sum), 0);
    return (2 * total(({hits}) => hits) + 1e-5) / (total(({sizes}) => sizes) + 1e-5);
  };
  await expectOnRandom({type: 'generalised-dice', ...soft, smooth: 1e-5}, slow);
});

describe('soft overlap', () => {
  const sample = (pred: readonly number[], target: readonly number[]) => ({
    pred: floats(1, pred.length, 1, pred),
    target: bytes(1, target.length, 1, target),
  });

  test.each<[LossConfig, readonly number[], readonly number[], number]>([
    [{type: 'dice', ...soft}, [0, 0], [0, 0], 1],
    [{type: 'dice', ...soft}, [0, 0], [1, 0], 1e-5 / (1 + 1e-5)],
    [{type: 'iou', ...soft, smooth: 0}, [0.5, 0.5], [1, 0], 0.5 / 1.5],
    [{type: 'tversky', ...soft, form: 'loss', smooth: 0}, [0.5, 0.5], [1, 0], 0.5],
    [{type: 'generalised-dice', ...soft, background: false}, [0.5, 0.5], [1, 0], 0.5],
    [{type: 'focal-tversky', ...soft, smooth: 0}, [0.5, 0.5], [1, 0], 0.5 ** 0.75],
  ])('%j of %j and %j, in both forms', async (config, pred, target, expected) => {
    for (const run of [score, scoreFused]) {
      expect((await run(config, sample(pred, target)))['']).toBeCloseTo(expected, 6);
    }
  });

  test('without smoothing, nothing and nothing is undefined; so is no valid pixel', async () => {
    const empty = sample([0, 0], [0, 0]);
    for (const run of [score, scoreFused]) {
      const cells = await run({type: 'dice', ...soft, smooth: 0}, empty);
      expect(cells).toEqual({'': {undefined: 'both masks are empty'}, tp: 0, fp: 0, fn: 0});
      const ignored = await run({type: 'dice', ...soft}, {...empty, ignore: bytes(1, 2, 1, [1, 1])});
      expect(ignored['']).toEqual({undefined: 'no valid pixel'});
    }
  });

  test('the dataset is of summed sums', async () => {
    const {summary} = await runMasks({type: 'dice', ...soft, smooth: 0}, [
      sample([0.5, 0.25], [1, 0]),
      sample([0, 0.75], [0, 1]),
    ]);
    expect(summary.dice?.dataset).toBeCloseTo((2 * 1.25) / (1.5 + 2), 12);
  });

  test('a label map is certain of its ids', async () => {
    const labels = {pred: bytes(1, 3, 1, [0, 1, 1]), target: bytes(1, 3, 1, [0, 1, 0])};
    const {fused} = await fusedLoss({type: 'dice', mode: 'soft', smooth: 0}, classList('sky', 'road'));
    expect(fused(labels)['']).toBeCloseTo((2 / 3 + 2 / 3) / 2, 12);
  });
});

const tied = {pred: floats(1, 4, 1, [0.2, 0.8, 0.8, 0.4]), target: bytes(1, 4, 1, [0, 1, 0, 1])};

describe('columns of the dataset', () => {
  test('a histogram gives the value of all samples together', async () => {
    const other = {pred: floats(1, 3, 1, [0.6, 0.4, 0.2]), target: bytes(1, 3, 1, [1, 0, 0])};
    const pooled = {
      pred: floats(1, 7, 1, [0.2, 0.8, 0.8, 0.4, 0.6, 0.4, 0.2]),
      target: bytes(1, 7, 1, [0, 1, 0, 1, 1, 0, 0]),
    };
    for (const type of ['auroc', 'average-precision', 'best-threshold']) {
      const config = {type, ...probabilities, bins: 6};
      const {rows, summary} = await runMasks(config, [tied, other]);
      expect(Object.keys(rows[0] ?? {}).filter((part) => part.startsWith('positive.'))).toHaveLength(6);
      const whole = (await fusedLoss(config)).fused(pooled);
      expect(summary[type]?.dataset).toBeCloseTo(whole[''] as number, 12);
      if (type === 'best-threshold')
        expect(summary[type]?.dataset_threshold).toBeCloseTo(whole.threshold as number, 12);
    }
  });

  test('of several classes too', async () => {
    const classes = classList('sky', 'road');
    const scores = {pred: floats(1, 3, 2, [0.75, 0.25, 0.5, 0.5, 0, 1]), target: bytes(1, 3, 1, [0, 0, 1])};
    const {rows, summary} = await runMasks({type: 'auroc', ...probabilities, bins: 5}, [scores, scores], classes);
    expect(rows[0]).toMatchObject({'': 1, sky: 1, road: 1, 'sky.positive.3': 1, 'road.negative.2': 1});
    expect(summary.auroc).toMatchObject({dataset: 1, per_class: {sky: 1, road: 1}});
  });

  test('without one there is no dataset value', async () => {
    for (const type of ['auroc', 'average-precision', 'best-threshold']) {
      const {summary} = await runMasks({type, ...probabilities}, [tied]);
      expect(summary[type]).not.toHaveProperty('dataset');
    }
  });

  test('ece and brier of all samples are of summed columns', async () => {
    const other = {pred: floats(1, 2, 1, [0.9, 0.1]), target: bytes(1, 2, 1, [0, 0])};
    const {summary} = await runMasks({type: 'brier', ...probabilities}, [tied, other]);
    expect(summary.brier?.dataset).toBeCloseTo((0.04 + 0.04 + 0.64 + 0.36 + 0.81 + 0.01) / 6, 12);
    const calibration = await runMasks({type: 'ece', ...probabilities, bins: 2, confidence: 'foreground'}, [
      tied,
      other,
    ]);
    // Up to 0.5: 0.2, 0.4 and 0.1 with one foreground pixel; above: 0.8, 0.8 and 0.9 with one.
    expect(calibration.summary.ece?.dataset).toBeCloseTo((Math.abs(1 - 0.7) + Math.abs(1 - 2.5)) / 6, 12);
  });
});

describe('undefined', () => {
  const of = (target: readonly number[]) => ({pred: floats(1, 2, 1, [0.3, 0.6]), target: bytes(1, 2, 1, target)});

  test.each<[string, readonly number[], string]>([
    ['auroc', [0, 0], 'no pixel in the target'],
    ['auroc', [1, 1], 'no other pixel in the target'],
    ['average-precision', [0, 0], 'no pixel in the target'],
    ['best-threshold', [0, 0], 'no pixel in the target'],
  ])('%s of a target %j: %s', async (type, target, reason) => {
    const {fused} = await fusedLoss({type, ...probabilities});
    expect(fused(of(target))['']).toEqual({undefined: reason});
  });

  test('no valid pixel', async () => {
    for (const type of ['auroc', 'average-precision', 'best-threshold', 'ece', 'brier']) {
      const {fused} = await fusedLoss({type, ...probabilities});
      const cells = fused({...of([0, 1]), ignore: bytes(1, 2, 1, [1, 1])});
      expect(cells['']).toEqual({undefined: 'no valid pixel'});
    }
  });

  test('a class that the target lacks does not apply', async () => {
    const scores = {pred: floats(1, 2, 3, [0.5, 0.25, 0.25, 0.25, 0.5, 0.25]), target: bytes(1, 2, 1, [0, 1])};
    const {fused} = await fusedLoss({type: 'auroc', ...probabilities}, classList('sky', 'road', 'car'));
    expect(fused(scores)).toEqual({'': 1, sky: 1, road: 1, car: 'n/a'});
  });
});

describe('best-threshold', () => {
  test('a pixel that weighs nothing is no threshold to try', async () => {
    const {fused} = await fusedLoss({type: 'best-threshold', ...probabilities});
    const sample = {pred: floats(1, 4, 1, [0.2, 0.4, 0.6, 0.8]), target: bytes(1, 4, 1, [0, 1, 1, 1])};
    expect(fused(sample)).toEqual({'': 1, threshold: 0.2});
    // 0.4 weighs nothing, so that 0.2 is still the largest of those that occur below 0.6.
    expect(fused({...sample, weight: floats(1, 4, 1, [1, 0, 1, 1])})).toEqual({'': 1, threshold: 0.2});
  });

  test('is what the same threshold gives dice', async () => {
    const cells = (await fusedLoss({type: 'best-threshold', ...probabilities})).fused(tied);
    const dice = await fusedLoss({type: 'dice', ...probabilities, threshold: cells.threshold as number});
    expect(dice.fused(tied)['']).toBe(cells['']);
    expect(cells).toEqual({'': 0.8, threshold: 0.2});
  });

  test('everything is foreground at 0, but for probabilities of 0', async () => {
    const {fused} = await fusedLoss({type: 'best-threshold', metric: 'iou', ...probabilities});
    const ones = bytes(1, 3, 1, [1, 1, 1]);
    expect(fused({pred: floats(1, 3, 1, [0.1, 0.2, 0.3]), target: ones})).toEqual({'': 1, threshold: 0});
    expect(fused({pred: floats(1, 3, 1, [0, 0.2, 0.3]), target: ones})).toEqual({'': 2 / 3, threshold: 0});
  });

  test('f-beta weighs recall', async () => {
    const {fused} = await fusedLoss({type: 'best-threshold', metric: 'f-beta', beta: 2, ...probabilities});
    // Above 0.2: two hits and one false alarm.
    expect(fused(tied)['']).toBeCloseTo((5 * 2) / (5 * 2 + 1), 12);
  });

  test('a multi-class run is refused', async () => {
    const made = createLoss({type: 'best-threshold'}, await wasm(), classList('sky', 'road', 'car'));
    await expect(made).rejects.toThrow(UsageError);
  });
});

test.each(['auroc', 'best-threshold'])('%s: one bin is refused', async (type) => {
  await expect(createLoss({type, bins: 1}, await wasm())).rejects.toThrow('expected 0, or at least 2');
});
