import {expect, test} from 'vitest';
import {byteSize, bytesOf} from '../../src/config/byte-size.js';

test.each([
  ['4GiB', 4 * 2 ** 30],
  ['4Gi', 4 * 2 ** 30],
  ['1.5 gib', 1.5 * 2 ** 30],
  ['500MB', 500e6],
  ['500m', 500e6],
  ['2TiB', 2 * 2 ** 40],
  ['12kb', 12_000],
  ['12Ki', 12_288],
  ['1000', 1000],
  ['1000B', 1000],
  [7, 7],
])('%s is %i bytes', (size, bytes) => {
  expect(byteSize.safeParse(size).success).toBe(true);
  expect(bytesOf(size)).toBe(bytes);
});

test.each(['', 'GiB', '4 pounds', '4ib', '-1GB', '1e9', '0', '0GiB', '0.1', 0, -1, 1.5, null])(
  '%s is no size',
  (size) => {
    expect(byteSize.safeParse(size).success).toBe(false);
  },
);
