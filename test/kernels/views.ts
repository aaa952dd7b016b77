import fc from 'fast-check';
import type {PixelData, View} from '../../src/kernels/view.js';
import {random} from '../losses/random.js';

export type Shape = readonly [height: number, width: number, channels: number];

/** The kinds of elements that kernels tell apart. */
const KINDS = {
  bytes: {array: Uint8Array, largest: 255, scale: 1 / 255, offset: 0},
  'bytes from −1 to 1': {array: Uint8Array, largest: 255, scale: 2 / 255, offset: -1},
  words: {array: Uint16Array, largest: 65_535, scale: 1 / 65_535, offset: 0},
  floats: {array: Float32Array, largest: 1, scale: 1, offset: 0},
  doubles: {array: Float64Array, largest: 255, scale: 1 / 255, offset: 0.25},
} as const;

export type Kind = keyof typeof KINDS;

/** An image of those elements. */
export function viewOf([height, width, channels]: Shape, kind: Kind, elements: ArrayLike<number>): View {
  const {array, scale, offset} = KINDS[kind];
  const data: PixelData = array.from(elements);
  return {data, scale, offset, height, width, channels, integer: kind !== 'floats' && kind !== 'doubles'};
}

/** Noise over all values of a kind, the extremes more often than others. */
export function noiseView(shape: Shape, kind: Kind, seed: number): View {
  const next = random(seed);
  const {largest, array} = KINDS[kind];
  const whole = array === Uint8Array || array === Uint16Array;
  const element = () => {
    const value = largest * Math.min(1, Math.max(0, 1.2 * next() - 0.1));
    return whole ? Math.round(value) : value;
  };
  return viewOf(shape, kind, Array.from({length: shape[0] * shape[1] * shape[2]}, element));
}

/** A view's values. */
export function valuesOf({data, scale, offset}: View): number[] {
  return Array.from(data, (element) => element * scale + offset);
}

/** Small shapes, 1 × 1 and single rows and columns among them. */
export const shapes: fc.Arbitrary<Shape> = fc.tuple(
  fc.integer({min: 1, max: 23}),
  fc.integer({min: 1, max: 23}),
  fc.integer({min: 1, max: 4}),
);

export const kinds: fc.Arbitrary<Kind> = fc.constantFrom(...(Object.keys(KINDS) as Kind[]));
