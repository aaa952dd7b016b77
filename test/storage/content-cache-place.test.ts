import {expect, test} from 'vitest';
import {contentCacheBytes, contentCacheFolder} from '../../src/storage/content-cache-place.js';

test.each([
  [undefined, 2147483648],
  ['', 2147483648],
  ['0', 0],
  ['1048576', 1048576],
  ['500M', 524288000],
  ['10g', 10737418240],
  ['1.5 GiB', 1610612736],
  ['64kb', 65536],
  ['1T', 1099511627776],
])('CV_LOSS_CACHE_SIZE=%s is %i bytes', (size, bytes) => {
  expect(contentCacheBytes({CV_LOSS_CACHE_SIZE: size})).toBe(bytes);
});

test.each(['lots', '-1', '2X', '1e9', '1,5G', 'G', '5B'])('CV_LOSS_CACHE_SIZE=%s is refused', (size) => {
  expect(() => contentCacheBytes({CV_LOSS_CACHE_SIZE: size})).toThrow(
    `CV_LOSS_CACHE_SIZE="${size}": expected a size such as 500M or 2G; 0 keeps nothing`,
  );
});

test('it lies in the folder of the caches', () => {
  expect(contentCacheFolder({CV_LOSS_HOME: '/some/where'})).toBe('/some/where/features');
});
