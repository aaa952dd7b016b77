import {expect, test} from 'vitest';
import type {ImageInput, Model} from '../../src/models/model.js';
import {outputImage} from '../../src/models/output-image.js';

const INPUT: ImageInput = {
  ...{color: 'rgb', channels: 3, layout: 'nchw', size: null, batch: null, element: 'float32'},
  ...{range: [0, 255], mean: [10, 20, 30], std: [2, 4, 8]},
};

function modelOf(input: Partial<ImageInput>): Model {
  const nothing = {format: 'onnx', sha256: '', versions: {}, outputShape: null} as const;
  return {
    ...nothing,
    name: 'M',
    output: 'out',
    input: {...INPUT, ...input},
    run: async () => [],
    close: async () => {},
  };
}

/** One pixel of R, G, B in 0..1, as a model gives it by the definition: range, minus mean, divided by std. */
const PIXEL = [0.2, 0.4, 0.9];
const asWritten = PIXEL.map((value, c) => (255 * value - (INPUT.mean[c] as number)) / (INPUT.std[c] as number));
const near = PIXEL.map((value) => expect.closeTo(value, 6));

test.each([
  ['as its input is written', {}, [3, 1, 1], asWritten, null],
  ['blue first', {color: 'bgr', mean: [30, 20, 10], std: [8, 4, 2]}, [3, 1, 1], [...asWritten].reverse(), null],
  ['by a range of its own, without mean and std', {}, [3, 1, 1], PIXEL.map((value) => 2 * value - 1), [-1, 1]],
  ['channels last, a range that goes down', {layout: 'nhwc'}, [1, 1, 3], PIXEL.map((value) => 1 - value), [1, 0]],
] as const)('an output is read %s', (_name, input, shape, values, range) => {
  const output = {shape, values: Float32Array.from(values)};
  expect([...outputImage(modelOf(input), output, range).data]).toEqual(near);
});

test('planes keep their places', () => {
  const values = Float32Array.from({length: 3 * 2 * 4}, (_, i) => i);
  const {data, height, width} = outputImage(modelOf({}), {shape: [3, 2, 4], values}, [0, 1]);
  expect([height, width]).toEqual([2, 4]);
  expect([...data.slice(0, 6)]).toEqual([0, 8, 16, 1, 9, 17]);
});
