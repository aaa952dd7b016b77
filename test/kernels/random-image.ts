import fc from 'fast-check';

/** A small image of ids, row-major. */
export interface IdImage {
  readonly height: number;
  readonly width: number;
  readonly values: number[];
}

/** Images of up to side × side pixels with ids 0 … `ids`, about half of them 0. */
export function image(ids: number, side: number): fc.Arbitrary<IdImage> {
  return fc.tuple(fc.integer({min: 1, max: side}), fc.integer({min: 1, max: side})).chain(([height, width]) =>
    fc.record({
      height: fc.constant(height),
      width: fc.constant(width),
      values: fc.array(fc.oneof(fc.constant(0), fc.integer({min: 1, max: ids})), {
        minLength: height * width,
        maxLength: height * width,
      }),
    }),
  );
}
