import {expect, test} from 'vitest';
import {isSampleError, RunError, SampleError} from '../src/errors.js';

test('a SampleError of another copy of the package is one too', () => {
  class Other extends Error {
    override readonly name = 'SampleError';
    readonly code = 'too-dark';
  }
  expect(isSampleError(new SampleError('a', 'b'))).toBe(true);
  expect(isSampleError(new Other('b'))).toBe(true);
  expect(isSampleError(new RunError('disk-full', 'b'))).toBe(false);
  expect(isSampleError({name: 'SampleError', code: 'a', message: 'b'})).toBe(false);
  expect(isSampleError(null)).toBe(false);
});
