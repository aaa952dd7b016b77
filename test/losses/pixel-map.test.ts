import {expect, test} from 'vitest';
import type {PixelMap} from '../../src/losses/pixel-map.js';
import {expectClose} from './close.js';
import {random} from './random.js';
import {gmsd} from './reference/gmsd.js';
import {plainSample} from './reference/sample.js';
import {ssim} from './reference/ssim.js';
import {bytes, createLoss, floats, type LossConfig, type Rasters, viewsOf, wasm} from './score.js';

async function mapOf(config: LossConfig, rasters: Rasters): Promise<PixelMap> {
  const {descriptor, instance} = await createLoss(config, await wasm());
  if (!instance.pixelMap) throw new Error(`${config.type} has no map`);
  return instance.pixelMap.of(viewsOf(descriptor, instance, rasters));
}

/** Noise of 8 bits. */
function noise(seed: number, height: number, width: number, channels: number) {
  const next = random(seed);
  return bytes(
    height,
    width,
    channels,
    Array.from({length: height * width * channels}, () => Math.floor(256 * next())),
  );
}

test('an error is where the images differ, and is the mean over channels', async () => {
  const target = floats(3, 4, 3, new Float64Array(36));
  const pred = floats(3, 4, 3, new Float64Array(36));
  pred.data[3 * (1 * 4 + 2) + 1] = 0.6;
  for (const [config, value] of [
    [{type: 'mse'}, 0.36 / 3],
    [{type: 'rmse'}, 0.36 / 3],
    [{type: 'mae'}, 0.2],
    [{type: 'psnr'}, 0.36 / 3],
    [{type: 'huber', delta: 0.1}, (0.1 * 0.55) / 3],
  ] as const) {
    const {values} = await mapOf(config, {pred, target});
    expect(values.filter((_, i) => i !== 6)).toStrictEqual(new Float64Array(11));
    expectClose(values[6], value);
  }
});

test('a pixel that weighs nothing has no error, one that weighs little has its own', async () => {
  const rasters = {
    pred: floats(1, 3, 1, [0.5, 0.5, 0.5]),
    target: floats(1, 3, 1, [0, 0, 0]),
    weight: floats(1, 3, 1, [0, 0.1, 1]),
  };
  const {values, weights} = await mapOf({type: 'mae'}, rasters);
  expect([...values]).toEqual([Number.NaN, 0.5, 0.5]);
  expect(Array.from(weights ?? [])).toEqual([0, Math.fround(0.1), 1]);
});

test('the map of SSIM holds the SSIM of each window by itself, at its centre', async () => {
  const [pred, target] = [noise(1, 14, 17, 3), noise(2, 14, 17, 3)];
  const {values} = await mapOf({type: 'ssim'}, {pred, target});
  const window = (image: typeof pred, row: number, column: number) =>
    bytes(
      11,
      11,
      3,
      Array.from({length: 363}, (_, i) => {
        const [y, x] = [row + Math.floor(i / 33), column + Math.floor((i % 33) / 3)];
        return image.data[(y * 17 + x) * 3 + (i % 3)] as number;
      }),
    );
  for (const [row, column] of [
    [0, 0],
    [3, 6],
    [1, 4],
  ] as const) {
    const rasters = {pred: window(pred, row, column), target: window(target, row, column)};
    expectClose(values[(row + 5) * 17 + column + 5], ssim(plainSample(rasters, {}), {}));
  }
  expect([4 * 17 + 8, 9 * 17 + 8, 7 * 17 + 4, 7 * 17 + 12].map((at) => values[at])).toStrictEqual(
    Array(4).fill(Number.NaN),
  );
});

test('SSIM of shrunk images fills the pixels of each centre', async () => {
  const [pred, target] = [noise(3, 24 * 24, 24 * 24, 1), noise(4, 24 * 24, 24 * 24, 1)];
  const {values} = await mapOf({type: 'ssim', downsample: 'auto', form: 'loss'}, {pred, target});
  const finite = values.filter((value) => !Number.isNaN(value));
  // 576 / 256 rounds to 2: 288 coarse pixels, 278 windows a side.
  expect(finite.length).toBe((2 * 278) ** 2);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const options = {downsample: 'auto', form: 'loss'};
  expectClose(mean, ssim(plainSample({pred, target}, options), options));
});

test('the deviation of the map of GMSD is the value', async () => {
  const [pred, target] = [noise(5, 16, 22, 3), noise(6, 16, 22, 3)];
  const {values} = await mapOf({type: 'gmsd'}, {pred, target});
  const n = values.length / 4;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const reference = gmsd(plainSample({pred, target}, {color: 'luma8'}), {});
  expectClose(Math.sqrt((variance * n) / (n - 1)), reference);
});

test('false positives and false negatives are 1, and what is ignored is no number', async () => {
  const pred = bytes(1, 5, 1, [1, 1, 0, 0, 1]);
  const target = bytes(1, 5, 1, [1, 0, 1, 0, 0]);
  const ignore = bytes(1, 5, 1, [0, 0, 0, 0, 1]);
  const {values} = await mapOf({type: 'dice'}, {pred, target, ignore});
  expect([...values]).toStrictEqual([0, 1, 1, 0, Number.NaN]);
});

test('features differ where the images do', async () => {
  const target = noise(7, 96, 96, 3);
  const pred = {...target, data: target.data.slice()};
  for (let y = 0; y < 24; y++) for (let x = 0; x < 24 * 3; x++) pred.data[y * 96 * 3 + x] = 0;
  const {values} = await mapOf({type: 'perceptual'}, {pred, target});
  const meanOf = (top: number, left: number) => {
    let sum = 0;
    for (let y = top; y < top + 24; y++) for (let x = left; x < left + 24; x++) sum += values[y * 96 + x] as number;
    return sum / 24 ** 2;
  };
  const [corner, beside, far] = [meanOf(0, 0), meanOf(0, 72), meanOf(72, 72)];
  expect(corner).toBeGreaterThan(0);
  expect([beside, far]).toStrictEqual([0, 0]);
});

test('images too small for a window are refused in the words of the row', async () => {
  const small = noise(8, 5, 5, 1);
  await expect(mapOf({type: 'ssim'}, {pred: small, target: small})).rejects.toThrow(
    'the image is 5×5, smaller than the 11×11 window',
  );
});

test.each([
  ['inside', 6, 9],
  ['at the first pixel', 0, 0],
  ['at the last', 14, 20],
  ['at the right edge', 5, 20],
])('the map of GMSD has no value where an ignored pixel takes part: %s', async (_, row, column) => {
  const [height, width] = [15, 21];
  const [pred, target] = [noise(7, height, width, 3), noise(8, height, width, 3)];
  const marks = new Uint8Array(height * width);
  marks[row * width + column] = 1;
  const ignore = bytes(height, width, 1, marks);
  const {values: whole} = await mapOf({type: 'gmsd'}, {pred, target});
  const {values} = await mapOf({type: 'gmsd'}, {pred, target, ignore});
  expect(values).toHaveLength(height * width);
  // Gradients reach one pixel of the halved image, which is two by two of these.
  const isNear = (a: number, b: number) => Math.abs((a >> 1) - (b >> 1)) <= 1;
  const expected = whole.map((value, i) =>
    isNear(Math.floor(i / width), row) && isNear(i % width, column) ? Number.NaN : value,
  );
  expect([...values]).toEqual([...expected]);
});

test('the map of GMSD of an image that halves to less than two pixels is refused', async () => {
  const small = noise(9, 1, 2, 1);
  await expect(mapOf({type: 'gmsd'}, {pred: small, target: small})).rejects.toThrow(
    expect.objectContaining({code: 'too-small', message: 'the image is 2×1: nothing to compare'}),
  );
});

test.each(['ssim', 'ms-ssim'])('higher is better in the map of %s, lower in its form as a loss', async (type) => {
  const tf = await wasm();
  const maps = [{}, {form: 'loss'}].map(async (form) => (await createLoss({type, ...form}, tf)).instance.pixelMap);
  expect((await Promise.all(maps)).map((map) => map?.better)).toEqual(['higher', 'lower']);
});
