import {describe, expect, test} from 'vitest';
import {multiScaleSsimMeans, ssimMeans} from '../../src/kernels/ssim.js';
import type {PixelData, View} from '../../src/kernels/view.js';
import {random} from '../losses/random.js';

const constants = {c1: 0.01 ** 2, c2: 0.03 ** 2, centre: 0.5};

function view(height: number, width: number, channels: number, data: PixelData, scale = 1): View {
  return {data, scale, offset: 0, height, width, channels, integer: scale !== 1};
}

function noise(length: number, seed: number): Uint8Array {
  const next = random(seed);
  return Uint8Array.from({length}, () => Math.floor(256 * next()));
}

const everywhere = {valid: null, weights: null};

test('flat images have the luminance term alone', () => {
  const level = (value: number) => view(13, 12, 1, new Float64Array(13 * 12).fill(value));
  const {ssim, contrast, weight} = ssimMeans({pred: level(0.2), target: level(0.6), ...everywhere}, constants, 1);
  expect(ssim[0]).toBeCloseTo((2 * 0.2 * 0.6 + 1e-4) / (0.2 ** 2 + 0.6 ** 2 + 1e-4), 12);
  expect(contrast[0]).toBeCloseTo(1, 12);
  expect(weight).toBe(3 * 2);
});

test('where the values are centred does not matter', () => {
  const pair = {
    pred: view(20, 30, 3, noise(1800, 1), 1 / 255),
    target: view(20, 30, 3, noise(1800, 2), 1 / 255),
    ...everywhere,
  };
  const at = (centre: number) => ssimMeans(pair, {...constants, centre}, 1).ssim;
  at(0).forEach((value, channel) => {
    expect(at(0.5)[channel]).toBeCloseTo(value, 12);
  });
});

test('each channel is scored as it would be alone', () => {
  const [x, y] = [noise(25 * 17 * 3, 3), noise(25 * 17 * 3, 4)];
  const together = ssimMeans({pred: view(25, 17, 3, x), target: view(25, 17, 3, y), ...everywhere}, constants, 1);
  const plane = (data: Uint8Array, channel: number) =>
    view(
      25,
      17,
      1,
      data.filter((_, i) => i % 3 === channel),
    );
  for (const channel of [0, 1, 2]) {
    const alone = ssimMeans({pred: plane(x, channel), target: plane(y, channel), ...everywhere}, constants, 1);
    expect(together.ssim[channel]).toBeCloseTo(alone.ssim[0] as number, 12);
  }
});

test('a turned image has the same value', () => {
  const [x, y] = [noise(31 * 14, 5), noise(31 * 14, 6)];
  const turned = (data: Uint8Array) => data.map((_, i) => data[(i % 31) * 14 + Math.floor(i / 31)] as number);
  const upright = ssimMeans(
    {pred: view(31, 14, 1, x, 1 / 255), target: view(31, 14, 1, y, 1 / 255), ...everywhere},
    constants,
    1,
  );
  const lying = ssimMeans(
    {pred: view(14, 31, 1, turned(x), 1 / 255), target: view(14, 31, 1, turned(y), 1 / 255), ...everywhere},
    constants,
    1,
  );
  expect(lying.ssim[0]).toBeCloseTo(upright.ssim[0] as number, 12);
});

test('a mask that ignores nothing changes nothing', () => {
  const [x, y] = [noise(400, 7), noise(400, 8)];
  const images = {pred: view(20, 20, 1, x, 1 / 255), target: view(20, 20, 1, y, 1 / 255)};
  const masked = {valid: new Uint8Array(400).fill(1), weights: new Float32Array(400).fill(1)};
  expect(ssimMeans({...images, ...masked}, constants, 1).ssim[0]).toBeCloseTo(
    ssimMeans({...images, ...everywhere}, constants, 1).ssim[0] as number,
    12,
  );
});

describe('scales', () => {
  test('the finest is the image itself, the next its 2×2 means', () => {
    const [x, y] = [noise(44 * 46, 9), noise(44 * 46, 10)];
    const pair = {pred: view(44, 46, 1, x, 1 / 255), target: view(44, 46, 1, y, 1 / 255), ...everywhere};
    const [finest, next] = multiScaleSsimMeans(pair, constants, 2);
    expect(finest).toEqual(ssimMeans(pair, constants, 1));
    expect(next).toEqual(ssimMeans(pair, constants, 2));
  });

  test('windows are counted at every scale, odd sides rounded up', () => {
    const pair = {pred: view(47, 43, 1, noise(2021, 11)), target: view(47, 43, 1, noise(2021, 12)), ...everywhere};
    const weights = multiScaleSsimMeans(pair, constants, 3).map(({weight}) => weight);
    expect(weights).toEqual([37 * 33, 14 * 12, 2 * 1]);
  });
});

test('4096 × 4096 needs rows of memory, not images', () => {
  const side = 4096;
  const data = new Uint8Array(side * side).fill(77);
  const image = view(side, side, 1, data, 1 / 255);
  const before = process.memoryUsage().arrayBuffers;
  const {ssim} = ssimMeans({pred: image, target: image, ...everywhere}, constants, 1);
  expect(ssim[0]).toBe(1);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
});
