import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {expectClose, TOLERANCE} from '../close.js';
import {gmsd as reference} from '../reference/gmsd.js';
import {plainSample} from '../reference/sample.js';
import {bytes, floats, type Rasters, score, scoreFused} from '../score.js';
import {gradientOf} from './forms.js';
import {flatPair, ignoreMask, texturedPair, weightMap} from './images.js';

async function expectReference(rasters: Rasters, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const expected = reference(plainSample(rasters, {...options, color: 'luma8'}), options);
  const name = JSON.stringify(options);
  expectClose(
    (await scoreFused({type: 'gmsd', ...options}, rasters))[''],
    expected,
    {relative: 1e-9, floor: 1e-12},
    name,
  );
  expectClose((await score({type: 'gmsd', ...options}, rasters))[''], expected, TOLERANCE, name);
}

describe('against the definition in float64', () => {
  test.each([
    [1, 3, 1],
    [3, 1, 3],
    [3, 3, 1],
    [4, 4, 3],
    [5, 8, 3],
    [11, 7, 1],
    [32, 33, 3],
    [64, 48, 1],
    [255, 301, 3],
  ])('%i × %i × %i', async (height, width, channels) => {
    await expectReference(texturedPair(height, width, channels, height + width));
  });

  test('flat images', async () => {
    await expectReference(flatPair(40, 41, 3));
  });

  test('levels are rounded half up, grey ones as they are', async () => {
    const values = Array.from({length: 20 * 20}, (_, i) => ((i * 7919) % 1000) / 1000);
    await expectReference({pred: floats(20, 20, 1, values), target: floats(20, 20, 1, [...values].reverse())});
  });

  test('crop_border, and a range for floats', async () => {
    await expectReference(texturedPair(31, 33, 3), {crop_border: 3});
    const scaled = Object.fromEntries(
      Object.entries(texturedPair(31, 33, 3)).map(([role, {data, height, width, channels}]) => [
        role,
        floats(
          height,
          width,
          channels,
          Array.from(data, (value) => value / 127.5 - 1),
        ),
      ]),
    );
    await expectReference(scaled, {range: [-1, 1]});
    const unscaled = (await score({type: 'gmsd'}, texturedPair(31, 33, 3)))[''] as number;
    expectClose((await score({type: 'gmsd', range: [-1, 1]}, scaled))[''], unscaled);
  });

  test.each([
    ['ignore', {ignore: ignoreMask(41, 38, 0.01)}],
    ['weight', {weight: weightMap(41, 38)}],
    ['both', {ignore: ignoreMask(41, 38, 0.01), weight: weightMap(41, 38)}],
  ])('with the roles %s', async (_, roles) => {
    await expectReference({...texturedPair(41, 38, 3), ...roles});
  });
});

test('what lies under the mask does not count', async () => {
  const pair = texturedPair(40, 40, 1);
  const ignore = ignoreMask(40, 40, 0.02);
  const pred = bytes(
    40,
    40,
    1,
    Array.from(pair.pred?.data ?? [], (value, i) => (ignore.data[i] ? 255 - value : value)),
  );
  for (const form of [score, scoreFused]) {
    expect(await form({type: 'gmsd'}, {...pair, pred, ignore})).toEqual(await form({type: 'gmsd'}, {...pair, ignore}));
  }
});

test.each([
  ['tensor', score, 300],
  ['fused', scoreFused, 1000],
] as const)(
  '%s form: identity is exactly 0; never negative; the images may change places',
  async (_, form, numRuns) => {
    const sides = fc.integer({min: 3, max: 12});
    const pairs = fc.tuple(sides, sides).chain(([height, width]) => {
      const values = fc.uint8Array({minLength: height * width * 3, maxLength: height * width * 3});
      return fc
        .tuple(values, values)
        .map(([x, y]) => [bytes(height, width, 3, x), bytes(height, width, 3, y)] as const);
    });
    await fc.assert(
      fc.asyncProperty(pairs, async ([pred, target]) => {
        expect((await form({type: 'gmsd'}, {pred, target: pred}))['']).toBe(0);
        const value = (await form({type: 'gmsd'}, {pred, target}))[''] as number;
        expect(value).toBeGreaterThanOrEqual(0);
        expect((await form({type: 'gmsd'}, {pred: target, target: pred}))['']).toBe(value);
      }),
      {numRuns},
    );
  },
);

test.each<[string, Rasters, RegExp]>([
  ['1 × 1', texturedPair(1, 1, 1), /1×1.*two pixels/],
  ['2 × 2', texturedPair(2, 2, 3), /2×2.*two pixels/],
  ['everything ignored', {...texturedPair(8, 8, 1), ignore: bytes(8, 8, 1, Array(64).fill(1))}, /^no valid pixel$/],
  [
    'one pixel of the map left',
    {
      ...texturedPair(8, 8, 1),
      weight: bytes(
        8,
        8,
        1,
        Array.from({length: 64}, (_, i) => (i === 0 ? 255 : 0)),
      ),
    },
    /fewer than two pixels/,
  ],
])('undefined: %s', async (_, rasters, reason) => {
  for (const form of [score, scoreFused]) {
    expect((await form({type: 'gmsd'}, rasters))['']).toEqual({undefined: expect.stringMatching(reason)});
  }
});

test('undefined: cropped to nothing', async () => {
  const {'': cell} = await score({type: 'gmsd', crop_border: 5}, texturedPair(8, 8, 1));
  expect(cell).toEqual({undefined: expect.stringMatching(/0×0.*two pixels/)});
});

test('colour is not an option', async () => {
  await expect(score({type: 'gmsd', color: 'rgb'}, texturedPair(8, 8, 3))).rejects.toThrow();
});

test.each<[string, Rasters]>([
  ['plain', texturedPair(12, 13, 1)],
  ['masked and weighted', {...texturedPair(12, 13, 1), ignore: ignoreMask(12, 13, 0.02), weight: weightMap(12, 13)}],
])('the gradient of the tensor form, %s', async (_, rasters) => {
  const everywhere = Array.from({length: 12 * 13}, (_, i) => i);
  expect((await gradientOf({type: 'gmsd'}, rasters, 0.2, everywhere)).error).toBeLessThan(1e-2);
});

test('a flat image has a gradient of 0, not NaN', async () => {
  const flat = flatPair(8, 8, 1).target as ReturnType<typeof bytes>;
  const rasters = {pred: flat, target: flat};
  const {gradient} = await gradientOf({type: 'gmsd'}, rasters, 0.2, []);
  expect(gradient).toEqual(Array(64).fill(0));
});
