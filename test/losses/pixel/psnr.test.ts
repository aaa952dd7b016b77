import {expect, test} from 'vitest';
import {losses} from '../../../src/losses/registry.js';
import {bytes, createLoss, floats, score, scoreFused, wasm} from '../score.js';

const aggregate = (
  parts: Readonly<Record<string, readonly number[]>>,
  options: Readonly<Record<string, unknown>> = {},
) => {
  const psnr = losses.find(({id}) => id === 'psnr');
  const column = (part: string) => parts[part] ?? [];
  return psnr?.aggregate?.(
    {parts: Object.keys(parts), column, numbers: column, keys: () => []},
    psnr.options.parse(options),
  );
};

test('a mean squared error of 0.01 is 20 dB', async () => {
  const images = {pred: floats(1, 2, 1, [0.1, 0.4]), target: floats(1, 2, 1, [0, 0.5])};
  for (const run of [score, scoreFused]) {
    const cells = await run({type: 'psnr'}, images);
    expect(cells['']).toBeCloseTo(20, 5);
    expect(cells.squared_error).toBeCloseTo(0.02, 7);
    expect(cells.count).toBe(2);
  }
});

test('identical images are infinite', async () => {
  const image = bytes(
    3,
    3,
    3,
    Array.from({length: 27}, (_, i) => i),
  );
  for (const run of [score, scoreFused]) {
    const cells = await run({type: 'psnr'}, {pred: image, target: image});
    expect(cells).toEqual({'': Infinity, squared_error: 0, count: 27});
  }
});

test('the count is channels times the sum of the weights', async () => {
  const image = bytes(1, 2, 3, [1, 2, 3, 4, 5, 6]);
  const maps = {weight: floats(1, 2, 1, [0.5, 0.25])};
  for (const run of [score, scoreFused]) {
    expect((await run({type: 'psnr'}, {pred: image, target: image, ...maps})).count).toBe(2.25);
  }
});

test('no valid pixel is undefined', async () => {
  const image = bytes(1, 1, 1, [7]);
  for (const run of [score, scoreFused]) {
    const cells = await run({type: 'psnr'}, {pred: image, target: image, ignore: bytes(1, 1, 1, [1])});
    expect(cells['']).toEqual({undefined: 'no valid pixel'});
  }
});

test('range is the peak', async () => {
  const images = {pred: bytes(1, 1, 1, [90]), target: bytes(1, 1, 1, [41])};
  const unit = (await score({type: 'psnr'}, images))[''];
  expect((await score({type: 'psnr', range: [0, 255]}, images))['']).toBeCloseTo(unit as number, 4);
  expect(unit).toBeCloseTo(20 * Math.log10(255 / 49), 5);
});

test('the dataset value pools the squared errors, not the decibels', () => {
  // 4 numbers at 0.04 and 6 identical ones: mse 0.004.
  expect(aggregate({squared_error: [0.04, 0], count: [4, 6]})?.dataset).toBeCloseTo(10 * Math.log10(10 / 0.04), 10);
  expect(aggregate({squared_error: [400, 0], count: [4, 6]}, {range: [-100, 100]})?.dataset).toBeCloseTo(
    10 * Math.log10((200 ** 2 * 10) / 400),
    10,
  );
  expect(aggregate({squared_error: [0, 0], count: [4, 6]})?.dataset).toBe(Infinity);
  expect(aggregate({})?.dataset).toBeNull();
});

test('its sums are columns beside it, which are no objective', async () => {
  const {instance} = await createLoss({type: 'psnr'}, await wasm());
  expect(instance.columns).toEqual([
    {part: '', better: 'higher'},
    {part: 'squared_error', better: 'none'},
    {part: 'count', better: 'none'},
  ]);
});
