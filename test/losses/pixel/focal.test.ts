import '../gradients.js';
import {expect, test} from 'vitest';
import {random} from '../random.js';
import {bytes, floats} from '../score.js';
import {expectBoth, expectCell, expectRefused, gradient} from './both-forms.js';

const probabilities = {type: 'focal', input: 'probabilities'};
const logits = {type: 'focal', input: 'logits'};

test.each([0, 0.5, 2, 5])('binary: mean of α (1 − p_t)^γ (−ln p_t), γ = %d', async (gamma) => {
  const next = random(3);
  const p = Float32Array.from({length: 60}, next);
  const y = Array.from(p, () => (next() < 0.5 ? 255 : 0));
  let sum = 0;
  p.forEach((value, i) => {
    const t = y[i] ? value : 1 - value;
    sum -= (y[i] ? 0.3 : 0.7) * (1 - t) ** gamma * Math.log(t);
  });
  const target = bytes(6, 10, 1, y);
  const z = Float64Array.from(p, (value) => Math.log(value / (1 - value)));
  await expectBoth({...probabilities, gamma, alpha: 0.3}, {pred: floats(6, 10, 1, p), target}, sum / 60);
  await expectBoth({...logits, gamma, alpha: 0.3}, {pred: floats(6, 10, 1, z), target}, sum / 60);
});

test('multi-class: alpha by class, γ 2 by default', async () => {
  const next = random(4);
  const alpha = [0.2, 1, 3];
  const z = Float32Array.from({length: 4 * 8 * 3}, () => 6 * next() - 3);
  const y = Array.from({length: 32}, () => (next() < 0.2 ? 255 : Math.floor(3 * next())));
  let sum = 0;
  let valid = 0;
  y.forEach((label, i) => {
    if (label === 255) return;
    const exponentials = [...z.subarray(3 * i, 3 * i + 3)].map(Math.exp);
    const p = (exponentials[label] as number) / exponentials.reduce((a, b) => a + b, 0);
    sum -= (alpha[label] as number) * (1 - p) ** 2 * Math.log(p);
    valid += 1;
  });
  await expectBoth({...logits, alpha}, {pred: floats(4, 8, 3, z), target: bytes(4, 8, 1, y)}, sum / valid);
});

test('is stable for huge logits, and has no NaN where p is 0 or 1', async () => {
  const target = bytes(1, 2, 1, [0, 1]);
  await expectBoth(logits, {pred: floats(1, 2, 1, [1e4, 1e4]), target}, 5e3);
  await expectCell(logits, {pred: floats(1, 2, 1, [-Infinity, Infinity]), target}, 0);
  await expectBoth(probabilities, {pred: floats(1, 2, 1, [1, 1]), target}, -Math.log(1e-7) / 2);
  for (const pred of [floats(1, 2, 1, [1, 1]), floats(1, 2, 1, [0, 0])]) {
    const made = await gradient({...probabilities, gamma: 0.5}, {pred, target});
    expect(made.every(Number.isFinite)).toBe(true);
  }
});

test('alpha must fit the channels', async () => {
  const binary = {pred: floats(1, 1, 1, [0.5]), target: bytes(1, 1, 1, [0])};
  const three = {pred: floats(1, 1, 3, [1, 0, 0]), target: bytes(1, 1, 1, [0])};
  await expectRefused({...probabilities, alpha: [0.5, 0.5]}, binary, 'alpha', /must be a number/);
  await expectRefused({...probabilities, alpha: 0.25}, three, 'alpha', /must be a list of 3/);
  await expectRefused({...probabilities, alpha: [1, 1]}, three, 'alpha', /2 entries, pred has 3/);
});

test('is undefined without a valid pixel', async () => {
  const rasters = {pred: floats(1, 1, 2, [1, 0]), target: bytes(1, 1, 1, [255])};
  await expectCell(probabilities, rasters, {undefined: 'no valid pixel'});
});
