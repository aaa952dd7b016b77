import {expect, test} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {ImageInput} from '../../../src/models/model.js';
import {modelImage} from '../../../src/run/own-network/model-image.js';

const input = (channels: 1 | 3, size: ImageInput['size'] = null): ImageInput => ({
  ...{color: channels === 1 ? 'grey' : 'rgb', channels, layout: 'nchw', size, range: [0, 1], mean: [0], std: [1]},
  ...{batch: null, element: 'float32'},
});
const view = (data: Uint8Array, channels: number): View => ({
  ...{data, channels, height: 1, width: data.length / channels, scale: 1 / 255, offset: 0, integer: true},
});

test('grey is three equal channels, and colours are their luma', () => {
  const grey = modelImage(view(Uint8Array.of(51, 255), 1), input(3));
  expect(grey).toMatchObject({height: 1, width: 2, channels: 3, maximum: null});
  expect([...grey.data]).toEqual([0.2, 0.2, 0.2, 1, 1, 1].map((value) => expect.closeTo(value, 12)));
  const colours = modelImage(view(Uint8Array.of(255, 0, 0, 51, 102, 204), 3), input(1));
  expect([...colours.data]).toEqual(
    [0.299, 0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.8].map((value) => expect.closeTo(value, 12)),
  );
});

test('an image of the model’s size stays as it is, another one is resampled without rounding', () => {
  const row = view(Uint8Array.of(0, 51, 102, 153), 1);
  expect([...modelImage(row, input(1, [1, 4])).data]).toEqual(
    [0, 0.2, 0.4, 0.6].map((value) => expect.closeTo(value, 12)),
  );
  const half = modelImage(row, input(1, [1, 2]));
  expect(half).toMatchObject({height: 1, width: 2});
  // A ramp stays one, so its halves are as far apart on each side of the middle.
  expect((half.data[0] as number) + (half.data[1] as number)).toBeCloseTo(0.6, 12);
});
