import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {PixelData} from '../../../src/kernels/view.js';
import {labelsByValue} from '../../../src/losses/pixel/by-value.js';
import {IGNORED} from '../../../src/losses/pixel/class-labels.js';

const TYPES = [Uint8Array, Uint16Array, Int32Array, Float64Array] as const;

test.each([2, 128, 129, 60_000])('%i classes: every pixel has the label of its value, but those left out', (count) => {
  // Few values, so that one comes up beside itself, left out and not.
  const value = fc.oneof(fc.nat(255), fc.nat(1));
  const pixel = fc.record({value, out: fc.boolean(), length: fc.constantFrom(1, 2, 4, 8, 13)});
  fc.assert(
    fc.property(fc.array(pixel, {maxLength: 50}), fc.constantFrom(...TYPES), (runs, Type) => {
      const pixels = runs.flatMap((run) => Array<typeof run>(run.length).fill(run));
      const data: PixelData = Type.from(pixels.map(({value}) => value));
      const left = Int8Array.from(pixels, ({out}) => (out ? IGNORED : 0));
      const of = (value: number) => (value * 7919) % count;
      const labels = labelsByValue(data, left, count, (i) => {
        if (left[i] === IGNORED) throw new Error('asked for a pixel that is left out');
        return of(data[i] as number);
      });
      expect([...labels]).toEqual(pixels.map(({value, out}) => (out ? IGNORED : of(value))));
    }),
    {numRuns: 200},
  );
});
