import '../gradients.js';
import {expect, test} from 'vitest';
import {random} from '../random.js';
import {bytes, floats} from '../score.js';
import {expectBoth, expectCell, expectRefused, gradient} from './both-forms.js';

const probabilities = {type: 'kl-divergence', input: 'probabilities'};
const logits = {type: 'kl-divergence', input: 'logits'};

function distribution(next: () => number, pixels: number, classes: number): Float64Array {
  const out = new Float64Array(pixels * classes);
  for (let i = 0; i < pixels; i++) {
    const masses = Array.from({length: classes}, () => (next() < 0.2 ? 0 : next() + 0.01));
    masses[0] = (masses[0] as number) + 0.1;
    const total = masses.reduce((a, b) => a + b, 0);
    masses.forEach((mass, k) => {
      out[i * classes + k] = mass / total;
    });
  }
  return out;
}

test('is the weighted mean of Σ T ln(T / P) on random data', async () => {
  const next = random(5);
  const t = distribution(next, 40, 4);
  const z = Float32Array.from({length: 160}, () => 6 * next() - 3);
  const p = new Float64Array(160);
  const weight = Float32Array.from({length: 40}, next);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < 40; i++) {
    const exponentials = [...z.subarray(4 * i, 4 * i + 4)].map(Math.exp);
    const all = exponentials.reduce((a, b) => a + b, 0);
    exponentials.forEach((e, k) => {
      p[4 * i + k] = e / all;
      const target = t[4 * i + k] as number;
      if (target > 0) sum += (weight[i] as number) * target * Math.log(target / (e / all));
    });
    total += weight[i] as number;
  }
  const roles = {target: floats(5, 8, 4, t), weight: floats(5, 8, 1, weight)};
  await expectBoth(logits, {pred: floats(5, 8, 4, z), ...roles}, sum / total);
  await expectBoth(probabilities, {pred: floats(5, 8, 4, p), ...roles}, sum / total);
});

test('of a distribution from itself is 0', async () => {
  const t = distribution(random(6), 30, 3);
  await expectBoth(probabilities, {pred: floats(5, 6, 3, t), target: floats(5, 6, 3, t)}, 0);
});

test('0 ln 0 is 0, and ln P is capped from probabilities, not from logits', async () => {
  const target = floats(1, 1, 2, [0, 1]);
  await expectBoth(probabilities, {pred: floats(1, 1, 2, [0, 1]), target}, 0);
  await expectBoth(probabilities, {pred: floats(1, 1, 2, [1, 0]), target}, -Math.log(1e-7));
  await expectBoth(logits, {pred: floats(1, 1, 2, [1e4, -1e4]), target}, 2e4);
  await expectBoth(logits, {pred: floats(1, 1, 2, [-Infinity, 3]), target}, 0);
  await expectCell(logits, {pred: floats(1, 1, 2, [3, -Infinity]), target}, Infinity);
});

test('the target must sum to 1 ± 1e-3 where it counts', async () => {
  const pred = floats(1, 2, 2, [0.5, 0.5, 0.5, 0.5]);
  const target = floats(1, 2, 2, [0.5, 0.5, 0.5, 0.502]);
  await expectRefused(
    probabilities,
    {pred, target},
    'scores',
    /target has probabilities that sum to 1.002 at x 1, y 0/,
  );
  await expectBoth(probabilities, {pred, target, ignore: bytes(1, 2, 1, [0, 9])}, 0);
  await expectBoth(
    probabilities,
    {pred, target: floats(1, 2, 2, [0.5, 0.5, 0.5, 0.5005])},
    (0.5005 * Math.log(1.001)) / 2,
  );
});

test('needs at least two channels, as many on both sides', async () => {
  const one = floats(1, 1, 1, [1]);
  await expectRefused(probabilities, {pred: one, target: one}, 'channels', /at least 2/);
  await expectRefused(
    probabilities,
    {pred: floats(1, 1, 2, [1, 0]), target: floats(1, 1, 3, [1, 0, 0])},
    'channels',
    /2 channels and target 3/,
  );
});

test('is undefined without a valid pixel', async () => {
  const half = floats(1, 1, 2, [0.5, 0.5]);
  await expectCell(
    probabilities,
    {pred: half, target: half, ignore: bytes(1, 1, 1, [1])},
    {undefined: 'no valid pixel'},
  );
});

test('has the gradient p − t of its logits', async () => {
  const z = [0.3, -1, 2];
  const t = [0.2, 0.7, 0.1];
  const made = await gradient(logits, {pred: floats(1, 1, 3, z), target: floats(1, 1, 3, t)});
  const all = z.reduce((sum, score) => sum + Math.exp(score), 0);
  z.forEach((score, k) => {
    expect(made[k]).toBeCloseTo(Math.exp(score) / all - (t[k] as number), 5);
  });
});
