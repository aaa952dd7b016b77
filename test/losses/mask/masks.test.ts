import {expect, test} from 'vitest';
import {hardMasks} from '../../../src/losses/mask/masks.js';
import {IGNORED} from '../../../src/losses/pixel/class-labels.js';
import type {SampleViews} from '../../../src/losses/sample-contract.js';
import {bytes, createLoss, type Rasters, viewsOf, wasm} from '../score.js';

const options = {input: 'auto', ignore_index: null, threshold: 0.5} as const;
const pred = bytes(1, 4, 1, [0, 255, 255, 0]);
const target = bytes(1, 4, 1, [0, 255, 0, 255]);
const ignore = bytes(1, 4, 1, [0, 0, 1, 1]);

async function views(rasters: Rasters): Promise<SampleViews> {
  const {descriptor, instance} = await createLoss({type: 'dice'}, await wasm());
  return viewsOf(descriptor, instance, rasters);
}

test('losses that read a sample alike share its masks', async () => {
  for (const rasters of [
    {pred, target},
    {pred, target, ignore},
  ]) {
    const [first, second] = [await views(rasters), await views(rasters)];
    const masks = hardMasks(first, options, null);
    expect(hardMasks(second, options, null)).toBe(masks);
    expect(hardMasks(second, {...options, threshold: 0.6}, null)).not.toBe(masks);
  }
});

test('with other ignored pixels the same images are other masks', async () => {
  const all = hardMasks(await views({pred, target}), options, null);
  const half = hardMasks(await views({pred, target, ignore}), options, null);
  const other = hardMasks(await views({pred, target, ignore: bytes(1, 4, 1, [1, 0, 0, 0])}), options, null);
  expect([all, half, other].map((masks) => [...masks.target])).toEqual([
    [0, 1, 0, 1],
    [0, 1, IGNORED, IGNORED],
    [IGNORED, 1, 0, 1],
  ]);
});
