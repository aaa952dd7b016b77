import fc from 'fast-check';
import {beforeAll, expect, test} from 'vitest';
import type {Device} from '../../../src/device/device.js';
import {promote} from '../../../src/images/pair.js';
import type {Raster} from '../../../src/images/raster.js';
import type {StoredRaster} from '../../../src/images/strips/decode-to-disk.js';
import {ssimBlockMeans} from '../../../src/kernels/ssim-blocks.js';
import {rootVariation, variation} from '../../../src/kernels/variation.js';
import type {PixelData, View} from '../../../src/kernels/view.js';
import type {ConfiguredLoss} from '../../../src/run/configured-loss.js';
import {scoreLoss} from '../../../src/run/score.js';
import {scoreStored} from '../../../src/run/strips/score-stored.js';
import {promoteStored, StoredImages} from '../../../src/run/strips/stored-sample.js';
import {stored} from '../../images/strips/folders.js';
import {random} from '../../losses/random.js';
import {photoCrops} from '../crops.js';
import {cpu} from '../devices.js';
import {builtIn, configured} from '../losses.js';
import {decodedSample} from '../samples.js';

let device: Device;
let losses: readonly ConfiguredLoss[];

beforeAll(async () => {
  device = await cpu();
  const entries: readonly [type: string, ...options: Record<string, unknown>[]][] = [
    ['mse', {}, {color: 'luma'}],
    ['mae', {range: [-1, 1]}],
    ['rmse', {crop_border: 2}],
    ['huber', {delta: 0.1}],
    ['charbonnier', {}],
    ['log-cosh', {color: 'ycbcr-y', crop_border: 1}],
    ['psnr', {color: 'luma8'}],
    ['ssim', {}, {form: 'loss', range: [-1, 1]}, {color: 'luma', crop_border: 3}, {downsample: 'auto'}],
    ['ms-ssim', {}, {color: 'luma8'}],
    ['total-variation', {}, {mode: 'isotropic', crop_border: 1}, {mode: 'squared', reduction: 'mean'}],
    ['gmsd', {}],
  ];
  const each = entries.flatMap(([type, ...options]) =>
    options.map((one, i) => builtIn(type, one, {id: i === 0 ? type : `${type}-${i}`})),
  );
  losses = await configured(...each);
});

/** Every loss of a pair, from memory and from the disk, which must be the same bits. */
async function expectSameBits(pred: Raster, target: Raster, which = losses): Promise<void> {
  const [x, y] = promote([pred, target]) as [Raster, Raster];
  const decoded = decodedSample('a', {pred: x, target: y});
  const files = new Map([
    ['pred', await stored(pred)],
    ['target', await stored(target)],
  ]);
  const images = new StoredImages('a', promoteStored(files));
  for (const loss of which) {
    const [expected] = await scoreLoss(loss, [decoded], {device});
    expect(await scoreStored(loss, images, {}), loss.id).toEqual(expected);
  }
}

function noise(height: number, width: number, channels: number, wide: boolean, seed: number): Raster {
  const next = random(seed);
  const maximum = wide ? 65_535 : 255;
  const array = wide ? Uint16Array : Uint8Array;
  const levels = Array.from({length: height * width * channels}, () => Math.floor((maximum + 1) * next()));
  return {data: array.from(levels), height, width, channels, maximum};
}

test('random images of every size, depth and number of channels', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({min: 1, max: 40}),
      fc.integer({min: 1, max: 40}),
      fc.constantFrom(1, 3),
      fc.constantFrom(1, 3),
      fc.boolean(),
      fc.boolean(),
      fc.nat(1e6),
      async (height, width, channels, others, wide, widened, seed) => {
        await expectSameBits(
          noise(height, width, channels, wide, seed),
          noise(height, width, others, widened, seed + 1),
        );
      },
    ),
    {numRuns: 30},
  );
});

test('images that are longer than a block of the kernels, and of five scales', async () => {
  const [crop] = await photoCrops(1, 256, 256);
  const {pred, target} = crop as {pred: Raster; target: Raster};
  const plain = losses.filter(({id}) => !/-\d$/.test(id));
  await expectSameBits(tiled(pred, 1300, 1111), tiled(target, 1300, 1111), plain);
});

/** An image repeated to that size. */
function tiled({data, height, width, channels, maximum}: Raster, rows: number, columns: number): Raster {
  const out = new Uint8Array(rows * columns * channels);
  for (let i = 0; i < out.length; i++) {
    const [y, x] = [Math.floor(i / channels / columns), Math.floor(i / channels) % columns];
    out[i] = data[((y % height) * width + (x % width)) * channels + (i % channels)] as number;
  }
  return {data: out, height: rows, width: columns, channels, maximum};
}

test('strips of any height', async () => {
  const [x, y] = [noise(70, 37, 3, false, 5), noise(70, 37, 3, false, 6)];
  const view = <Data extends PixelData | StoredRaster['data']>(data: Data): View<Data> => ({
    ...{data, height: 70, width: 37, channels: 3},
    ...{scale: 1 / 255, offset: 0, integer: true},
  });
  const [inFile, otherInFile] = [view((await stored(x)).data), view((await stored(y)).data)];
  const constants = {c1: 1e-4, c2: 9e-4, centre: 0.5};
  for (const bytes of [900, 1500, 3300, 7000, 20_000]) {
    expect(ssimBlockMeans(inFile, otherInFile, constants, bytes)).toEqual(
      ssimBlockMeans(view(x.data), view(y.data), constants, bytes),
    );
    expect(variation(inFile, bytes)).toEqual(variation(view(x.data), bytes));
    expect(rootVariation(inFile, bytes)).toBe(rootVariation(view(x.data), bytes));
  }
});
