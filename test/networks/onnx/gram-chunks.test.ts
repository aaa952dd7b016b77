import fc from 'fast-check';
import {expect, test} from 'vitest';
import {gramChunks} from '../../../src/networks/onnx/gram-chunks.js';

test('every position is in one chunk', () => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 4096}), fc.integer({min: 1, max: 4096}), (height, width) => {
      const {count, length} = gramChunks(height * width);
      expect(count * length).toBe(height * width);
      expect(Number.isInteger(count)).toBe(true);
    }),
  );
});

test.each([
  [512 * 512, 2048],
  [256 * 256, 2048],
  [1000, 1000],
  [1, 1],
  [500 * 375, 1875],
  // Two primes: a chunk is a row rather than the whole.
  [509 * 521, 521],
  // A prime below a few times the best length is not cut.
  [4099, 4099],
])('%i positions in chunks of %i', (positions, length) => {
  expect(gramChunks(positions)).toEqual({count: positions / length, length});
});
