import '../gradients.js';
import {describe, expect, test} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {Dataset} from '../../../src/losses/contract.js';
import {random} from '../random.js';
import {bytes, createLoss, floats, type LossConfig, type Rasters, viewsOf, wasm} from '../score.js';
import {expectBoth, expectCell, expectNear, expectRefused} from './both-forms.js';

const probabilities = {type: 'weighted-cross-entropy', input: 'probabilities'};
const logits = {type: 'weighted-cross-entropy', input: 'logits'};

/** Three classes with their −ln p and labels, 1 × 6; class 2 absent. */
const NLL = [0.2, 0.5, 1, 1.5, 2, 3];
const LABELS = [0, 0, 0, 0, 1, 1];
const three: Rasters = {
  pred: floats(
    1,
    6,
    3,
    LABELS.flatMap((label, i) =>
      [0, 1, 2].map((k) => (k === label ? Math.exp(-(NLL[i] as number)) : (1 - Math.exp(-(NLL[i] as number))) / 2)),
    ),
  ),
  target: bytes(1, 6, 1, LABELS),
};

/** ΣWℓ and ΣW for class weights. */
function sums(weights: readonly number[]): [number, number] {
  let top = 0;
  let bottom = 0;
  LABELS.forEach((label, i) => {
    top += (weights[label] as number) * (NLL[i] as number);
    bottom += weights[label] as number;
  });
  return [top, bottom];
}

describe('class weights', () => {
  test('a list, by weights and by pixels', async () => {
    const class_weights = [0.5, 4, 9];
    const [top, bottom] = sums(class_weights);
    await expectBoth({...probabilities, class_weights}, three, top / bottom);
    await expectBoth({...probabilities, class_weights, normalize: 'pixels'}, three, top / 6);
  });

  test('balanced is n / (K n_c) over the classes present', async () => {
    const [top] = sums([6 / (2 * 4), 6 / (2 * 2), 0]);
    await expectBoth({...probabilities, class_weights: 'balanced', normalize: 'pixels'}, three, top / 6);
  });

  test('median-frequency is median f / f_c over the classes present', async () => {
    const median = (4 / 6 + 2 / 6) / 2;
    const [top] = sums([median / (4 / 6), median / (2 / 6), 0]);
    await expectBoth({...probabilities, class_weights: 'median-frequency', normalize: 'pixels'}, three, top / 6);
  });

  test('none is cross-entropy', async () => {
    await expectBoth(probabilities, three, NLL.reduce((a, b) => a + b) / 6);
  });

  test('the weight map multiplies, and valid pixels count whatever they weigh', async () => {
    const weight = [0, 1, 2, 0, 3, 1];
    const class_weights = [0.5, 4, 9];
    let top = 0;
    let bottom = 0;
    LABELS.forEach((label, i) => {
      const w = (class_weights[label] as number) * (weight[i] as number);
      top += w * (NLL[i] as number);
      bottom += w;
    });
    const rasters = {...three, weight: floats(1, 6, 1, weight)};
    await expectBoth({...probabilities, class_weights}, rasters, top / bottom);
    await expectBoth({...probabilities, class_weights, normalize: 'pixels'}, rasters, top / 6);
  });

  test('binary classes are background and foreground', async () => {
    const rasters = {pred: floats(1, 2, 1, [0.25, 0.25]), target: bytes(1, 2, 1, [0, 255])};
    const expected = (3 * -Math.log(0.75) + 5 * -Math.log(0.25)) / 8;
    await expectBoth({...probabilities, class_weights: [3, 5]}, rasters, expected);
  });

  test('a list of the wrong length fails the row', async () => {
    await expectRefused({...probabilities, class_weights: [1, 2]}, three, 'class-weights', /2 entries, .* 3 classes/);
  });

  test('weights of 0 leave nothing to divide by', async () => {
    const class_weights = [0, 0, 1];
    await expectCell({...probabilities, class_weights}, three, {undefined: 'the weights of the valid pixels sum to 0'});
    await expectBoth({...probabilities, class_weights, normalize: 'pixels'}, three, 0);
  });

  test('a class of weight 0 leaves nothing of its infinite logits', async () => {
    const rasters = {pred: floats(1, 2, 1, [Infinity, 0]), target: bytes(1, 2, 1, [0, 1])};
    await expectBoth({...logits, class_weights: [0, 1]}, rasters, Math.LN2);
  });

  test.each(['weights', 'pixels'])('is undefined when all is ignored (normalize: %s)', async (normalize) => {
    const rasters = {...three, target: bytes(1, 6, 1, new Array<number>(6).fill(255))};
    for (const class_weights of [null, 'balanced', 'median-frequency']) {
      await expectCell({...probabilities, class_weights, normalize}, rasters, {undefined: 'no valid pixel'});
    }
  });
});

describe('border', () => {
  const border = {w0: 10, sigma: 5};

  /** w0 exp(−(d1 + d2)² / 2σ²) of background pixels, from distances to every pixel of every instance. */
  function map(ids: readonly number[], width: number): number[] {
    return ids.map((own, i) => {
      if (own !== 0) return 0;
      const nearest = new Map<number, number>();
      ids.forEach((id, j) => {
        if (id === 0) return;
        const distance = Math.hypot((i % width) - (j % width), Math.floor(i / width) - Math.floor(j / width));
        nearest.set(id, Math.min(distance, nearest.get(id) ?? Infinity));
      });
      const [d1 = Infinity, d2 = Infinity] = [...nearest.values()].sort((a, b) => a - b);
      return 10 * Math.exp(-((d1 + d2) ** 2) / 50);
    });
  }

  function weighted(
    p: ArrayLike<number>,
    labels: readonly number[],
    ids: readonly number[],
    width: number,
  ): [number, number] {
    let top = 0;
    let bottom = 0;
    map(ids, width).forEach((weight, i) => {
      const correct = labels[i] ? (p[i] as number) : 1 - (p[i] as number);
      top -= (1 + weight) * Math.log(correct);
      bottom += 1 + weight;
    });
    return [top, bottom];
  }

  // Diagonal neighbours are one instance under 8-connectivity; the block on the right is another.
  const ids = [1, 0, 0, 0, 2, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0];
  const foreground = ids.map((id) => Math.min(1, id));
  const p = Float32Array.from(foreground, random(9));

  test('takes the 8-connected components of the foreground', async () => {
    const [top, bottom] = weighted(p, foreground, ids, 5);
    const rasters = {pred: floats(3, 5, 1, p), target: bytes(3, 5, 1, foreground)};
    await expectBoth({...probabilities, border}, rasters, top / bottom);
    await expectBoth({...probabilities, border: {}, normalize: 'pixels'}, rasters, top / 15);
  });

  test('takes the role instances instead', async () => {
    const split = [1, 0, 0, 0, 2, 0, 3, 0, 0, 2, 0, 0, 0, 0, 0];
    const [top, bottom] = weighted(p, foreground, split, 5);
    const rasters = {pred: floats(3, 5, 1, p), target: bytes(3, 5, 1, foreground), instances: bytes(3, 5, 1, split)};
    await expectBoth({...probabilities, border}, rasters, top / bottom);
  });

  test('touching components of two classes are two instances', async () => {
    const labels = [1, 2, 0, 0];
    const [top, bottom] = weighted([1 / 3, 1 / 3, 2 / 3, 2 / 3], [1, 1, 0, 0], labels, 4);
    const rasters = {pred: floats(1, 4, 3, new Array<number>(12).fill(1 / 3)), target: bytes(1, 4, 1, labels)};
    await expectBoth({...probabilities, border}, rasters, top / bottom);
  });

  test('ignored pixels belong to no instance', async () => {
    const labels = [1, 0, 0, 1, 255];
    const rasters = {
      pred: floats(1, 5, 1, [0.5, 0.25, 0.25, 0.5, 0.5]),
      target: bytes(1, 5, 1, labels),
      instances: bytes(1, 5, 1, [1, 0, 0, 1, 2]),
    };
    // One instance is left, so there is no border.
    await expectBoth({...probabilities, border, ignore_index: 255}, rasters, (2 * Math.LN2 - 2 * Math.log(0.75)) / 4);
  });

  test.each([
    ['no instance', [0, 0, 0, 0]],
    ['one instance', [0, 1, 1, 0]],
  ])('%s adds nothing', async (_, labels) => {
    const rasters = {pred: floats(2, 2, 1, [0.5, 0.5, 0.5, 0.5]), target: bytes(2, 2, 1, labels)};
    await expectBoth({...probabilities, border, normalize: 'pixels'}, rasters, Math.LN2);
  });

  test('refuses instance ids that are no whole numbers', async () => {
    const rasters = {pred: floats(1, 1, 1, [0.5]), target: bytes(1, 1, 1, [0]), instances: floats(1, 1, 1, [0.5])};
    await expectRefused({...probabilities, border}, rasters, 'instances', /0.5 at x 0, y 0/);
    const negative = {...rasters, instances: floats(1, 1, 1, [-1])};
    await expectRefused({...probabilities, border}, negative, 'instances', /-1 at x 0, y 0/);
  });
});

describe('over the dataset', () => {
  async function prepared(config: LossConfig, samples: readonly Rasters[]) {
    const {descriptor, instance} = await createLoss(config, await wasm());
    const views = samples.map((sample) => viewsOf(descriptor, instance, sample));
    const dataset: Dataset = {
      async *views(role): AsyncGenerator<View> {
        for (const sample of views) yield sample.view(role);
      },
    };
    const note = await instance.prepare?.(dataset);
    return {note, value: (i: number) => instance.fused?.(views[i] as (typeof views)[number])['']};
  }

  const binary = (target: readonly number[]): Rasters => ({
    pred: floats(1, 4, 1, [0.25, 0.25, 0.25, 0.25]),
    target: bytes(1, 4, 1, target),
  });
  const [background, foreground] = [-Math.log(0.75), -Math.log(0.25)];

  test('balanced counts all targets', async () => {
    const config = {...probabilities, class_weights: 'balanced', over: 'dataset'};
    const {note, value} = await prepared(config, [binary([0, 0, 0, 0]), binary([0, 0, 0, 1])]);
    expect(note).toEqual({class_weights: [8 / (2 * 7), 8 / (2 * 1)]});
    expectNear(value(0), background);
    expectNear(value(1), (3 * (8 / 14) * background + 4 * foreground) / (3 * (8 / 14) + 4));
  });

  test('median-frequency divides by the pixels of the images that hold the class', async () => {
    const config = {...probabilities, class_weights: 'median-frequency', over: 'dataset', ignore_index: 9};
    const {note} = await prepared(config, [binary([0, 0, 0, 0]), binary([0, 0, 1, 9])]);
    const f = [6 / 7, 1 / 3];
    const median = (6 / 7 + 1 / 3) / 2;
    expect((note as {class_weights: number[]}).class_weights).toEqual(f.map((own) => expect.closeTo(median / own, 12)));
  });

  test('targets that will fail do not count', async () => {
    const config = {...probabilities, class_weights: 'balanced', over: 'dataset'};
    const {note} = await prepared(config, [binary([0, 0, 7, 1]), binary([0, 0, 1, 1])]);
    expect(note).toEqual({class_weights: [1, 1]});
  });

  test('a list needs no pass', async () => {
    const {instance} = await createLoss({...probabilities, class_weights: [1, 2], over: 'dataset'}, await wasm());
    expect(instance.prepare).toBeUndefined();
  });
});
