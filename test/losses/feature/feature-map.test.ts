import {expect, test} from 'vitest';
import {createLoss, viewsOf, wasm} from '../score.js';
import {ignoreMap, isValid, photographs, SIZE} from './setup.js';

test('a map is NaN where no position that counts has its share of the image, though the pixel itself be valid', async () => {
  const {pred, target} = await photographs();
  const {descriptor, instance} = await createLoss({type: 'perceptual', layers: {relu_conv1: 1}}, await wasm());
  const ignore = ignoreMap();
  const map = await instance.pixelMap?.of(viewsOf(descriptor, instance, {pred, target, ignore}));
  // conv1 has 29 × 29 positions without padding, (64 − 7) / 2 rounded down and one more.
  const side = 29;
  const counts = isValid('relu_conv1');
  const isCovered = (row: number, column: number) => {
    const of = (at: number) => [Math.floor((at * side) / SIZE), Math.ceil(((at + 1) * side) / SIZE) - 1] as const;
    const [[top, bottom], [left, right]] = [of(row), of(column)];
    return [top, bottom].some((y) => [left, right].some((x) => counts(y, x)));
  };
  const expected = Array.from({length: SIZE ** 2}, (_, i) => isCovered(Math.floor(i / SIZE), i % SIZE));
  const uncovered = [...ignore.data.keys()].filter((i) => ignore.data[i] === 0 && !expected[i]);
  expect(uncovered.length).toBeGreaterThan(50);
  expect(Array.from(map?.values ?? [], (value) => !Number.isNaN(value))).toEqual(expected);
});
