import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import {COLOUR_LEVELS} from '../../src/pictures/colour-map.js';
import {encodedHeat} from '../../src/pictures/encode-picture.js';
import {HeatScaler} from '../../src/pictures/heat-scale.js';
import {shrinkMap} from '../../src/pictures/shrink-map.js';

/** A map of one row. */
function row(...values: number[]) {
  return {height: 1, width: values.length, values: Float64Array.from(values), weights: null};
}

function scaleOf(better: 'lower' | 'higher', ...maps: ReturnType<typeof row>[]) {
  const scaler = new HeatScaler(better, maps.length);
  for (const map of maps) scaler.add(map);
  return scaler.scale();
}

describe('the scale', () => {
  const ramp = Array.from({length: 1001}, (_, i) => i / 1000);

  test('goes from 0 to the 99.5th percentile of all maps', () => {
    expect(scaleOf('lower', row(...ramp.slice(0, 500)), row(...ramp.slice(500)))).toEqual({low: 0, high: 0.995});
  });

  test('has 0 in the middle where values are negative, but for rounding', () => {
    const {low, high} = scaleOf('lower', row(...ramp.map((value) => value - 0.75)));
    expect([low, high]).toEqual([expect.closeTo(-0.745, 12), expect.closeTo(0.745, 12)]);
    expect(scaleOf('lower', row(-1, -1, -1))).toEqual({low: -1, high: 1});
    expect(scaleOf('lower', row(-0, -1e-17, 1))).toEqual({low: 0, high: 1});
  });

  test('goes from the 0.5th percentile to the largest where higher is better', () => {
    expect(scaleOf('higher', row(...ramp))).toEqual({low: 0.005, high: 1});
  });

  test('has the extremes where all but a few pixels are alike, and is 1 wide where all are', () => {
    const few = [...new Array<number>(999).fill(0), 1];
    expect(scaleOf('lower', row(...few))).toEqual({low: 0, high: 1});
    expect(scaleOf('higher', row(...few.map((value) => 1 - value)))).toEqual({low: 0, high: 1});
    expect(scaleOf('lower', row(0, 0))).toEqual({low: 0, high: 1});
    expect(scaleOf('higher', row(1, 1))).toEqual({low: 0, high: 1});
  });

  test('knows nothing of what is no number, nor of infinity', () => {
    expect(scaleOf('lower', row(Number.NaN, 2, Infinity))).toEqual({low: 0, high: 2});
    expect(scaleOf('lower', row(Number.NaN))).toEqual({low: 0, high: 1});
  });

  test('of large maps sees values all over them', () => {
    const values = Float64Array.from({length: 200_000}, (_, i) => i);
    const large = {height: 400, width: 500, values, weights: null};
    const {high} = scaleOf('lower', large);
    expect(Math.abs(high - 0.995 * 200_000)).toBeLessThan(10);
  });
});

test.each([
  ['lower', [0, 255, 255, 0, 128]],
  ['higher', [255, 0, 0, 255, 128]],
] as const)(
  'bright is bad where %s is better; past the ends is as the ends; no number is grey',
  async (better, places) => {
    const png = await encodedHeat(row(0, 10, 99, -5, 5, Number.NaN), {low: 0, high: 10}, better);
    const {data, info} = await sharp(png).raw().toBuffer({resolveWithObject: true});
    expect([info.width, info.height, info.channels]).toEqual([6, 1, 3]);
    const expected = places.flatMap((place) => [...COLOUR_LEVELS.subarray(3 * place, 3 * place + 3)]);
    expect([...data]).toEqual([...expected, 128, 128, 128]);
  },
);

test('a shrunk map has the means of what counts', () => {
  const values = Float64Array.from([
    1,
    3,
    0,
    0,
    5,
    Number.NaN,
    0,
    4,
    7,
    7,
    Number.NaN,
    Number.NaN,
    7,
    7,
    Number.NaN,
    Number.NaN,
  ]);
  const small = shrinkMap({height: 4, width: 4, values, weights: null}, 2);
  expect([small.height, small.width, ...small.values]).toEqual([2, 2, 3, 1, 7, Number.NaN]);
});
