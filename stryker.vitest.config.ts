import {statSync} from 'node:fs';
import {defineConfig} from 'vitest/config';
import {BaseSequencer} from 'vitest/node';

/** Small test files first: the first failure ends the run of a mutant. */
class SmallestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]) {
    const size = ({moduleId}: (typeof files)[number]) => statSync(moduleId).size;
    return [...files].sort((a, b) => size(a) - size(b));
  }
}

/** The tests that mutants run against, which scripts/mutation.js names; without those that take long. */
export default defineConfig({
  test: {
    include: (process.env.CV_LOSS_MUTATION_TESTS ?? '').split(',').filter((glob) => glob !== ''),
    exclude: [
      'test/gate/calibration.test.ts',
      'test/statistics/large-samples.test.ts',
      'test/losses/feature/memory.test.ts',
      'test/losses/mask/large-masks.test.ts',
    ],
    // One worker for all files of a run; each run has a new one, so that a change of a constant is seen.
    isolate: false,
    env: {CV_LOSS_CACHE_SIZE: '0'},
    sequence: {sequencer: SmallestFirst},
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
