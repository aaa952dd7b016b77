import '../gradients.js';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {unitDifference} from '../../../src/losses/feature/unit-difference.js';
import {NetworkLibrary} from '../../../src/networks/open.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {floats, javascript, wasm} from '../score.js';
import {published, referenceSquare} from './reference-squares.js';
import {CLOSE, eachForm, ignoreMap, photographs, SIZE} from './setup.js';
import {type Activations, activations} from './slow-features.js';

const LAYERS = ['relu_conv1', 'fire3', 'fire5', 'fire6', 'fire7', 'fire8', 'fire9'];
const SQUEEZE = {net: 'squeeze', weights: {hashed: 0}} as const;
const REQUEST = {network: 'squeezenet1_1', weights: {hashed: 0}, pooling: 'max', input: 'weights'} as const;

let pred: Raster;
let target: Raster;

beforeAll(async () => {
  ({pred, target} = await photographs());
});

describe.each(['alex', 'vgg', 'squeeze'])("the authors' values in every form: %s", (net) => {
  test.each(['002', '007'])('photo %s', async (key) => {
    const {value, layers = {}} = published.lpips[net]?.[key] ?? {value: Number.NaN};
    const rasters = {pred: await referenceSquare('pred', key), target: await referenceSquare('target', key)};
    await eachForm('lpips', {net, weights: {hashed: 0}}, rasters, (column, form) => {
      expectClose(column(''), value, CLOSE, form);
      expect(Object.keys(layers).length).toBeGreaterThanOrEqual(5);
      for (const [layer, term] of Object.entries(layers)) expectClose(column(layer), term, CLOSE, `${layer}, ${form}`);
    });
  });
});

/** The sum over channels of w·(x̂ − ŷ)² at the valid positions, and its mean, straight from equation 1. */
function slowTerm(x: Activations, y: Activations, weights: Float32Array, valid: Uint8Array): number {
  const {channels} = x;
  const length = ({data}: Activations, p: number) =>
    Math.hypot(...data.subarray(p * channels, (p + 1) * channels)) + 1e-10;
  let [sum, count] = [0, 0];
  valid.forEach((one, p) => {
    if (one === 0) return;
    count += 1;
    for (let c = 0; c < channels; c++) {
      const i = p * channels + c;
      const difference = (x.data[i] as number) / length(x, p) - (y.data[i] as number) / length(y, p);
      sum += (weights[c] as number) * difference ** 2;
    }
  });
  return sum / count;
}

test('ignored pixels leave the positions that see them out of the mean', async () => {
  const library = new NetworkLibrary(await wasm());
  const network = await library.open(REQUEST);
  const weights = await network.published('lpips');
  const [x, y] = await Promise.all([pred, target].map((image) => activations(image, LAYERS, REQUEST)));
  const ignore = ignoreMap();
  const pixels = Uint8Array.from(ignore.data, (value) => (value === 0 ? 1 : 0));
  const holes = (image: Raster) => {
    return {...image, data: image.data.map((value, i) => (ignore.data[Math.floor(i / 3)] ? NaN : value))};
  };
  await eachForm('lpips', SQUEEZE, {pred: holes(pred), target: holes(target), ignore}, (column, form) => {
    for (const layer of LAYERS) {
      const valid = network.validAt(layer, pixels, SIZE, SIZE);
      // Deep layers see a corner of this image from everywhere.
      const seen = valid.includes(1);
      expect([layer, seen]).toEqual([layer, ['relu_conv1', 'fire3', 'fire5'].includes(layer)]);
      if (!seen) {
        expect(column(layer)).toEqual({undefined: `no valid position at ${layer}`});
        continue;
      }
      const term = slowTerm(
        x?.[layer] as Activations,
        y?.[layer] as Activations,
        weights[layer] as Float32Array,
        valid,
      );
      expectClose(column(layer), term, CLOSE, `${layer}, ${form}`);
    }
    expect(column('')).toEqual({undefined: 'no valid position at fire6'});
  });
  await library.close();
});

test('one target for a batch is compared with each sample', async () => {
  const loss = await evaluator('lpips', SQUEEZE);
  const pair = [
    {pred, target},
    {pred: target, target},
  ];
  const cells = await loss.cells('tensor', pair);
  expectClose(cells['']?.[0], (await loss.values('tensor', [{pred, target}]))[0] as number);
  expect(cells['']?.[1]).toBe(0);
});

test('a position where no channel is active is at 0, and has a gradient', async () => {
  const tf = await javascript();
  const [silent, active] = [tf.tensor4d([0, 0, 3, 4], [1, 1, 2, 2]), tf.tensor4d([3, 4, 3, 4], [1, 1, 2, 2])];
  const value = (x: Tensor4D) => unitDifference(tf, x, active, [1, 2], undefined);
  // (3/5)² + 2·(4/5)² at one of two positions.
  expect((await value(silent).data())[0]).toBeCloseTo(0.82, 6);
  expect((await unitDifference(tf, silent, silent, [1, 2], undefined).data())[0]).toBe(0);
  const gradient = tf.grad((x) => tf.sum(value(x as Tensor4D)))(silent);
  expect((await gradient.data()).every(Number.isFinite)).toBe(true);
  tf.dispose([silent, active, gradient]);
});

test('an image that is too small for the deepest layer is refused', async () => {
  const small = floats(30, 40, 3, new Float64Array(3 * 30 * 40));
  const loss = await evaluator('lpips', {weights: {hashed: 0}});
  for (const form of loss.forms) {
    await expect(loss.cells(form, [{pred: small, target: small}])).rejects.toThrow(
      "alexnet's relu3 needs images of at least 31×31, this one is 30×40",
    );
  }
});
