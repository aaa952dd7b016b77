import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {expectClose, TOLERANCE} from '../close.js';
import {ssim as reference} from '../reference/ssim.js';
import {bytes, floats, type Rasters, score, scoreFused} from '../score.js';
import {expectForms, gradientOf} from './forms.js';
import {flatPair, ignoreMask, texturedPair, weightMap} from './images.js';

const ssim = {type: 'ssim'};

describe('against direct window sums in two passes', () => {
  test.each([
    [11, 11, 1],
    [11, 11, 3],
    [11, 12, 1],
    [12, 11, 3],
    [11, 40, 1],
    [33, 11, 3],
    [23, 31, 3],
    [24, 17, 1],
    [64, 48, 1],
    [48, 64, 3],
    [27, 25, 2],
  ])('%i × %i × %i', async (height, width, channels) => {
    await expectForms(ssim, texturedPair(height, width, channels, height * width), reference);
  });

  test.each([0, 3, 128, 250, 255])(
    'flat images at level %i, where a variance is the small difference of two moments',
    async (level) => {
      await expectForms(ssim, flatPair(31, 29, 3, Math.max(1, level)), reference);
    },
  );

  test('1024 × 1024', async () => {
    const pair = texturedPair(1024, 1024, 1);
    const fused = (await scoreFused(ssim, pair))[''];
    expectClose((await score(ssim, pair))[''], fused as number, TOLERANCE, 'tensor form');
    expectClose(fused, reference(plain(pair), {}), {relative: 1e-9, floor: 0}, 'fused form');
  });

  test.each([
    [{k1: 0.02, k2: 0.05}],
    [{range: [0, 255]}],
    [{range: [-1, 1]}],
    [{color: 'luma'}],
    [{color: 'luma8'}],
    [{color: 'ycbcr-y'}],
    [{crop_border: 4}],
    [{form: 'loss'}],
  ])('with %o', async (options) => {
    await expectForms({...ssim, ...options}, texturedPair(29, 34, 3), reference);
  });

  test.each([
    ['16-bit integers', (v: number) => Math.round(v * 257 + 3), Uint16Array, 65535],
    ['floats', (v: number) => v / 255, Float32Array, null],
    ['booleans as 0 and 1', (v: number) => (v > 128 ? 1 : 0), Uint8Array, 1],
  ] as const)('of %s', async (_, convert, Type, maximum) => {
    const pair = texturedPair(21, 26, 3);
    const rasters = Object.fromEntries(
      Object.entries(pair).map(([role, raster]) => [
        role,
        {...raster, data: Type.from(Array.from(raster.data, convert)), maximum},
      ]),
    );
    await expectForms(ssim, rasters, reference);
  });
});

describe('downsample: auto', () => {
  test.each([
    [383, 400, 1],
    [384, 390, 2],
    [385, 391, 2],
    [640, 650, 2],
    [641, 645, 3],
  ])('a shorter side of %i (by %i) shrinks by %i', async (height, width, factor) => {
    const pair = texturedPair(height, width, 1);
    const config = {...ssim, downsample: 'auto'};
    const expected = scoreFused(ssim, shrunk(pair, factor));
    expectClose((await scoreFused(config, pair))[''], (await expected)[''] as number, {relative: 1e-9, floor: 0});
  });

  test('both forms, with a remainder, a mask and weights', async () => {
    const pair = texturedPair(385, 391, 1);
    const masks = {ignore: ignoreMask(385, 391), weight: weightMap(385, 391)};
    await expectForms({...ssim, downsample: 'auto'}, pair, reference);
    await expectForms({...ssim, downsample: 'auto'}, {...pair, ...masks}, reference);
  });
});

describe('ignored and weighted pixels', () => {
  const pair = texturedPair(30, 37, 3);
  const ignore = ignoreMask(30, 37);
  const weight = weightMap(30, 37);

  test.each([
    ['ignore', {ignore}],
    ['weight', {weight}],
    ['both', {ignore, weight}],
  ])('%s, against direct sums over valid pixels', async (_, roles) => {
    await expectForms(ssim, {...pair, ...roles}, reference);
  });

  test('what lies under the mask does not count, NaN included', async () => {
    const values = Array.from(pair.pred?.data ?? [], (value) => value / 255);
    const hidden = values.map((value, i) => (ignore.data[Math.floor(i / 3)] ? Number.NaN : value));
    const target = floats(
      30,
      37,
      3,
      Array.from(pair.target?.data ?? [], (value) => value / 255),
    );
    for (const form of [score, scoreFused]) {
      const shown = await form(ssim, {pred: floats(30, 37, 3, values), target, ignore});
      expect(await form(ssim, {pred: floats(30, 37, 3, hidden), target, ignore})).toEqual(shown);
    }
  });

  test('a window of weight 0 does not count even where it is NaN', async () => {
    const noise = texturedPair(11, 30, 1);
    const unit = (role: string) => Array.from(noise[role]?.data ?? [], (value) => value / 255);
    const broken = unit('pred').map((value, i) => (i % 30 >= 20 ? Number.NaN : value));
    const left = floats(
      11,
      30,
      1,
      Array.from({length: 330}, (_, i) => (i % 30 < 15 ? 1 : 0)),
    );
    const rasters = {pred: floats(11, 30, 1, broken), target: floats(11, 30, 1, unit('target')), weight: left};
    await expectForms(ssim, rasters, reference);
    expect((await scoreFused(ssim, rasters))['']).toBeTypeOf('number');
  });

  test('equal weights change nothing', async () => {
    const plainValue = (await scoreFused(ssim, pair))[''] as number;
    const flat = floats(30, 37, 1, Array(30 * 37).fill(0.25));
    expectClose((await scoreFused(ssim, {...pair, weight: flat}))[''], plainValue, {relative: 1e-12, floor: 0});
    expectClose((await score(ssim, {...pair, weight: flat}))[''], plainValue);
  });
});

describe('undefined', () => {
  const border = (height: number, width: number) =>
    bytes(
      height,
      width,
      1,
      Array.from({length: height * width}, (_, i) => {
        const [row, column] = [Math.floor(i / width), i % width];
        return row >= 5 && row < height - 5 && column >= 5 && column < width - 5 ? 1 : 0;
      }),
    );

  test.each<[string, Rasters, Record<string, unknown>, RegExp]>([
    ['one row short', texturedPair(10, 40, 1), {}, /40×10.*11×11/],
    ['one column short', texturedPair(40, 10, 1), {}, /10×40.*11×11/],
    ['1 × 1', texturedPair(1, 1, 3), {}, /1×1/],
    ['cropped below it', texturedPair(20, 20, 1), {crop_border: 5}, /10×10/],
    ['cropped to nothing', texturedPair(8, 8, 1), {crop_border: 5}, /0×0/],
    ['no valid centre', {...texturedPair(14, 14, 1), ignore: border(14, 14)}, {}, /^no valid pixel$/],
    ['no weight', {...texturedPair(14, 14, 1), weight: bytes(14, 14, 1, Array(196).fill(0))}, {}, /^no valid pixel$/],
    [
      'NaN',
      {pred: floats(11, 11, 1, Array(121).fill(Number.NaN)), target: floats(11, 11, 1, Array(121).fill(0))},
      {},
      /^computed NaN$/,
    ],
  ])('%s', async (_, rasters, options, reason) => {
    for (const form of [score, scoreFused]) {
      const {'': cell} = await form({...ssim, ...options}, rasters);
      expect(cell).toEqual({undefined: expect.stringMatching(reason)});
    }
  });
});

describe('properties of the fused form', () => {
  const pairs = fc
    .record({
      height: fc.integer({min: 11, max: 16}),
      width: fc.integer({min: 11, max: 16}),
      channels: fc.constantFrom(1, 3),
    })
    .chain(({height, width, channels}) => {
      const values = fc.uint8Array({minLength: height * width * channels, maxLength: height * width * channels});
      return fc.record({x: values, y: values}).map(({x, y}) => ({
        pred: bytes(height, width, channels, x),
        target: bytes(height, width, channels, y),
      }));
    });

  test('identity, range, symmetry, 1 − x', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ({pred, target}) => {
        expect((await scoreFused(ssim, {pred, target: pred}))['']).toBe(1);
        const value = (await scoreFused(ssim, {pred, target}))[''] as number;
        expect(value).toBeGreaterThanOrEqual(-1);
        expect(value).toBeLessThanOrEqual(1);
        expect((await scoreFused(ssim, {pred: target, target: pred}))['']).toBe(value);
        expect((await scoreFused({...ssim, form: 'loss'}, {pred, target}))['']).toBe(1 - value);
      }),
      {numRuns: 1000},
    );
  });
});

test('identical images give exactly 1 in the tensor form too', async () => {
  const {pred} = texturedPair(40, 33, 3) as {pred: ReturnType<typeof bytes>};
  expect((await score(ssim, {pred, target: pred}))['']).toBe(1);
  expect((await score({...ssim, form: 'loss'}, {pred, target: pred}))['']).toBe(0);
});

test.each<[string, Rasters]>([
  ['plain', texturedPair(13, 14, 1)],
  ['masked and weighted', {...texturedPair(13, 14, 1), ignore: ignoreMask(13, 14), weight: weightMap(13, 14)}],
])('the gradient of the tensor form, %s', async (_, rasters) => {
  const everywhere = Array.from({length: 13 * 14}, (_, i) => i);
  expect((await gradientOf(ssim, rasters, 2e-3, everywhere)).error).toBeLessThan(1e-2);
});

function plain({pred, target}: Rasters) {
  const unit = (data: ArrayLike<number> = []) => Float64Array.from(data, (value) => value / 255);
  const {height, width, channels} = pred as {height: number; width: number; channels: number};
  const pixels = height * width;
  return {
    height,
    width,
    channels,
    pred: unit(pred?.data),
    target: unit(target?.data),
    weight: new Float64Array(pixels).fill(1),
    ignored: new Uint8Array(pixels),
  };
}

/** Means over whole boxes of one-channel images. */
function shrunk(rasters: Rasters, factor: number): Rasters {
  return Object.fromEntries(
    Object.entries(rasters).map(([role, {data, height, width}]) => {
      const [rows, columns] = [Math.floor(height / factor), Math.floor(width / factor)];
      const values = Array.from({length: rows * columns}, (_, i) => {
        let sum = 0;
        for (let k = 0; k < factor ** 2; k++) {
          const row = Math.floor(i / columns) * factor + Math.floor(k / factor);
          sum += data[row * width + (i % columns) * factor + (k % factor)] as number;
        }
        return sum / factor ** 2 / 255;
      });
      return [role, floats(rows, columns, 1, values)];
    }),
  );
}
