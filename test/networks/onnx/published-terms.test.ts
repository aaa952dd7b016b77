import {beforeAll, expect, onTestFinished, test} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {FastExecutor, FeatureTerm} from '../../../src/networks/fast-executor.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import type {Activation} from '../slow.js';
import {slowOf, slowTerm} from './slow-terms.js';
import {smallNetwork, values} from './small-network.js';

const WIDTH = 5;
const network = smallNetwork(WIDTH, 'max');
const [HEIGHT, SIDE] = [33, 40];

/** Weights of the channels of a layer: `both` has twice as many. */
const weights = (layer: string, seed: number): number[] =>
  Array.from(values(layer === 'relu1' ? WIDTH : 2 * WIDTH, seed), Math.abs);

const LAYERS = ['relu1', 'both'];
const lpips = (seed: number): FeatureTerm[] =>
  LAYERS.map((layer) => ({layer, statistic: 'lpips', weights: weights(layer, seed)}));
const dists = (seed: number): FeatureTerm[] =>
  LAYERS.map((layer) => ({layer, statistic: 'dists', alpha: weights(layer, seed), beta: weights(layer, seed + 1)}));

function image(seed: number): View {
  const data = values(HEIGHT * SIDE * 3, seed).map((value) => value + 0.5);
  return {data, scale: 1, offset: 0, height: HEIGHT, width: SIDE, channels: 3, integer: false};
}

const [x, y] = [image(1), image(2)];
let executor: FastExecutor;

beforeAll(async () => {
  executor = (await onnxExecutor(network, {threads: 1})) as FastExecutor;
  return () => executor.close();
});

/** Expects terms to be those of the slow float64 form; `slow` are the images that it gets. */
async function expectTerms(terms: FeatureTerm[], valid: Uint8Array | null = null, slow = {x, y}): Promise<void> {
  const found = await executor.comparison(terms).compare({x, y, validX: valid, validY: valid});
  const [ofX, ofY] = [slowOf(network, slow.x), slowOf(network, slow.y)];
  terms.forEach((term, i) => {
    const expected = slowTerm(ofX.get(term.layer) as Activation, ofY.get(term.layer) as Activation, term);
    expect(expected).toBeGreaterThan(0);
    expect([term.layer, Math.abs((found[i] as number) / expected - 1) < 1e-5]).toEqual([term.layer, true]);
  });
}

test('the terms of LPIPS and DISTS are those of the definition', () => expectTerms([...lpips(3), ...dists(4)]));

test('one pair may be compared with other weights, and beside other terms', async () => {
  await expectTerms([...lpips(3), ...lpips(7), {layer: 'both', statistic: 'difference'}, ...dists(8), ...dists(9)]);
  await expectTerms([...lpips(5), {layer: 'both', statistic: 'gram'}]);
});

test('the terms of LPIPS are means over valid positions', async () => {
  const valid = Uint8Array.from({length: HEIGHT * SIDE}, (_, i) => (i % SIDE < 12 || i === 700 ? 0 : 1));
  const holes = (view: View): View => ({
    ...view,
    data: Float32Array.from(view.data, (value, i) => (valid[Math.floor(i / 3)] === 0 ? Number.NaN : value)),
  });
  await expectTerms(lpips(3), valid, {x: holes(x), y: holes(y)});
});

test('DISTS counts whole images, LPIPS at least one position', async () => {
  const some = new Uint8Array(HEIGHT * SIDE).fill(1);
  some[0] = 0;
  const none = new Uint8Array(HEIGHT * SIDE);
  const of = (terms: FeatureTerm[], valid: Uint8Array) =>
    executor.comparison(terms).compare({x, y, validX: valid, validY: valid});
  expect(await of(dists(1), some)).toEqual([Number.NaN, Number.NaN]);
  expect(await of(lpips(1), none)).toEqual([Number.NaN, Number.NaN]);
});

test('an image is at 0 from itself', async () => {
  const one = (await onnxExecutor(network, {threads: 1})) as FastExecutor;
  onTestFinished(() => one.close());
  const found = await one.comparison([...lpips(1), ...dists(1)]).compare({x, y: x, validX: null, validY: null});
  expect(found).toEqual([0, 0, 0, 0]);
});
