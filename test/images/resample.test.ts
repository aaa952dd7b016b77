import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {resample} from '../../src/images/resample.js';
import {npyBytes, pattern} from './fixtures.js';

const SIZES = [
  [5, 7],
  [3, 4],
  [10, 14],
  [2, 11],
  [1, 1],
  [9, 3],
] as const;

function pillow(height: number, width: number): Float32Array {
  const bytes = npyBytes(`resampled/bicubic-${height}x${width}.npy`);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

describe.each(SIZES)('to %i x %i', (height, width) => {
  test('floats are Pillow’s bicubic', () => {
    const source = {data: Float64Array.from(pattern(1)), height: 5, width: 7, channels: 1, maximum: null};
    const {data, ...shape} = resample(source, height, width);
    expect(shape).toEqual({height, width, channels: 1, maximum: null});
    const expected = pillow(height, width);
    data.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-3);
    });
  });

  test('8-bit values are rounded and clamped', () => {
    const source = {data: Uint8Array.from(pattern(1)), height: 5, width: 7, channels: 1, maximum: 255};
    const {data} = resample(source, height, width);
    expect(data).toBeInstanceOf(Uint8Array);
    const expected = pillow(height, width);
    data.forEach((value, i) => {
      const clamped = Math.min(255, Math.max(0, expected[i] as number));
      expect(Math.abs(value - clamped)).toBeLessThan(0.501);
    });
  });
});

test('channels are resampled apart', () => {
  const grey = pattern(1);
  const data = Float64Array.from(grey.flatMap((value) => [value, 2 * value, 1]));
  const three = resample({data, height: 5, width: 7, channels: 3, maximum: null}, 3, 4);
  const one = resample({data: Float64Array.from(grey), height: 5, width: 7, channels: 1, maximum: null}, 3, 4);
  one.data.forEach((value, i) => {
    expect(three.data[3 * i]).toBe(value);
    expect(three.data[3 * i + 1]).toBeCloseTo(2 * value, 9);
    expect(three.data[3 * i + 2]).toBeCloseTo(1, 12);
  });
});

test('a constant stays, whatever the sizes and the type', () => {
  const side = fc.integer({min: 1, max: 12});
  fc.assert(
    fc.property(side, side, side, side, fc.integer({min: -128, max: 127}), (h, w, toH, toW, value) => {
      const source = {data: new Int8Array(h * w).fill(value), height: h, width: w, channels: 1, maximum: 127};
      const {data} = resample(source, toH, toW);
      expect(Array.from(data)).toEqual(new Array(toH * toW).fill(value));
    }),
  );
});
