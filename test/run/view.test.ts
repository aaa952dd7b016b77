import {describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import type {Raster} from '../../src/images/raster.js';
import type {View} from '../../src/kernels/view.js';
import type {Reading, ViewOptions} from '../../src/losses/sample-contract.js';
import {makeView} from '../../src/run/view.js';
import {random} from '../losses/random.js';
import {bytes, floats} from '../losses/score.js';

const PLAIN: ViewOptions = {color: 'rgb', range: [0, 1], cropBorder: 0};

const next = random(3);
const levels = (height: number, width: number, channels: number, maximum: number) =>
  Array.from({length: height * width * channels}, () => Math.floor(next() * (maximum + 1)));

const eight = bytes(7, 5, 3, levels(7, 5, 3, 255));
const sixteen: Raster = {
  data: Uint16Array.from(levels(7, 5, 3, 65535)),
  height: 7,
  width: 5,
  channels: 3,
  maximum: 65535,
};
const float = floats(
  7,
  5,
  3,
  Array.from({length: 105}, () => 4 * next() - 2),
);
const one = bytes(7, 5, 1, levels(7, 5, 1, 255));

function values({data, scale, offset}: View): number[] {
  return Array.from(data, (value) => value * scale + offset);
}

function expectValues(view: View, expected: readonly number[]): void {
  const got = values(view);
  expect(got.length).toBe(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number)), `element ${i}`).toBeLessThan(1e-12);
  });
}

/** The elements that lie inside the border, by their place in the whole image. */
function inside({data, height, width, channels}: Raster, border: number): number[] {
  const kept: number[] = [];
  for (let y = border; y < height - border; y++)
    for (let x = border; x < width - border; x++)
      for (let c = 0; c < channels; c++) kept.push(data[(y * width + x) * channels + c] as number);
  return kept;
}

describe('pixels', () => {
  test.each([
    ['8-bit', eight, 255],
    ['16-bit', sixteen, 65535],
  ])('%s integers are mapped to the range', (_, raster, maximum) => {
    expectValues(
      makeView(raster, 'pixels', PLAIN),
      Array.from(raster.data, (v) => v / maximum),
    );
    expectValues(
      makeView(raster, 'pixels', {...PLAIN, range: [-1, 3]}),
      Array.from(raster.data, (v) => -1 + (4 * v) / maximum),
    );
    expect(makeView(raster, 'pixels', PLAIN).integer).toBe(true);
  });

  test('floats stay as they are, whatever the range', () => {
    expectValues(makeView(float, 'pixels', {...PLAIN, range: [-1, 3]}), Array.from(float.data));
    expect(makeView(float, 'pixels', PLAIN).integer).toBe(false);
  });

  test('an 8-bit image is not copied', () => {
    expect(makeView(eight, 'pixels', PLAIN).data).toBe(eight.data);
  });

  const grey: Record<'luma' | 'luma8' | 'ycbcr-y', (r: number, g: number, b: number) => number> = {
    luma: (r, g, b) => 0.299 * r + 0.587 * g + 0.114 * b,
    luma8: (r, g, b) =>
      Math.floor(255 * (0.2989360212937753 * r + 0.5870430744511212 * g + 0.1140209042551033 * b) + 0.5) / 255,
    'ycbcr-y': (r, g, b) => (65.481 * r + 128.553 * g + 24.966 * b + 16) / 255,
  };

  test.each(['luma', 'luma8', 'ycbcr-y'] as const)('%s, in the unit range and another one', (color) => {
    const convert = grey[color];
    const units = (of: (i: number) => number) =>
      Array.from({length: 35}, (_, p) => convert(of(3 * p), of(3 * p + 1), of(3 * p + 2)));
    const unit = units((i) => (eight.data[i] as number) / 255);
    expectValues(makeView(eight, 'pixels', {...PLAIN, color}), unit);
    expectValues(
      makeView(eight, 'pixels', {...PLAIN, color, range: [-1, 1]}),
      unit.map((v) => 2 * v - 1),
    );
    // A float image of the range is grey in that range: the conversion is affine there too.
    const ofFloats = units((i) => ((float.data[i] as number) + 2) / 4);
    expectValues(
      makeView(float, 'pixels', {...PLAIN, color, range: [-2, 2]}),
      ofFloats.map((v) => 4 * v - 2),
    );
    expect(makeView(eight, 'pixels', {...PLAIN, color}).channels).toBe(1);
  });

  test('one channel counts as three equal ones', () => {
    const expected = Array.from(one.data, (v) => ((219 / 255) * v + 16) / 255);
    expectValues(makeView(one, 'pixels', {...PLAIN, color: 'ycbcr-y'}), expected);
  });

  test('a colour needs one or three channels', () => {
    const two = bytes(1, 1, 2, [1, 2]);
    expect(makeView(two, 'pixels', PLAIN).channels).toBe(2);
    expect(() => makeView(two, 'pixels', {...PLAIN, color: 'luma'})).toThrow(SampleError);
    expect(() => makeView(two, 'pixels', {...PLAIN, color: 'luma'})).toThrow(/1 or 3 channels, this one has 2/);
  });
});

describe('other readings', () => {
  const options: ViewOptions = {color: 'luma', range: [-1, 1], cropBorder: 0};

  test.each<[Reading, (value: number) => number]>([
    ['labels', (v) => v],
    ['instances', (v) => v],
    ['scores', (v) => v / 255],
    ['weights', (v) => v / 255],
  ])('%s know no colour and no range', (reading, expected) => {
    expectValues(makeView(one, reading, options), Array.from(one.data, expected));
    const floating = floats(1, 3, 1, [0.25, 7, 1e9]);
    expectValues(makeView(floating, reading, options), [0.25, 7, 1e9]);
  });

  test('a boolean mask is 0 and 1', () => {
    const mask: Raster = {data: Uint8Array.from([0, 1, 1, 0]), height: 2, width: 2, channels: 1, maximum: 1};
    for (const reading of ['labels', 'scores', 'weights'] as const)
      expectValues(makeView(mask, reading, options), [0, 1, 1, 0]);
  });

  test.each(['labels', 'instances', 'weights'] as const)('%s have one channel', (reading) => {
    expect(() => makeView(eight, reading, PLAIN)).toThrow(`${reading} need an image of one channel, this one has 3`);
  });

  test('scores may have any number of channels', () => {
    expect(makeView(eight, 'scores', options).channels).toBe(3);
  });
});

describe('crop', () => {
  const everything: [Reading, Raster, ViewOptions['color']][] = [
    ['pixels', eight, 'rgb'],
    ['pixels', sixteen, 'rgb'],
    ['pixels', float, 'rgb'],
    ['pixels', eight, 'luma8'],
    ['pixels', float, 'ycbcr-y'],
    ['labels', one, 'rgb'],
    ['instances', one, 'rgb'],
    ['scores', eight, 'rgb'],
    ['weights', one, 'rgb'],
  ];

  test.each(everything)('%s: the border of every side goes', (reading, raster, color) => {
    const whole = makeView(raster, reading, {...PLAIN, color});
    for (const border of [1, 2]) {
      const view = makeView(raster, reading, {...PLAIN, color, cropBorder: border});
      expect([view.height, view.width, view.channels]).toEqual([7 - 2 * border, 5 - 2 * border, whole.channels]);
      const {height, width, channels} = whole;
      const kept = inside({data: Float64Array.from(values(whole)), height, width, channels, maximum: null}, border);
      expectValues(view, kept);
    }
  });

  test('may leave nothing', () => {
    for (const border of [3, 4, 100]) {
      const view = makeView(eight, 'pixels', {...PLAIN, cropBorder: border});
      expect(view.width).toBe(0);
      expect(view.data.length).toBe(0);
    }
  });
});
