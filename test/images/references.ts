import {npyBytes, pattern, pick} from './fixtures.js';

/** What a file must decode to, by its size: values made without the decoders under test. */
export interface Reference {
  readonly values: (height: number, width: number) => ArrayLike<number>;
  /** The decoder that the values come from, where they are not plainly those stored. */
  readonly peer?: string;
  /** How far from the peer's. */
  readonly within?: number;
}

/** The pattern that fixtures/made-by/images.py stores. */
export function stored(channels: number, maximum: number): Reference {
  return {values: (height, width) => pattern(channels, maximum, height, width)};
}

/** The pattern without its last channel, an alpha; divided by `scale`. */
export function withoutAlpha(channels: number, maximum: number, scale = 1): Reference {
  const kept = Array.from({length: channels - 1}, (_, c) => c);
  return {
    values: (height, width) =>
      pick(pattern(channels, maximum, height, width), channels, kept).map((value) => value / scale),
  };
}

/** Low-bit greys on 0..255. */
export function widened(bits: number): Reference {
  const widest = 2 ** bits - 1;
  return {values: (height, width) => pattern(1, widest, height, width).map((value) => (value * 255) / widest)};
}

/** Greys stored with white as 0. */
export function turnedRound(bits: number): Reference {
  const widest = 2 ** bits - 1;
  return {values: (height, width) => pattern(1, widest, height, width).map((value) => widest - value)};
}

/** The colours of the palette that images.py makes: value i of it is (50 i + 7) mod 256. */
export function coloured(bits: number): Reference {
  const colour = (index: number) => [0, 1, 2].map((c) => ((3 * index + c) * 50 + 7) % 256);
  return {values: (height, width) => pattern(1, 2 ** bits - 1, height, width).flatMap(colour)};
}

/** The colours of a palette of 16 bits, the pattern itself. */
export const wideColours: Reference = {
  values: (height, width) => {
    const colours = pattern(3, 65_535, 1, 256);
    return pattern(1, 255, height, width).flatMap((index) => colours.slice(3 * index, 3 * index + 3));
  },
};

const ARRAYS = {
  b1: Uint8Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** The values that numpy stored in the fixture of the same type, by their bytes. */
export function numpy(dtype: keyof typeof ARRAYS): Reference {
  return {values: () => new ARRAYS[dtype](new Uint8Array(npyBytes(`npy/${dtype}-little-c.npy`)).buffer)};
}

/** Sixty-fourths from −50/64 on, which float16 and float32 hold exactly. */
export function sixtyFourths(channels: number): Reference {
  return {values: (height, width) => Array.from({length: height * width * channels}, (_, i) => (i - 50) / 64)};
}

/** What images.py stores as 64-bit integers. */
export function wideIntegers(lowest: number): Reference {
  return {values: (height, width) => Array.from({length: 3 * height * width}, (_, i) => lowest + i * 2 ** 43)};
}

/** What another decoder gives, saved as uint8. */
export function peer(file: string, within = 0): Reference {
  return {values: () => npyBytes(file), peer: 'Pillow', within};
}
