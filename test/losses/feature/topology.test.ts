import {beforeAll, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {bytes, createLoss, floats, wasm} from '../score.js';
import {fixtureImage, square} from './images.js';
import {CLOSE, eachForm, ignoreMap, isValid, NAMES, SIZE} from './setup.js';
import {type Activations, activations, meanSquares} from './slow-features.js';

const LAYERS = {relu_conv1: 1, fire2: 0.5} as const;
const OPTIONS = {layers: LAYERS, input: 'probabilities', mu: 0.2, scale: 'raw'} as const;

let prob: Raster;
let mask: Raster;
let x: Record<string, Activations>;
let y: Record<string, Activations>;

beforeAll(async () => {
  prob = square(await fixtureImage('masks/prob/002'), 200, 200, SIZE);
  mask = square(await fixtureImage('masks/target/002'), 200, 200, SIZE);
  x = await activations(prob, NAMES);
  y = await activations(mask, NAMES);
});

/** −[y ln p + (1 − y) ln(1 − p)] of a pixel, capped at −ln 1e-7. */
function crossEntropy(i: number): number {
  const p = prob.data[i] as number;
  return -Math.log(Math.max(mask.data[i] === 1 ? p : 1 - p, 1e-7));
}

test.each(['mean', 'sum'] as const)(
  'is the cross-entropy (%s) and μ times the weighted mean squared differences',
  async (bce) => {
    for (const ignore of [null, ignoreMap()]) {
      const pixels = [...prob.data.keys()].filter((i) => !ignore?.data[i]);
      const sum = pixels.reduce((total, i) => total + crossEntropy(i), 0);
      const entropy = bce === 'sum' ? sum : sum / pixels.length;
      const terms = NAMES.map((layer) =>
        meanSquares(x[layer] as Activations, y[layer] as Activations, ignore ? isValid(layer) : undefined),
      );
      const rasters = {pred: prob, target: mask, ...(ignore && {ignore})};
      await eachForm('topology', {...OPTIONS, bce}, rasters, (column, form) => {
        expectClose(column('bce'), entropy, CLOSE, form);
        NAMES.forEach((layer, i) => {
          expectClose(column(layer), terms[i] as number, CLOSE, `${layer}, ${form}`);
        });
        const total = entropy + 0.2 * ((terms[0] as number) + 0.5 * (terms[1] as number));
        expectClose(column(''), total, CLOSE, form);
      });
    }
  },
);

test('the network sees the sigmoid of logits', async () => {
  const logits = floats(
    SIZE,
    SIZE,
    1,
    prob.data.map((p) => Math.log((p + 1e-6) / (1 - p + 1e-6))),
  );
  const sigmoid = floats(
    SIZE,
    SIZE,
    1,
    logits.data.map((z) => 1 / (1 + Math.exp(-z))),
  );
  const expected = await evaluator('topology', OPTIONS);
  const cells = await expected.cells('tensor', [{pred: sigmoid, target: mask}]);
  await eachForm('topology', {...OPTIONS, input: 'logits'}, {pred: logits, target: mask}, (column, form) => {
    for (const layer of NAMES) expectClose(column(layer), cells[layer]?.[0] as number, CLOSE, `${layer}, ${form}`);
  });
});

test('with network_input unit the network gets 0 to 1 as it is', async () => {
  const [u, v] = await Promise.all([prob, mask].map((image) => activations(image, NAMES, {input: 'unit'})));
  await eachForm('topology', {...OPTIONS, network_input: 'unit'}, {pred: prob, target: mask}, (column, form) => {
    for (const layer of NAMES) {
      const expected = meanSquares(u?.[layer] as Activations, v?.[layer] as Activations);
      expectClose(column(layer), expected, CLOSE, `${layer}, ${form}`);
    }
  });
});

test('calibrated terms are in units of what the layer gives for photographs', async () => {
  // What the layer gives for one of the photographs is near the constant, which is its mean over twelve.
  const photo = await activations(square(await fixtureImage('photos/target/004'), 128, 128, 256), NAMES);
  for (const scale of ['calibrated', 'auto']) {
    await eachForm('topology', {...OPTIONS, scale}, {pred: prob, target: mask}, (column) => {
      for (const layer of NAMES) {
        const raw = meanSquares(x[layer] as Activations, y[layer] as Activations);
        const {data} = photo[layer] as Activations;
        const ofPhoto = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
        const constant = raw / (column(layer) as number);
        expect(constant / ofPhoto).toBeGreaterThan(0.3);
        expect(constant / ofPhoto).toBeLessThan(3);
      }
    });
  }
});

test('weights without calibration constants are raw, and refuse scale: calibrated', async () => {
  const tf = await wasm();
  const other = {type: 'topology', network: 'vgg16', weights: {hashed: 0}, layers: {relu1_1: 1}};
  await expect(createLoss({...other, scale: 'calibrated'}, tf)).rejects.toThrow(
    'topology: scale: these weights of vgg16 bring no calibration constants; set scale: raw',
  );
  const request = {network: 'vgg16', weights: {hashed: 0}} as const;
  const [u, v] = await Promise.all([prob, mask].map((image) => activations(image, ['relu1_1'], request)));
  const {type, ...options} = other;
  await eachForm(type, {...options, input: 'probabilities'}, {pred: prob, target: mask}, (column) => {
    expectClose(column('relu1_1'), meanSquares(u?.relu1_1 as Activations, v?.relu1_1 as Activations), CLOSE);
  });
});

test('ignore_index leaves out the same pixels as the role ignore', async () => {
  const ignore = ignoreMap();
  const target = bytes(
    SIZE,
    SIZE,
    1,
    mask.data.map((label, i) => (ignore.data[i] ? 7 : label)),
  );
  const expected = await (await evaluator('topology', OPTIONS)).cells('tensor', [{pred: prob, target: mask, ignore}]);
  await eachForm('topology', {...OPTIONS, ignore_index: 7}, {pred: prob, target}, (column, form) => {
    for (const part of ['', 'bce', ...NAMES]) expectClose(column(part), expected[part]?.[0] as number, CLOSE, form);
  });
});

test.each([
  ['the role ignore', null, 1],
  ['ignore_index', 7, 0],
])('without a valid pixel there is no value: by %s', async (_, ignore_index, ignored) => {
  const target = ignore_index === null ? mask : bytes(SIZE, SIZE, 1, new Uint8Array(SIZE ** 2).fill(ignore_index));
  const ignore = bytes(SIZE, SIZE, 1, new Uint8Array(SIZE ** 2).fill(ignored));
  await eachForm('topology', {...OPTIONS, ignore_index}, {pred: prob, target, ignore}, (column) => {
    expect(column('bce')).toEqual({undefined: 'no valid pixel'});
    expect(column('fire2')).toEqual({undefined: 'no valid position at fire2'});
    expect(column('')).toEqual({undefined: 'no valid pixel'});
  });
});

test('scores of several classes are refused', async () => {
  const pred = floats(
    SIZE,
    SIZE,
    2,
    Array.from({length: 2 * SIZE ** 2}, () => 0.5),
  );
  const loss = await evaluator('topology', OPTIONS);
  for (const form of loss.forms) {
    await expect(loss.cells(form, [{pred, target: mask}])).rejects.toThrow(
      'topology compares masks of one foreground class, pred has 2 channels',
    );
  }
});
