import {defineConfig} from 'vitest/config';

/** The tests that mutants of the gate and of the statistics run against: those of their own rooms, the quick ones. */
export default defineConfig({
  test: {
    include: ['test/gate/**/*.test.ts', 'test/statistics/**/*.test.ts'],
    exclude: ['test/gate/calibration.test.ts', 'test/statistics/large-samples.test.ts'],
    testTimeout: 60_000,
  },
});
