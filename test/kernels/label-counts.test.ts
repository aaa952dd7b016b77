import fc from 'fast-check';
import {expect, test} from 'vitest';
import {countByLabel, LABELS} from '../../src/kernels/label-counts.js';

/** Pixels in runs, as masks have them. */
const runs = fc
  .array(fc.tuple(fc.integer({min: 1, max: 17}), fc.constantFrom(0, 1, 200, 255), fc.integer({min: -1, max: 2})))
  .map((parts) => parts.flatMap(([length, value, label]) => Array.from({length}, () => [value, label] as const)));

test('counts of values and labels, against counting one by one', () => {
  fc.assert(
    fc.property(runs, fc.integer({min: 0, max: 3}), (pixels, shift) => {
      const values = Uint8Array.from([...Array(shift).fill(7), ...pixels.map(([value]) => value)]).subarray(shift);
      const counts = countByLabel(
        values,
        Int8Array.from(pixels, ([, label]) => label),
      );
      const expected = new Uint32Array(256 * LABELS);
      for (const [value, label] of pixels) {
        const entry = LABELS * value + label + 1;
        expected[entry] = (expected[entry] as number) + 1;
      }
      expect(counts).toEqual(expected);
    }),
  );
});
