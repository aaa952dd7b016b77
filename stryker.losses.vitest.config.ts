import {defineConfig} from 'vitest/config';

/** The tests that mutants of the losses run against: those of the losses, and the page that is made of their descriptions. */
export default defineConfig({
  test: {
    include: ['test/losses/**/*.test.ts', 'test/docs/losses.test.ts'],
    exclude: ['test/losses/feature/memory.test.ts', 'test/losses/mask/large-masks.test.ts'],
    env: {CV_LOSS_CACHE_SIZE: '0'},
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
