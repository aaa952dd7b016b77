import {beforeAll, describe, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {resample} from '../../../src/images/resample.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {floats} from '../score.js';
import {square} from './images.js';
import {CLOSE, eachForm, ignoreMap, LAYERS, NAMES, photographs, SIZE} from './setup.js';
import {type Activations, activations, gram, meanSquares, scaledDifference} from './slow-features.js';

let pred: Raster;
let target: Raster;
let style: Raster;
let x: Record<string, Activations>;
let y: Record<string, Activations>;

beforeAll(async () => {
  ({pred, target, style} = await photographs());
  x = await activations(pred, [...NAMES, 'fire3']);
  y = await activations(target, [...NAMES, 'fire3']);
});

const options = {
  content_layers: {fire3: 2},
  style_layers: LAYERS,
  alpha: 0.5,
  beta: 0.25,
  gamma: 1e5,
};

test.each(['features', 'gram'])('is α·content + β·style + γ·tv; statistic: %s', async (statistic) => {
  const resized = resample(style, SIZE, SIZE);
  const styles = await activations(statistic === 'gram' ? style : resized, NAMES);
  const content = 2 * meanSquares(x.fire3 as Activations, y.fire3 as Activations);
  const terms = NAMES.map((layer) => {
    const [f, a] = [x[layer] as Activations, styles[layer] as Activations];
    if (statistic === 'features') return meanSquares(f, a);
    const [own, other] = [gram(f), gram(a)];
    return scaledDifference(own.g, 1 / own.m, other.g, 1 / other.m) / (4 * f.channels ** 2);
  });
  const ofStyle = 2 * (terms[0] as number) + 0.5 * (terms[1] as number);
  const tv = meanVariation(pred);
  await eachForm('content-style', {...options, statistic}, {pred, target, style}, (column, form) => {
    expectClose(column('content_fire3'), content / 2, CLOSE, form);
    expectClose(column('content'), content, CLOSE, form);
    NAMES.forEach((layer, i) => {
      expectClose(column(`style_${layer}`), terms[i] as number, CLOSE, `${layer}, ${form}`);
    });
    expectClose(column('style'), ofStyle, CLOSE, form);
    expectClose(column('tv'), tv, CLOSE, form);
    expectClose(column(''), 0.5 * content + 0.25 * ofStyle + 1e5 * tv, CLOSE, form);
  });
});

test('the content image comes before the target', async () => {
  const loss = await evaluator('content-style', options);
  for (const form of loss.forms) {
    const own = await loss.cells(form, [{pred, target: pred, content: target, style}]);
    expect(own).toEqual(await loss.cells(form, [{pred, target, style}]));
    await expect(loss.cells(form, [{pred, style}])).rejects.toThrow(/give --target or --input content=PATH/);
  }
});

test('total variation is of values in 0..1 whatever the range', async () => {
  const scaled = (image: Raster) => ({...image, data: Float64Array.from(image.data, (value) => 2 * value - 1)});
  const rasters = {pred: scaled(pred), target: scaled(target), style: scaled(style)};
  await eachForm('content-style', {...options, range: [-1, 1]}, rasters, (column, form) => {
    expectClose(column('tv'), meanVariation(pred), CLOSE, form);
  });
});

/** Mean over H·W·C of |dx| + |dy|, forward differences, zero past the edge. */
function meanVariation({data, height, width, channels}: Raster): number {
  const stride = width * channels;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const right = i % stride < stride - channels ? Math.abs((data[i + channels] as number) - (data[i] as number)) : 0;
    const down = i + stride < data.length ? Math.abs((data[i + stride] as number) - (data[i] as number)) : 0;
    sum += right + down;
  }
  return sum / (height * width * channels);
}

describe.each([1, 3])('images of %i channels', (channels) => {
  test.each(['features', 'gram'])('give together what each gives alone; statistic: %s', async (statistic) => {
    const [a, b, s, t] = [pred, target, square(style, 0, 0, 40), square(style, 0, 20, 40)].map(image) as Four;
    const loss = await evaluator('content-style', {content_layers: {fire2: 1}, style_layers: LAYERS, statistic});
    const batches = [t, s].flatMap((other) => {
      const samples = [
        {pred: a, target: b, style: s},
        {pred: b, target: a, style: other},
      ];
      return [samples, samples.map((sample) => ({...sample, ignore: ignoreMap()}))];
    });
    for (const samples of batches) {
      const together = await loss.cells('tensor', samples);
      for (const [i, sample] of samples.entries()) {
        const alone = Object.entries(await loss.cells('tensor', [sample]));
        expect(alone.map(([part]) => together[part]?.[i])).toEqual(alone.map(([, cells]) => cells[0]));
      }
    }
  });

  type Four = [Raster, Raster, Raster, Raster];

  function image({data, height, width}: Raster): Raster {
    const pixels = height * width;
    return floats(
      height,
      width,
      channels,
      Array.from({length: pixels * channels}, (_, i) => data[channels === 3 ? i : 3 * i] as number),
    );
  }
});
