import fc from 'fast-check';
import {expect, test} from 'vitest';
import {eachRun} from '../../../src/losses/mask/label-runs.js';
import {IGNORED} from '../../../src/losses/pixel/class-labels.js';

/** Two rows or more of labels in stretches of up to 13, so that runs begin and end anywhere. */
const maps = fc
  .record({
    width: fc.integer({min: 1, max: 40}),
    stretches: fc.array(fc.record({truth: fc.integer({min: -1, max: 2}), said: fc.nat(2), length: fc.nat(13)}), {
      minLength: 8,
    }),
  })
  .map(({width, stretches}) => {
    const pixels = stretches.flatMap((stretch) => Array<typeof stretch>(stretch.length).fill(stretch));
    const height = Math.floor(pixels.length / width);
    return {width, height, pixels: pixels.slice(0, height * width)};
  });

test.each([Int8Array, Int32Array] as const)('%o: the runs are maximal, and have all valid pixels', (Labels) => {
  fc.assert(
    fc.property(maps, ({width, height, pixels}) => {
      const pred = Labels.from(pixels.map(({said}) => said));
      const target = Labels.from(pixels.map(({truth}) => truth));
      const runs: string[] = [];
      eachRun({pred, target, height, width, classes: null}, (truth, said, y, from, to) => {
        runs.push([truth, said, y, from, to].join(' '));
      });
      const expected: string[] = [];
      for (let y = 0; y < height; y++) {
        const same = (a: number, b: number) =>
          target[y * width + a] === target[y * width + b] && pred[y * width + a] === pred[y * width + b];
        for (let from = 0, to = 1; from < width; from = to++) {
          while (to < width && same(from, to)) to++;
          const [truth, said] = [target[y * width + from], pred[y * width + from]];
          if (truth !== IGNORED) expected.push([truth, said, y, from, to].join(' '));
        }
      }
      expect(runs).toEqual(expected);
    }),
    {numRuns: 300},
  );
});
