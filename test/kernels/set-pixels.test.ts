import fc from 'fast-check';
import {expect, test} from 'vitest';
import {eachSetPixel} from '../../src/kernels/set-pixels.js';

test('visits the set pixels in order, wherever in its buffer the mask begins', () => {
  const sparse = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1, 255), {maxLength: 60});
  fc.assert(
    fc.property(sparse, fc.nat(5), (values, before) => {
      const mask = new Uint8Array(before + values.length).subarray(before);
      mask.set(values);
      const visited: number[] = [];
      eachSetPixel(mask, (i) => visited.push(i));
      expect(visited).toEqual([...values.keys()].filter((i) => values[i] !== 0));
    }),
    {numRuns: 300},
  );
});
