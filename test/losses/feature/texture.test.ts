import {beforeAll, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {createLoss, type Rasters, wasm} from '../score.js';
import {CLOSE, eachForm, ignoreMap, isValid, LAYERS, NAMES, photographs} from './setup.js';
import {type Activations, activations, gram, scaledDifference} from './slow-features.js';

let pred: Raster;
let target: Raster;
let style: Raster;
let x: Record<string, Activations>;
let y: Record<string, Activations>;

beforeAll(async () => {
  ({pred, target, style} = await photographs());
  x = await activations(pred, [...NAMES]);
  y = await activations(target, [...NAMES]);
});

/** By normalisation, from both Gram matrices, their numbers of positions and of channels. */
const NORMALIZED: Readonly<
  Record<string, (g: Float64Array, m: number, a: Float64Array, k: number, n: number) => number>
> = {
  gatys: (g, m, a, k, n) => scaledDifference(g, 1 / m, a, 1 / k) / (4 * n ** 2),
  volume: (g, m, a, k, n) => scaledDifference(g, 1 / (n * m), a, 1 / (n * k)) / (4 * n ** 2),
  johnson: (g, m, a, k, n) => scaledDifference(g, 1 / (n * m), a, 1 / (n * k)),
  none: (g, _m, a) => scaledDifference(g, 1, a, 1),
};

test.each(Object.entries(NORMALIZED))('normalization %s', async (normalization, energy) => {
  const styles = await activations(style, NAMES);
  const setups: readonly [name: string, other: typeof y, rasters: Rasters, ignored: boolean][] = [
    ['against the target', y, {pred, target}, false],
    ['with ignored pixels', y, {pred, target, ignore: ignoreMap()}, true],
    ['against a style of another size', styles, {pred, style}, false],
    ['with ignored pixels, against a style', styles, {pred, target, style, ignore: ignoreMap()}, true],
  ];
  for (const [name, other, rasters, ignored] of setups) {
    if (normalization === 'none' && 'style' in rasters) continue;
    const terms = NAMES.map((layer) => {
      const {g, m} = gram(x[layer] as Activations, ignored ? isValid(layer) : undefined);
      const alsoIgnored = ignored && !('style' in rasters);
      const {g: a, m: k} = gram(other[layer] as Activations, alsoIgnored ? isValid(layer) : undefined);
      return energy(g, m, a, k, (x[layer] as Activations).channels);
    });
    await eachForm('texture', {layers: LAYERS, normalization}, rasters, (column, form) => {
      NAMES.forEach((layer, i) => {
        expectClose(column(layer), terms[i] as number, CLOSE, `${layer} ${name}, ${form}`);
      });
      expectClose(column(''), 2 * (terms[0] as number) + 0.5 * (terms[1] as number), CLOSE, `${name}, ${form}`);
    });
  }
});

test('normalization none refuses Gram matrices of different numbers of positions', async () => {
  const loss = await evaluator('texture', {layers: {fire2: 1}, normalization: 'none'});
  for (const form of loss.forms) {
    await expect(loss.cells(form, [{pred, style}])).rejects.toThrow(
      /normalization none .* fire2 has 196 in pred and 180 in the other image/,
    );
  }
});

test('without a style and a target there is nothing to compare with', async () => {
  const loss = await evaluator('texture', {layers: {fire2: 1}});
  for (const form of loss.forms) await expect(loss.cells(form, [{pred}])).rejects.toThrow(/give --target, or a style/);
});

test.each(['vgg16', 'vgg19'])('%s is compared at the layers of the paper: the first of each block', async (network) => {
  const {instance} = await createLoss({type: 'texture', network, weights: {hashed: 0}}, await wasm());
  const parts = ['', 'relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];
  expect(instance.columns).toEqual(parts.map((part) => ({part, better: 'lower'})));
  instance.dispose?.();
});
