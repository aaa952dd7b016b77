import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {random} from '../random.js';
import {bytes, createLoss, floats, wasm} from '../score.js';
import {lovaszExtension, slowBoundary, slowLovaszHinge, slowLovaszSoftmax} from './slow-soft.js';
import {expectOnSmallMasks, maskRaster, scorer} from './small-masks.js';

const soft = {soft: true};
const classes = [
  {id: 0, name: 'background'},
  {id: 1, name: 'road'},
  {id: 7, name: 'car'},
];

describe('boundary', () => {
  test('agrees with its slow form', () =>
    expectOnSmallMasks({type: 'boundary', input: 'probabilities'}, slowBoundary, soft));

  test('is the mean over foreground classes, weighted', async () => {
    const score = await scorer({type: 'boundary', input: 'probabilities'}, classes);
    const target = bytes(1, 3, 1, [0, 1, 0]);
    const pred = floats(1, 3, 3, [0.5, 0.25, 0.25, 0, 1, 0, 0.2, 0.5, 0.3]);
    // φ of road is 1, 0, 1; the target has no car.
    expect(score({pred, target})).toEqual({'': 0.25, road: 0.25, car: 'n/a'});
    const weight = floats(1, 3, 1, [3, 1, 0]);
    expect(score({pred, target, weight})).toEqual({'': 0.1875, road: 0.1875, car: 'n/a'});
    expect(score({pred, target, weight: floats(1, 3, 1, [0, 0, 0])})['']).toEqual({
      undefined: 'the weights of the valid pixels sum to 0',
    });
  });

  test('a target of one class only is undefined', async () => {
    const {forms, values} = await evaluator('boundary', {input: 'probabilities'}, classes);
    const pred = floats(1, 2, 3, [0.5, 0.25, 0.25, 0, 1, 0]);
    const samples = [0, 1].map((id) => ({pred, target: bytes(1, 2, 1, [id, id])}));
    const none = {undefined: 'the target is empty or full'};
    for (const form of forms) expect(await values(form, samples), form).toEqual([none, none]);
  });
});

describe('lovasz', () => {
  test('softmax of a binary run agrees with its slow form', () =>
    expectOnSmallMasks({type: 'lovasz', input: 'probabilities'}, slowLovaszSoftmax, soft));

  test('hinge agrees with its slow form', () =>
    expectOnSmallMasks({type: 'lovasz', input: 'logits', mode: 'hinge'}, slowLovaszHinge, soft));

  test('softmax is the mean over the classes of the target', async () => {
    const next = random(5);
    const score = await scorer({type: 'lovasz', input: 'probabilities'}, classes);
    for (let run = 0; run < 200; run++) {
      const length = 1 + Math.floor(12 * next());
      const indices = Array.from({length}, () => Math.floor(2.2 * next()));
      const scores = indices.map(() => {
        const raw = [next(), next(), next()];
        const total = raw.reduce((sum, value) => sum + value, 0);
        return raw.map((value) => value / total);
      });
      const values = classes.map((_, c) => {
        const labels = indices.map((index) => Number(index === c));
        const errors = labels.map((label, i) => Math.abs(label - (scores[i]?.[c] as number)));
        return labels.includes(1) ? lovaszExtension(errors, labels) : null;
      });
      const present = values.filter((value) => value !== null);
      const cells = score({
        pred: floats(1, length, 3, scores.flat()),
        target: bytes(
          1,
          length,
          1,
          indices.map((index) => classes[index]?.id as number),
        ),
      });
      expectClose(cells[''], present.reduce((sum, value) => sum + value, 0) / present.length);
      classes.forEach(({name}, c) => {
        const value = values[c];
        if (typeof value === 'number') expectClose(cells[name], value);
        else expect(cells[name]).toBe('n/a');
      });
    }
  });

  test('hinge of infinite logits: certain and right is 0, certain and wrong infinite', async () => {
    const score = await scorer({type: 'lovasz', input: 'logits', mode: 'hinge'});
    const target = maskRaster(1, 2, [1, 0]);
    expect(score({pred: floats(1, 2, 1, [Infinity, -Infinity]), target})).toEqual({'': 0});
    expect(score({pred: floats(1, 2, 1, [Infinity, Infinity]), target})).toEqual({'': Infinity});
  });

  test('hinge refuses classes, probabilities and NaN', async () => {
    const tf = await wasm();
    const hinge = {type: 'lovasz', mode: 'hinge'};
    await expect(createLoss({...hinge, input: 'logits'}, tf, classes)).rejects.toThrow(
      /mode hinge is for a binary run/,
    );
    await expect(createLoss(hinge, tf)).rejects.toThrow(/say input: logits/);
    const score = await scorer({...hinge, input: 'logits'});
    const bad = {pred: floats(1, 2, 1, [0, Number.NaN]), target: maskRaster(1, 2, [0, 1])};
    expect(() => score(bad)).toThrow(/pred has NaN at x 1, y 0/);
  });
});
