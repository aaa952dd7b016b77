import {describe, expect, test} from 'vitest';
import {isLabelMap} from '../../src/images/label-map.js';
import {matchSizes, type RoleImage} from '../../src/images/pair.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';
import {resample} from '../../src/images/resample.js';
import {resampleScores} from '../../src/images/resample-scores.js';
import {stackScores} from '../../src/images/stack.js';
import {random} from '../losses/random.js';

const bytes = (values: readonly number[], width = values.length, channels = 1): Raster => ({
  data: Uint8Array.from(values),
  height: values.length / width / channels,
  width,
  channels,
  maximum: 255,
});
const floats = (values: readonly number[], width = values.length, channels = 1): Raster => ({
  ...bytes(values, width, channels),
  data: Float32Array.from(values),
  maximum: null,
});

describe('what is a label map', () => {
  test.each<[string, Raster, Reading, {binary: boolean; classes: boolean}]>([
    ['labels', bytes([0, 1, 2]), 'labels', {binary: true, classes: true}],
    ['instances', bytes([0, 1, 2]), 'instances', {binary: true, classes: true}],
    ['pixels', bytes([0, 0, 0]), 'pixels', {binary: false, classes: false}],
    ['weights', bytes([0, 0, 1]), 'weights', {binary: false, classes: false}],
    ['a mask of one value', bytes([7, 7, 7]), 'mask', {binary: true, classes: true}],
    ['a mask of two', bytes([255, 0, 255, 255]), 'mask', {binary: true, classes: true}],
    ['a mask of three', bytes([255, 0, 255, 254]), 'mask', {binary: false, classes: true}],
    ['grey scores of two values', bytes([255, 0]), 'scores', {binary: true, classes: true}],
    ['grey scores of three', bytes([255, 0, 1]), 'scores', {binary: false, classes: false}],
    ['floats of two values', floats([0, 1]), 'mask', {binary: false, classes: true}],
    ['scores of two classes', floats([0, 1, 1, 0], 2, 2), 'mask', {binary: false, classes: false}],
  ])('%s', (_, raster, reading, {binary, classes}) => {
    expect(isLabelMap(raster, reading, false)).toBe(binary);
    expect(isLabelMap(raster, reading, true)).toBe(classes);
  });
});

describe('scores in another size', () => {
  const next = random(3);
  const unit = floats(
    Array.from({length: 6 * 5 * 3}, () => Number(next() > 0.5)),
    5,
    3,
  );

  test('probabilities stay in [0, 1], where the filter alone swings over', () => {
    const plain = resample(unit, 13, 11);
    expect(Math.max(...plain.data)).toBeGreaterThan(1.01);
    const scores = resampleScores({...unit, channels: 1, width: 15}, 13, 11);
    expect(Math.min(...scores.data)).toBe(0);
    expect(Math.max(...scores.data)).toBe(1);
  });

  test('probabilities of classes keep their sum', () => {
    const exclusive = Array.from({length: 30}, (_, p) => [0, 1, 2].map((c) => Number(c === (p * 7) % 3))).flat();
    const {data} = resampleScores(floats(exclusive, 5, 3), 17, 9);
    for (let p = 0; p < data.length; p += 3) {
      const pixel = Array.from(data.subarray(p, p + 3));
      expect(pixel.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      for (const value of pixel) expect(value >= 0 && value <= 1).toBe(true);
    }
  });

  test('where nothing swings over it is the resampler’s result', () => {
    const smooth = floats(
      Array.from({length: 48}, (_, i) => 0.3 + 0.002 * i),
      8,
    );
    expect(resampleScores(smooth, 5, 4)).toEqual(resample(smooth, 5, 4));
  });

  test('logits and integers are only resampled', () => {
    const logits = floats(
      Array.from({length: 24}, (_, i) => 5 * Math.sin(i)),
      6,
    );
    expect(resampleScores(logits, 7, 9)).toEqual(resample(logits, 7, 9));
    const grey = bytes([0, 255, 3, 255, 0, 9, 255, 255], 4);
    expect(resampleScores(grey, 7, 9)).toEqual(resample(grey, 7, 9));
  });

  test('NaN is not hidden', () => {
    expect(resampleScores(floats([0, Number.NaN, 1, 0], 2), 4, 4).data.some(Number.isNaN)).toBe(true);
  });
});

describe('sizes of masks', () => {
  const target: RoleImage = {role: 'target', reading: 'labels', raster: bytes(Array(24).fill(0), 6)};
  const pred = (raster: Raster, reading: Reading = 'mask'): RoleImage => ({role: 'pred', reading, raster});
  const probabilities = bytes([0, 100, 255, 30, 7, 9], 3);

  test('a prediction of probabilities follows the target', () => {
    for (const reading of ['mask', 'scores'] as const) {
      const [scaled] = matchSizes([pred(probabilities, reading), target], 'target');
      expect(scaled).toEqual(resample(probabilities, 4, 6));
    }
    const [scaled] = matchSizes([pred(floats([0, 1, 1, 0], 2, 2)), target], 'target', true);
    expect(scaled).toMatchObject({height: 4, width: 6, channels: 2});
  });

  test.each<[string, Raster, boolean]>([
    ['binary', bytes([0, 255, 255, 0], 2), false],
    ['of several classes', probabilities, true],
    ['of several classes, as floats', floats([0, 1, 2, 3], 2), true],
  ])('a label map, %s, is refused in one line', (_, raster, multiClass) => {
    for (const policy of ['target', [4, 6]] as const) {
      expect(() => matchSizes([pred(raster), target], policy, multiClass)).toThrow(
        expect.objectContaining({
          code: 'sizes-differ',
          message: `pred is ${raster.width}x2, not 6x4 (width x height), and label maps are not resampled: bicubic would mix them; supply them in that size or set image.size to crop`,
        }),
      );
    }
  });

  test('the target is never resampled, whatever it holds', () => {
    const scores: RoleImage = {role: 'target', reading: 'scores', raster: probabilities};
    expect(() => matchSizes([pred(probabilities), scores], [4, 6])).toThrow('scores are not resampled');
  });
});

describe('a file per class', () => {
  const part = (path: string, raster: Raster) => ({path, raster});

  test('is a channel per file, in their order and type', () => {
    const stacked = stackScores([part('a', bytes([1, 2, 3, 4], 2)), part('b', bytes([5, 6, 7, 8], 2))]);
    expect(stacked).toEqual(bytes([1, 5, 2, 6, 3, 7, 4, 8], 2, 2));
    expect(stackScores([part('a', floats([0.5])), part('b', floats([0.25]))])).toEqual(floats([0.5, 0.25], 1, 2));
  });

  test.each([
    [bytes([1, 2], 1), 'b.png is 1x2, integers up to 255, a.png is 2x1, integers up to 255'],
    [{...bytes([1, 2]), maximum: 65535}, 'b.png is 2x1, integers up to 65535, a.png is 2x1, integers up to 255'],
    [floats([1, 2]), 'b.png is 2x1, float32, a.png is 2x1, integers up to 255'],
    [bytes([1, 2, 3, 4, 5, 6], 2, 3), 'b.png: the scores of one class need one channel, got 3'],
  ])('files that do not fit each other are named, %#', (raster, message) => {
    expect(() => stackScores([part('a.png', bytes([1, 2])), part('b.png', raster)])).toThrow(
      expect.objectContaining({code: 'class-files', message}),
    );
  });
});
