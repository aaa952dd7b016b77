import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need a device that .ci/on-device prepares.
    exclude: process.env.CV_LOSS_TEST_DEVICE ? [] : ['test/device/real-*.test.ts'],
    // What one test computed must not be found by another; tests of the cache name one of their own.
    env: {CV_LOSS_CACHE_SIZE: '0', CV_LOSS_LEAKS: 'error'},
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core free, which halves a machine of two.
    maxWorkers: '100%',
  },
});
