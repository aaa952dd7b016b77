import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import type {Raster} from '../../src/images/raster.js';
import type {TensorLibrary} from '../../src/losses/contract.js';
import type {Reading, ViewOptions} from '../../src/losses/sample-contract.js';
import {makeBatch, sampleViews} from '../../src/run/batch.js';
import {npyBytes, pattern} from '../images/fixtures.js';
import {random} from '../losses/random.js';
import {bytes, floats, type Rasters, wasm} from '../losses/score.js';
import {decodedSample} from './samples.js';

const READINGS: Record<string, Reading> = {pred: 'pixels', target: 'pixels', weight: 'weights', ignore: 'labels'};
const PLAIN: ViewOptions = {color: 'rgb', range: [0, 1], cropBorder: 0};

const views = (rasters: Rasters, options = PLAIN) => sampleViews(decodedSample('a', rasters), READINGS, options);

const image = (seed: number, height = 4, width = 3, channels = 3) => {
  const next = random(seed);
  return bytes(
    height,
    width,
    channels,
    Array.from({length: height * width * channels}, () => Math.floor(256 * next())),
  );
};

const pair = {pred: image(1), target: image(2)};

describe('sampleViews', () => {
  test('one view of an image serves every loss that reads it so', () => {
    const sample = decodedSample('a', pair);
    const first = sampleViews(sample, READINGS, {...PLAIN, color: 'luma'});
    const second = sampleViews(sample, {pred: 'pixels'}, {...PLAIN, color: 'luma'});
    expect(second.view('pred')).toBe(first.view('pred'));
    const different: ViewOptions[] = [
      {...PLAIN, color: 'luma8'},
      {...PLAIN, color: 'luma', range: [0, 2]},
      {...PLAIN, color: 'luma', cropBorder: 1},
    ];
    for (const options of different) {
      expect(sampleViews(sample, READINGS, options).view('pred')).not.toBe(first.view('pred'));
    }
  });

  test('the size is that of the cropped images', () => {
    expect(views(pair, {...PLAIN, cropBorder: 1})).toMatchObject({key: 'a', height: 2, width: 1});
  });

  test('a role that the loss does not declare is not there', () => {
    const sample = sampleViews(decodedSample('a', {...pair, style: image(3)}), READINGS, PLAIN);
    expect(sample.has('style')).toBe(false);
    expect(() => sample.view('style')).toThrow("role 'style', which it does not declare");
  });

  test('an image that cannot be read as the role wants says which', () => {
    const sample = views({...pair, weight: image(3)});
    expect(() => sample.weights()).toThrow(SampleError);
    expect(() => sample.weights()).toThrow('weight: weights need an image of one channel, this one has 3');
  });
});

describe('an image that serves many samples', () => {
  const style = image(3, 9, 7);
  const readings: Record<string, Reading> = {pred: 'pixels', style: 'pixels'};
  const styleOf = (key: string, options: ViewOptions) =>
    sampleViews(decodedSample(key, {pred: image(key.length), style}), readings, options).view('style');

  test.each<[string, Partial<ViewOptions>]>([
    ['as it is', {}],
    ['in luma', {color: 'luma'}],
    ['cropped', {cropBorder: 1}],
    ['in another range', {range: [-1, 1]}],
  ])('is one view %s', (_, options) => {
    const first = styleOf('a', {...PLAIN, ...options});
    expect(styleOf('bb', {...PLAIN, ...options})).toBe(first);
    expect(styleOf('bb', {...PLAIN, ...options}).data).toBe(first.data);
  });

  test('and so are its valid pixels', () => {
    const ignore = bytes(4, 3, 1, [0, 0, 255, 0, 1, 0, 0, 0, 0, 128, 0, 0]);
    const sample = decodedSample('a', {...pair, ignore});
    const valid = sampleViews(sample, READINGS, PLAIN).valid();
    expect(sampleViews(sample, READINGS, {...PLAIN}).valid()).toBe(valid);
    expect(sampleViews(decodedSample('b', {...pair, ignore}), READINGS, PLAIN).valid()).toBe(valid);
    expect(sampleViews(sample, READINGS, {...PLAIN, cropBorder: 1}).valid()).toHaveLength(2);
  });

  test('two images of the same values are two', () => {
    const other = sampleViews(decodedSample('a', {pred: image(1), style: image(3, 9, 7)}), readings, PLAIN);
    expect(other.view('style').data).not.toBe(styleOf('a', PLAIN).data);
    expect(other.view('style')).toEqual(styleOf('a', PLAIN));
  });
});

describe('resized', () => {
  const readings: Record<string, Reading> = {pred: 'pixels', style: 'pixels'};
  const grey = pattern(1);
  const styleAt = (height: number, width: number, style: Raster, options = PLAIN) =>
    sampleViews(decodedSample('a', {pred: image(1, height, width, 1), style}), readings, options).resized('style');

  test.each([
    [3, 4],
    [10, 14],
  ])('to %i x %i: Pillow’s bicubic of the values', (height, width) => {
    const expected = new Float32Array(new Uint8Array(npyBytes(`resampled/bicubic-${height}x${width}.npy`)).buffer);
    const view = styleAt(height, width, floats(5, 7, 1, grey));
    expect(view).toMatchObject({height, width, channels: 1, scale: 1, offset: 0});
    expected.forEach((value, i) => {
      expect(Math.abs((view.data[i] as number) - value)).toBeLessThan(1e-3);
    });
    // Of 8 bits, values / 255, neither rounded nor clamped.
    const stored = styleAt(height, width, bytes(5, 7, 1, grey), {...PLAIN, range: [-1, 1]});
    expected.forEach((value, i) => {
      expect(Math.abs((stored.data[i] as number) - (-1 + (2 * value) / 255))).toBeLessThan(1e-5);
    });
  });

  test('channels apart', () => {
    const values = grey.flatMap((value) => [value, 0, 2 * value]);
    const view = styleAt(3, 4, floats(5, 7, 3, values));
    const alone = styleAt(3, 4, floats(5, 7, 1, grey));
    expect(view.channels).toBe(3);
    alone.data.forEach((value, i) => {
      expect(view.data[3 * i]).toBeCloseTo(value, 12);
      expect(view.data[3 * i + 1]).toBe(0);
      expect(view.data[3 * i + 2]).toBeCloseTo(2 * value, 12);
    });
  });

  test('an image of that size is the view itself', () => {
    const sample = sampleViews(decodedSample('a', {pred: image(1), style: image(2)}), readings, PLAIN);
    expect(sample.resized('style')).toBe(sample.view('style'));
  });

  test('one image at one size is one view, of its own kind each; old sizes are let go', () => {
    const style = floats(5, 7, 1, grey);
    const first = styleAt(3, 4, style);
    expect(styleAt(3, 4, style)).toBe(first);
    expect(styleAt(4, 3, style)).not.toBe(first);
    expect(styleAt(3, 4, bytes(5, 7, 1, grey))).not.toBe(first);
    const stored = bytes(5, 7, 1, grey);
    const inRange = styleAt(3, 4, stored, {...PLAIN, range: [0, 2]});
    styleAt(3, 4, stored).data.forEach((value, i) => {
      expect(inRange.data[i]).toBeCloseTo(2 * value, 12);
    });
    for (let side = 10; side < 20; side++) styleAt(side, side, style);
    expect(styleAt(3, 4, style)).not.toBe(first);
    expect(styleAt(3, 4, style)).toEqual(first);
  });
});

describe('weights and ignored pixels', () => {
  const weight = floats(4, 3, 1, [0, 1, 2, 3, 0.5, 0, 1, 1, 7, 0.25, 1, 2]);
  const ignore = bytes(4, 3, 1, [0, 0, 255, 0, 1, 0, 0, 0, 0, 128, 0, 0]);

  test('neither role: nothing weighs', () => {
    expect(views(pair).weights()).toBeNull();
    expect(views(pair).valid()).toBeNull();
  });

  test('ignore alone: 1 and 0', () => {
    const sample = views({...pair, ignore});
    expect(Array.from(sample.valid() ?? [])).toEqual([1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1]);
    expect(Array.from(sample.weights() ?? [])).toEqual([1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1]);
  });

  test('weight alone: as it is, an integer file divided by its maximum', () => {
    expect(Array.from(views({...pair, weight}).weights() ?? [])).toEqual(Array.from(weight.data));
    const stored = bytes(4, 3, 1, [0, 51, 255, 0, 0, 0, 0, 0, 0, 0, 0, 102]);
    const weights = views({...pair, weight: stored}).weights() ?? [];
    expect([weights[1], weights[2], weights[11]]).toEqual([Math.fround(0.2), 1, Math.fround(0.4)]);
  });

  test('both: the weight, 0 where ignored; cropped like the images', () => {
    const expected = [0, 1, 0, 3, 0, 0, 1, 1, 7, 0, 1, 2];
    expect(Array.from(views({...pair, weight, ignore}).weights() ?? [])).toEqual(expected);
    const cropped = views({...pair, weight, ignore}, {...PLAIN, cropBorder: 1});
    expect(Array.from(cropped.weights() ?? [])).toEqual([expected[4], expected[7]]);
  });

  test.each([-1, Number.NaN, Infinity])('a weight of %s fails, unless its pixel is ignored', (bad) => {
    const broken = {...weight, data: Float64Array.from(weight.data)};
    broken.data[9] = bad;
    const message = `a pixel weight must be a finite number of at least 0, pixel 0,3 has ${bad}`;
    expect(() => views({...pair, weight: broken}).weights()).toThrow(message);
    expect(Array.from(views({...pair, weight: broken, ignore}).weights() ?? [])[9]).toBe(0);
  });
});

describe('makeBatch', () => {
  let tf: TensorLibrary;
  let before = 0;
  beforeAll(async () => {
    tf = await wasm();
    before = tf.memory().numTensors;
  });
  afterAll(() => {
    expect(tf.memory().numTensors).toBe(before);
  });

  test('stacks samples in order, in float32', async () => {
    const samples = [pair, {pred: image(3), target: image(4)}, {pred: image(5), target: image(6)}];
    const batch = makeBatch(
      samples.map((rasters) => views(rasters, {...PLAIN, range: [-1, 1]})),
      tf,
    );
    const tensor = batch.tensor('target');
    expect(tensor.shape).toEqual([3, 4, 3, 3]);
    const expected = samples.flatMap(({target}) => Array.from(target.data, (v) => Math.fround(-1 + (2 * v) / 255)));
    (await tensor.data()).forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(2 ** -24);
    });
    expect(batch.tensor('target')).toBe(tensor);
    batch.dispose();
    expect(tensor.isDisposed).toBe(true);
  });

  test('the difference is rounded once: neighbouring 16-bit levels keep seven digits', async () => {
    const raster = (values: readonly number[]): Raster => ({
      data: Uint16Array.from(values),
      height: 1,
      width: values.length,
      channels: 1,
      maximum: 65535,
    });
    const x = [65535, 65534, 40000, 1, 0, 32768];
    const y = [65534, 65535, 40001, 0, 0, 32767];
    const batch = makeBatch([views({pred: raster(x), target: raster(y)})], tf);
    const got = await batch.difference().data();
    x.forEach((value, i) => {
      const exact = (value - (y[i] as number)) / 65535;
      expect(Math.abs((got[i] as number) - exact)).toBeLessThanOrEqual(1e-7 * Math.abs(exact));
    });
    // Rounding both images first loses two digits more, so this test can fail.
    const naive = Math.fround(40000 / 65535) - Math.fround(40001 / 65535);
    expect(Math.abs(naive * -65535 - 1)).toBeGreaterThan(1e-5);
    batch.dispose();
  });

  test('weights and valid pixels, or nothing', async () => {
    const none = makeBatch([views(pair)], tf);
    expect(none.weights()).toBeNull();
    expect(none.valid()).toBeNull();
    none.dispose();
    const ignore = (pixel: number) =>
      bytes(
        4,
        3,
        1,
        Array.from({length: 12}, (_, i) => (i === pixel ? 9 : 0)),
      );
    const weight = floats(4, 3, 1, new Array(12).fill(0.5));
    const both = makeBatch(
      [views({...pair, weight, ignore: ignore(0)}), views({...pair, weight, ignore: ignore(11)})],
      tf,
    );
    const valid = [0, ...new Array(11).fill(1), ...new Array(11).fill(1), 0];
    expect(both.valid()?.shape).toEqual([2, 4, 3, 1]);
    expect(Array.from((await both.valid()?.data()) ?? [])).toEqual(valid);
    expect(Array.from((await both.weights()?.data()) ?? [])).toEqual(valid.map((v) => v / 2));
    both.dispose();
  });

  test('a tensor of the loss’s own is filled once for each sample', async () => {
    const batch = makeBatch([views(pair), views(pair)], tf);
    let filled = 0;
    const fill = () =>
      batch.fill('mine', 2, (_, out) => {
        out.fill(++filled);
      });
    const made = fill();
    expect(fill()).toBe(made);
    expect(made.shape).toEqual([2, 4, 3, 2]);
    expect(Array.from(await made.data())).toEqual([...new Array(24).fill(1), ...new Array(24).fill(2)]);
    batch.dispose();
  });
});
