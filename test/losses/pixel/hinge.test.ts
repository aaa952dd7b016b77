import '../gradients.js';
import {expect, test} from 'vitest';
import {random} from '../random.js';
import {bytes, floats} from '../score.js';
import {expectBoth, expectCell, expectRefused, gradient} from './both-forms.js';

test('is the weighted mean of max(0, 1 − t s) for ±1, 0/1, 0/255 and 0/65535 alike', async () => {
  const next = random(8);
  const s = Float32Array.from({length: 35}, () => 4 * next() - 2);
  const t = Array.from(s, () => (next() < 0.5 ? -1 : 1));
  const weight = Float32Array.from(s, next);
  let sum = 0;
  let total = 0;
  s.forEach((score, i) => {
    sum += (weight[i] as number) * Math.max(0, 1 - (t[i] as number) * score);
    total += weight[i] as number;
  });
  const roles = {pred: floats(5, 7, 1, s), weight: floats(5, 7, 1, weight)};
  const targets = [
    floats(5, 7, 1, t),
    bytes(
      5,
      7,
      1,
      t.map((x) => (x + 1) / 2),
    ),
    bytes(
      5,
      7,
      1,
      t.map((x) => (x > 0 ? 255 : 0)),
    ),
    floats(
      5,
      7,
      1,
      t.map((x) => (x > 0 ? 65535 : 0)),
    ),
  ];
  for (const target of targets) await expectBoth({type: 'hinge'}, {...roles, target}, sum / total);
});

test('infinite scores are certainty, NaN is undefined, ignored ones do not matter', async () => {
  const pred = floats(1, 2, 1, [Infinity, NaN]);
  const ignore = bytes(1, 2, 1, [0, 1]);
  await expectCell({type: 'hinge'}, {pred, target: bytes(1, 2, 1, [1, 9]), ignore}, 0);
  await expectCell({type: 'hinge'}, {pred, target: bytes(1, 2, 1, [0, 9]), ignore}, Infinity);
  await expectCell({type: 'hinge'}, {pred, target: bytes(1, 2, 1, [1, 1])}, {undefined: 'computed NaN'});
});

test('refuses integer scores, several channels, and targets that are no signs', async () => {
  const target = bytes(1, 2, 1, [0, 1]);
  const pred = floats(1, 2, 1, [0, 0]);
  await expectRefused({type: 'hinge'}, {pred: bytes(1, 2, 1, [0, 1]), target}, 'scores', /float file/);
  await expectRefused({type: 'hinge'}, {pred: floats(1, 2, 2, [0, 0, 0, 0]), target}, 'channels', /one channel/);
  await expectRefused({type: 'hinge'}, {pred, target: bytes(1, 2, 1, [1, 3])}, 'labels', /3 at x 1, y 0/);
  await expectRefused({type: 'hinge'}, {pred, target: floats(1, 2, 1, [-1, 0])}, 'labels', /0 at x 1, y 0/);
});

test('is undefined without a valid pixel', async () => {
  const rasters = {pred: floats(1, 1, 1, [0]), target: bytes(1, 1, 1, [1]), ignore: bytes(1, 1, 1, [1])};
  await expectCell({type: 'hinge'}, rasters, {undefined: 'no valid pixel'});
});

test('has the gradient −t inside the margin, 0 outside', async () => {
  const made = await gradient(
    {type: 'hinge'},
    {pred: floats(1, 4, 1, [0, 0, 2, 2]), target: bytes(1, 4, 1, [1, 0, 1, 0])},
  );
  [-0.25, 0.25, 0, 0.25].forEach((slope, i) => {
    expect(made[i]).toBeCloseTo(slope, 6);
  });
});
