import fc from 'fast-check';
import {expect, test} from 'vitest';
import {gradientSimilarityDeviation} from '../../src/kernels/gradient-similarity.js';
import {gmsd as reference} from '../losses/reference/gmsd.js';
import {noiseView, valuesOf} from './views.js';

test('in one piece and in strips of columns, with ignored and weighted pixels, against the definition', () => {
  const cases = fc.record({
    height: fc.integer({min: 3, max: 19}),
    width: fc.integer({min: 3, max: 19}),
    strip: fc.integer({min: 1, max: 12}),
    masked: fc.boolean(),
    seed: fc.nat(1e6),
  });
  fc.assert(
    fc.property(cases, ({height, width, strip, masked, seed}) => {
      const pred = noiseView([height, width, 1], 'bytes', seed);
      const target = noiseView([height, width, 1], 'bytes', seed + 1);
      const ignored = Uint8Array.from(pred.data, (_, i) => Number(masked && (i * 7919 + seed) % 97 === 0));
      const weights = Float32Array.from(target.data, (value, i) => (masked ? (ignored[i] ? 0 : value % 4) : 1));
      const pair = {
        pred,
        target,
        range: [0, 1] as const,
        valid: masked ? ignored.map((value) => 1 - value) : null,
        weights: masked ? weights : null,
      };
      const plain = {height, width, channels: 1, ignored, weight: Float64Array.from(weights)};
      const values = {pred: Float64Array.from(valuesOf(pred)), target: Float64Array.from(valuesOf(target))};
      const expected = reference({...plain, ...values}, {});
      for (const columns of [undefined, strip]) {
        const found = gradientSimilarityDeviation(pair, columns);
        if (Number.isNaN(expected)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(expected, 11);
      }
    }),
    {numRuns: 300},
  );
});
