import '../gradients.js';
import {describe, expect, test} from 'vitest';
import {random} from '../random.js';
import {bytes, floats} from '../score.js';
import {expectBoth, expectCell, expectRefused, gradient} from './both-forms.js';

const CAP = -Math.log(1e-7);
const probabilities = {type: 'cross-entropy', input: 'probabilities'};
const logits = {type: 'cross-entropy', input: 'logits'};

describe('binary', () => {
  test('is the mean of -(w y ln p + (1 - y) ln(1 - p)) on random data', async () => {
    const next = random(1);
    const p = Float32Array.from({length: 77}, next);
    const y = Array.from(p, () => (next() < 0.4 ? 1 : 0));
    const weight = Float32Array.from(p, next);
    const ignore = Array.from(p, () => (next() < 0.3 ? 1 : 0));
    let sum = 0;
    let total = 0;
    p.forEach((value, i) => {
      if (ignore[i]) return;
      sum +=
        (weight[i] as number) *
        -(2.5 * (y[i] as number) * Math.log(value) + (1 - (y[i] as number)) * Math.log(1 - value));
      total += weight[i] as number;
    });
    const roles = {target: bytes(7, 11, 1, y), weight: floats(7, 11, 1, weight), ignore: bytes(7, 11, 1, ignore)};
    await expectBoth({...probabilities, pos_weight: 2.5}, {pred: floats(7, 11, 1, p), ...roles}, sum / total);
    const z = Float64Array.from(p, (value) => Math.log(value / (1 - value)));
    await expectBoth({...logits, pos_weight: 2.5}, {pred: floats(7, 11, 1, z), ...roles}, sum / total);
  });

  test('caps −ln p and −ln(1 − p) from probabilities at −ln 1e-7', async () => {
    const pred = floats(1, 4, 1, [0, 1, 0, 1]);
    await expectBoth(probabilities, {pred, target: bytes(1, 4, 1, [1, 0, 0, 1])}, CAP / 2);
    await expectBoth(probabilities, {pred: floats(1, 1, 1, [1 - 3e-8]), target: bytes(1, 1, 1, [0])}, CAP);
  });

  test('keeps the digits of 1 − p just above the cap', async () => {
    await expectBoth(
      probabilities,
      {pred: floats(1, 1, 1, [1 - 1.3e-7]), target: bytes(1, 1, 1, [0])},
      -Math.log(1.3e-7),
      1e-6,
    );
    const pred = {data: Uint16Array.of(65534), height: 1, width: 1, channels: 1, maximum: 65535};
    await expectBoth({type: 'cross-entropy'}, {pred, target: bytes(1, 1, 1, [0])}, Math.log(65535), 1e-6);
  });

  test('logits are not capped, however large', async () => {
    const pred = floats(1, 3, 1, [1e4, -1e4, 300]);
    await expectBoth(logits, {pred, target: bytes(1, 3, 1, [0, 1, 1])}, 2e4 / 3);
    await expectBoth(logits, {pred, target: bytes(1, 3, 1, [1, 0, 1])}, 0);
  });

  test('infinite logits are certainty: right is 0, wrong is infinite, NaN is undefined', async () => {
    const pred = floats(1, 2, 1, [Infinity, -Infinity]);
    await expectCell(logits, {pred, target: bytes(1, 2, 1, [1, 0])}, 0);
    await expectCell(logits, {pred, target: bytes(1, 2, 1, [0, 0])}, Infinity);
    await expectCell(logits, {pred: floats(1, 1, 1, [NaN]), target: bytes(1, 1, 1, [1])}, {undefined: 'computed NaN'});
  });

  test.each([[1], [255], [65535]])('an id of %i is foreground', async (id) => {
    const target = {data: Uint16Array.of(0, id), height: 1, width: 2, channels: 1, maximum: 65535};
    await expectBoth(
      probabilities,
      {pred: floats(1, 2, 1, [0.25, 0.25]), target},
      -(Math.log(0.75) + Math.log(0.25)) / 2,
    );
  });

  test('another id fails and says where', async () => {
    const rasters = {pred: floats(2, 2, 1, [0, 0, 0, 0]), target: bytes(2, 2, 1, [0, 1, 1, 7])};
    await expectRefused(probabilities, rasters, 'labels', /id 7 at x 1, y 1: .*0 and 1 \(or 255\)/);
  });

  test('an integer prediction is value / maximum, one of only 0 and 1 is taken as it is', async () => {
    const target = bytes(1, 2, 1, [255, 0]);
    await expectBoth(
      {type: 'cross-entropy'},
      {pred: bytes(1, 2, 1, [51, 51]), target},
      -(Math.log(0.2) + Math.log(0.8)) / 2,
    );
    await expectBoth({type: 'cross-entropy'}, {pred: bytes(1, 2, 1, [1, 0]), target}, 0);
  });

  test('ignore_index leaves out an id that would be foreground', async () => {
    const rasters = {pred: floats(1, 2, 1, [0.25, 0.5]), target: bytes(1, 2, 1, [0, 255])};
    await expectBoth({...probabilities, ignore_index: 255}, rasters, -Math.log(0.75));
  });

  test('what stands in ignored pixels does not matter', async () => {
    const rasters = {
      pred: floats(1, 3, 1, [0.25, NaN, 7]),
      target: bytes(1, 3, 1, [0, 9, 1]),
      ignore: bytes(1, 3, 1, [0, 1, 1]),
    };
    await expectBoth(probabilities, rasters, -Math.log(0.75));
    await expectBoth(logits, rasters, Math.log1p(Math.exp(0.25)));
  });

  test('has the gradient p − y of its logits, also at 0', async () => {
    const z = [0, 0, -2, 3];
    const made = await gradient(logits, {pred: floats(1, 4, 1, z), target: bytes(1, 4, 1, [1, 0, 1, 1])});
    [1, 0, 1, 1].forEach((y, i) => {
      expect(made[i]).toBeCloseTo((1 / (1 + Math.exp(-(z[i] as number))) - y) / 4, 6);
    });
  });

  test('has the gradient of its probabilities on both sides, 0 beyond the cap', async () => {
    const made = await gradient(probabilities, {
      pred: floats(1, 3, 1, [0.2, 0.2, 0]),
      target: bytes(1, 3, 1, [1, 0, 1]),
    });
    [-5 / 3, 1.25 / 3, 0].forEach((slope, i) => {
      expect(made[i]).toBeCloseTo(slope, 5);
    });
  });
});

describe('multi-class', () => {
  test('is the mean of −ln softmax(z)_y on random data', async () => {
    const next = random(2);
    const z = Float32Array.from({length: 6 * 9 * 5}, () => 10 * next() - 5);
    const y = Array.from({length: 54}, () => (next() < 0.2 ? 255 : Math.floor(5 * next())));
    let sum = 0;
    let valid = 0;
    const p = new Float64Array(z.length);
    y.forEach((label, i) => {
      const exponentials = [...z.subarray(5 * i, 5 * i + 5)].map(Math.exp);
      const total = exponentials.reduce((a, b) => a + b, 0);
      exponentials.forEach((e, k) => {
        p[5 * i + k] = e / total;
      });
      if (label === 255) return;
      sum -= Math.log((exponentials[label] as number) / total);
      valid += 1;
    });
    const target = bytes(6, 9, 1, y);
    await expectBoth(logits, {pred: floats(6, 9, 5, z), target}, sum / valid);
    await expectBoth(probabilities, {pred: floats(6, 9, 5, p), target}, sum / valid);
  });

  test('two logits are the binary loss of their difference', async () => {
    const target = bytes(1, 3, 1, [0, 1, 1]);
    const two = floats(1, 3, 2, [0.5, 2, -1, 1e4, 3, 3]);
    await expectBoth(logits, {pred: two, target}, (Math.log1p(Math.exp(1.5)) + 0 + Math.LN2) / 3);
  });

  test('is stable for logits of ±1e4 and precise for confident ones', async () => {
    await expectBoth(logits, {pred: floats(1, 1, 3, [1e4, -1e4, 0]), target: bytes(1, 1, 1, [1])}, 2e4);
    await expectBoth(logits, {pred: floats(1, 1, 3, [20, 0, 0]), target: bytes(1, 1, 1, [0])}, 2 * Math.exp(-20), 1e-4);
  });

  test('a class masked by −∞ has probability 0', async () => {
    const pred = floats(1, 1, 3, [1, -Infinity, 2]);
    await expectBoth(logits, {pred, target: bytes(1, 1, 1, [0])}, Math.log1p(Math.E));
    await expectCell(logits, {pred, target: bytes(1, 1, 1, [1])}, Infinity);
    const only = floats(1, 1, 3, [1, -Infinity, -Infinity]);
    await expectCell(logits, {pred: only, target: bytes(1, 1, 1, [0])}, 0);
    const none = floats(1, 1, 2, [-Infinity, -Infinity]);
    await expectCell(logits, {pred: none, target: bytes(1, 1, 1, [0])}, {undefined: 'computed NaN'});
  });

  test('caps at −ln 1e-7', async () => {
    await expectBoth(probabilities, {pred: floats(1, 1, 2, [0, 1]), target: bytes(1, 1, 1, [0])}, CAP);
  });

  test('an id beyond the classes fails and says where', async () => {
    const rasters = {pred: floats(1, 2, 2, [0, 1, 0, 1]), target: bytes(1, 2, 1, [1, 2])};
    await expectRefused(probabilities, rasters, 'labels', /id 2 at x 1, y 0: .*ids 0 to 1/);
    await expectBoth({...probabilities, ignore_index: 2}, rasters, 0);
  });

  test('probabilities are not renormalised, and fail when they do not sum to 1', async () => {
    const target = bytes(1, 1, 1, [0]);
    await expectBoth(probabilities, {pred: floats(1, 1, 2, [0.5, 0.509]), target}, Math.LN2);
    await expectRefused(
      probabilities,
      {pred: floats(1, 1, 2, [0.5, 0.52]), target},
      'scores',
      /sum to 1.02 at x 0, y 0/,
    );
    const quantized = Uint8Array.from({length: 51}, (_, k) => (k === 0 ? 230 : 0));
    await expectBoth({type: 'cross-entropy'}, {pred: bytes(1, 1, 51, quantized), target}, -Math.log(230 / 255));
  });

  test('the sums of ignored pixels do not matter', async () => {
    const rasters = {pred: floats(1, 2, 2, [0.5, 0.5, 9, NaN]), target: bytes(1, 2, 1, [0, 255])};
    await expectBoth(probabilities, rasters, Math.LN2);
  });
});

describe('refuses', () => {
  const target = bytes(1, 1, 1, [0]);

  test('a float file that does not say what it holds', async () => {
    await expectRefused(
      {type: 'cross-entropy'},
      {pred: floats(1, 1, 1, [0.5]), target},
      'scores',
      /say input: probabilities or input: logits/,
    );
  });

  test('logits in an integer file', async () => {
    await expectRefused(logits, {pred: bytes(1, 1, 1, [5]), target}, 'scores', /integer file/);
  });

  test.each([[-0.01], [1.01], [NaN], [Infinity]])('a probability of %d', async (p) => {
    await expectRefused(probabilities, {pred: floats(1, 1, 1, [p]), target}, 'scores', /must be in \[0, 1\]/);
  });

  test('pos_weight on several channels', async () => {
    await expectRefused(
      {...logits, pos_weight: 2},
      {pred: floats(1, 1, 2, [0, 0]), target},
      'pos-weight',
      /one channel/,
    );
  });
});

describe('is undefined', () => {
  test('when every pixel is ignored', async () => {
    const reason = {undefined: 'no valid pixel'};
    const pred = floats(1, 2, 1, [0.5, 0.5]);
    await expectCell(probabilities, {pred, target: bytes(1, 2, 1, [0, 1]), ignore: bytes(1, 2, 1, [255, 255])}, reason);
    await expectCell({...probabilities, ignore_index: 1}, {pred, target: bytes(1, 2, 1, [1, 1])}, reason);
  });

  test('when the weights sum to 0', async () => {
    const rasters = {pred: floats(1, 1, 1, [0.5]), target: bytes(1, 1, 1, [0]), weight: floats(1, 1, 1, [0])};
    await expectCell(probabilities, rasters, {undefined: 'the weights of the valid pixels sum to 0'});
  });
});

test('crop_border cuts every role', async () => {
  const pred = floats(3, 3, 1, [9, 9, 9, 9, 0.25, 9, 9, 9, 9]);
  await expectBoth(
    {...probabilities, crop_border: 1},
    {pred, target: bytes(3, 3, 1, [7, 7, 7, 7, 0, 7, 7, 7, 7])},
    -Math.log(0.75),
  );
});
