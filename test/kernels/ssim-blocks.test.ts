import {expect, test} from 'vitest';
import {ssimBlockMeans} from '../../src/kernels/ssim-blocks.js';
import type {PixelData, View} from '../../src/kernels/view.js';
import {random} from '../losses/random.js';
import {ssim as reference} from '../losses/reference/ssim.js';

const constants = {c1: 0.01 ** 2, c2: 0.03 ** 2, centre: 0.5};

type Shape = readonly [height: number, width: number, channels: number];

function view([height, width, channels]: Shape, data: PixelData, scale: number, offset = 0): View {
  return {data, scale, offset, height, width, channels, integer: scale !== 1};
}

/** Noise on a ramp, and the same with some more noise. */
function pair([height, width, channels]: Shape, levels: number, seed: number): [number[], number[]] {
  const next = random(seed);
  const x = Array.from({length: height * width * channels}, (_, i) =>
    Math.floor(levels * (0.4 * next() + (0.5 * (i % width)) / width)),
  );
  return [x, x.map((value) => Math.min(levels - 1, Math.floor(value + 0.1 * levels * next())))];
}

/** Direct window sums over the channels' mean. */
function direct(pred: View, target: View): number {
  const values = ({data, scale, offset}: View) => Float64Array.from(data, (value) => value * scale + offset);
  const {height, width, channels} = pred;
  const pixels = height * width;
  const weight = new Float64Array(pixels).fill(1);
  const sample = {height, width, channels, pred: values(pred), target: values(target), weight};
  return reference({...sample, ignored: new Uint8Array(pixels)}, {});
}

function expectDirect(pred: View, target: View, blockBytes?: number): void {
  const {ssim} = ssimBlockMeans(pred, target, constants, blockBytes);
  const mean = ssim.reduce((sum, value) => sum + value, 0) / ssim.length;
  expect(Math.abs(mean / direct(pred, target) - 1), `${pred.height}×${pred.width}×${pred.channels}`).toBeLessThan(
    1e-10,
  );
}

/** Around the kernel's strides: four elements at once, tiles of 128 windows, sixteen rows of windows. */
const shapes: readonly Shape[] = [
  [11, 11, 1],
  [12, 12, 2],
  [13, 14, 4],
  [26, 13, 5],
  [27, 11, 6],
  [28, 137, 1],
  [14, 138, 1],
  [11, 139, 3],
  [43, 19, 3],
];

test.each(shapes)('%i × %i × %i of 8 bits, 16 bits, floats and two kinds', (...shape) => {
  const [x, y] = pair(shape, 256, shape[0] * shape[1]);
  const bytes = (data: number[]) => view(shape, Uint8Array.from(data), 1 / 255);
  expectDirect(bytes(x), bytes(y));
  const floats = (data: number[]) =>
    view(
      shape,
      Float32Array.from(data, (value) => value / 255),
      1,
    );
  expectDirect(floats(x), floats(y));
  expectDirect(bytes(x), floats(y));
  const [deepX, deepY] = pair(shape, 65_536, shape[1]);
  expectDirect(view(shape, Uint16Array.from(deepX), 1 / 65_535), view(shape, Uint16Array.from(deepY), 1 / 65_535));
  expectDirect(view(shape, Uint8Array.from(x), 2 / 255, -1), view(shape, Uint8Array.from(y), 2 / 255, -1));
});

test('blocks of rows and columns have the windows of the whole', () => {
  const shape: Shape = [230, 150, 3];
  const [x, y] = pair(shape, 256, 7);
  const [pred, target] = [view(shape, Uint8Array.from(x), 1 / 255), view(shape, Uint8Array.from(y), 1 / 255)];
  const whole = ssimBlockMeans(pred, target, constants);
  const parts = ssimBlockMeans(pred, target, constants, 96 * 40 * 3);
  expect(parts.weight).toBe(220 * 140);
  whole.ssim.forEach((value, channel) => {
    expect(parts.ssim[channel]).toBeCloseTo(value, 12);
    expect(parts.contrast[channel]).toBeCloseTo(whole.contrast[channel] as number, 12);
  });
});

test('NaN in one channel leaves the others alone', () => {
  const shape: Shape = [15, 17, 2];
  const [x, y] = pair(shape, 256, 9);
  const broken = Float32Array.from(x, (value, i) => (i === 100 ? Number.NaN : value / 255));
  const {ssim} = ssimBlockMeans(view(shape, broken, 1), view(shape, Uint8Array.from(y), 1 / 255), constants);
  expect(ssim[0]).toBeNaN();
  expect(ssim[1]).not.toBeNaN();
});
