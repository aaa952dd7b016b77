import {describe, expect, test} from 'vitest';
import {expectClose} from '../close.js';
import {msSsim as reference} from '../reference/ssim.js';
import {bytes, floats, type Rasters, score, scoreFused} from '../score.js';
import {expectForms, gradientOf} from './forms.js';
import {flatPair, ignoreMask, texturedPair, weightMap} from './images.js';

const msSsim = {type: 'ms-ssim'};

describe('against direct window sums in two passes', () => {
  test.each([
    [161, 161, 1],
    [161, 177, 3],
    [176, 163, 1],
    [190, 181, 1],
  ])('%i × %i × %i', async (height, width, channels) => {
    await expectForms(msSsim, texturedPair(height, width, channels, height), reference);
  });

  test('flat images, where a variance is the small difference of two moments', async () => {
    await expectForms(msSsim, flatPair(163, 161, 1), reference);
  });

  test.each([[{k1: 0.02, k2: 0.05}], [{range: [0, 255]}], [{color: 'luma8'}], [{crop_border: 3}], [{form: 'loss'}]])(
    'with %o',
    async (options) => {
      await expectForms({...msSsim, ...options}, texturedPair(169, 171, 3), reference);
    },
  );

  test.each([
    ['ignore', {ignore: ignoreMask(170, 165)}],
    ['weight', {weight: weightMap(170, 165)}],
    ['both', {ignore: ignoreMask(170, 165), weight: weightMap(170, 165)}],
  ])('with the roles %s', async (_, roles) => {
    await expectForms(msSsim, {...texturedPair(170, 165, 1), ...roles}, reference);
  });
});

test('a negative mean counts as 0', async () => {
  const checks = Array.from({length: 161 * 161}, (_, i) => (i % 2) * 255);
  const rasters = {
    pred: bytes(161, 161, 1, checks),
    target: bytes(
      161,
      161,
      1,
      checks.map((value) => 255 - value),
    ),
  };
  expect((await scoreFused(msSsim, rasters))['']).toBe(0);
  expect((await score(msSsim, rasters))['']).toBe(0);
  expect((await score({...msSsim, form: 'loss'}, rasters))['']).toBe(1);
});

test('identity is exactly 1, and the images may change places', async () => {
  const {pred, target} = texturedPair(163, 170, 3) as Record<'pred' | 'target', ReturnType<typeof bytes>>;
  for (const form of [score, scoreFused]) {
    expect((await form(msSsim, {pred, target: pred}))['']).toBe(1);
    const value = (await form(msSsim, {pred, target}))[''] as number;
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(1);
    expectClose((await form(msSsim, {pred: target, target: pred}))[''], value, {relative: 1e-6, floor: 0});
  }
});

describe('undefined', () => {
  /** Valid everywhere but within `margin` pixels of the middle. */
  const hole = (side: number, margin: number) =>
    bytes(
      side,
      side,
      1,
      Array.from({length: side * side}, (_, i) => {
        const away = Math.max(Math.abs(Math.floor(i / side) - side / 2), Math.abs((i % side) - side / 2));
        return away < margin ? 1 : 0;
      }),
    );
  const nothing = bytes(161, 161, 1, Array(161 ** 2).fill(0));

  test.each<[string, Rasters, Record<string, unknown>, RegExp]>([
    ['160 pixels', texturedPair(300, 160, 1), {}, /160×300.*161/],
    ['cropped below 161', texturedPair(164, 164, 1), {crop_border: 2}, /160×160.*161/],
    ['1 × 1', texturedPair(1, 1, 1), {}, /1×1/],
    [
      'no valid centre at the coarsest scale',
      {...texturedPair(161, 161, 1), ignore: hole(161, 20)},
      {},
      /^no valid pixel$/,
    ],
    ['no weight', {...texturedPair(161, 161, 1), weight: nothing}, {}, /^no valid pixel$/],
    ['NaN', {pred: floats(161, 161, 1, Array(161 ** 2).fill(Number.NaN)), target: nothing}, {}, /^computed NaN$/],
  ])('%s', async (_, rasters, options, reason) => {
    for (const form of [score, scoreFused]) {
      const {'': cell} = await form({...msSsim, ...options}, rasters);
      expect(cell).toEqual({undefined: expect.stringMatching(reason)});
    }
  });
});

test('the gradient of the tensor form', async () => {
  const rasters = {...texturedPair(161, 161, 1), weight: weightMap(161, 161)};
  expect((await gradientOf(msSsim, rasters, 2e-2, [80 * 161 + 80, 5 * 161 + 7, 100 * 161 + 40])).error).toBeLessThan(
    2e-2,
  );
}, 120_000);
