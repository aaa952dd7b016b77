import {beforeAll, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {bytes, floats} from '../score.js';
import {CLOSE, eachForm, ignoreMap, isValid, LAYERS, NAMES, photographs, SIZE} from './setup.js';
import {type Activations, activations, meanSquares} from './slow-features.js';

let pred: Raster;
let target: Raster;
let x: Record<string, Activations>;
let y: Record<string, Activations>;

beforeAll(async () => {
  ({pred, target} = await photographs());
  x = await activations(pred, [...NAMES]);
  y = await activations(target, [...NAMES]);
});

test.each([false, true])(
  'is the weighted sum of mean squared differences; with ignored pixels: %s',
  async (ignored) => {
    const rasters = {pred, target, ...(ignored && {ignore: ignoreMap()})};
    const terms = NAMES.map((layer) =>
      meanSquares(x[layer] as Activations, y[layer] as Activations, ignored ? isValid(layer) : undefined),
    );
    await eachForm('perceptual', {layers: LAYERS}, rasters, (column, form) => {
      NAMES.forEach((layer, i) => {
        expectClose(column(layer), terms[i] as number, CLOSE, `${layer}, ${form}`);
      });
      expectClose(column(''), 2 * (terms[0] as number) + 0.5 * (terms[1] as number), CLOSE, form);
    });
  },
);

test('sees values in 0..1 whatever the range', async () => {
  const scaled = (image: Raster) => ({...image, data: Float64Array.from(image.data, (value) => 255 * value)});
  const unit = await evaluator('perceptual', {layers: LAYERS});
  const expected = (await unit.values('tensor', [{pred, target}]))[0] as number;
  const rasters = {pred: scaled(pred), target: scaled(target)};
  await eachForm('perceptual', {layers: LAYERS, range: [0, 255]}, rasters, (column, form) => {
    expectClose(column(''), expected, CLOSE, form);
  });
});

test('is undefined where no position of a layer is free of ignored pixels, and knows which', async () => {
  const ignore = bytes(
    SIZE,
    SIZE,
    1,
    Array.from({length: SIZE ** 2}, (_, i) => ((i % SIZE) % 20 === 0 ? 1 : 0)),
  );
  const layers = {relu_conv1: 1, fire2: 1};
  await eachForm('perceptual', {layers}, {pred, target, ignore}, (column) => {
    expect(column('relu_conv1')).toEqual(expect.any(Number));
    expect(column('fire2')).toEqual({undefined: 'no valid position at fire2'});
    expect(column('')).toEqual({undefined: 'no valid position at fire2'});
  });
});

test('does not see ignored pixels, be they NaN', async () => {
  const ignore = ignoreMap();
  const holes = (image: Raster) => {
    return {...image, data: image.data.map((value, i) => (ignore.data[Math.floor(i / 3)] ? NaN : value))};
  };
  const plain = await evaluator('perceptual', {layers: LAYERS});
  const expected = (await plain.values('tensor', [{pred, target, ignore}]))[0] as number;
  await eachForm('perceptual', {layers: LAYERS}, {pred: holes(pred), target: holes(target), ignore}, (column, form) => {
    expectClose(column(''), expected, CLOSE, form);
  });
});

test('images of neither one nor three channels are refused', async () => {
  const pair = floats(SIZE, SIZE, 2, new Float64Array(2 * SIZE ** 2));
  const loss = await evaluator('perceptual');
  for (const form of loss.forms) {
    await expect(loss.cells(form, [{pred: pair, target: pair}])).rejects.toThrow(
      'pred has 2 channels, a network takes images of 1 or 3',
    );
  }
});
