import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {describeColumns} from '../../src/statistics/describe.js';
import {LogHistogram} from '../../src/statistics/log-histogram.js';

const QS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

function histogramOf(values: Iterable<number>): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** The two values beside the rank of a quantile, by sorting. */
function neighbours(values: readonly number[], q: number): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  return [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
}

const value = fc.oneof(
  fc.double({noNaN: true, noDefaultInfinity: true}),
  fc.double({min: 0, max: 1, noNaN: true}),
  fc.constantFrom(0, -0, 1, -1, 255, 1e-300, -Number.MAX_VALUE, Number.MAX_VALUE),
);

describe('quantiles of a histogram', () => {
  test('lie within 2⁻¹¹ of the exact ones, whatever the order of the values', () => {
    fc.assert(
      fc.property(fc.array(value, {minLength: 1, maxLength: 40}), (values) => {
        const found = histogramOf(values).quantiles(QS);
        expect(histogramOf([...values].reverse()).quantiles(QS)).toEqual(found);
        for (const [i, q] of QS.entries()) {
          const [low, high] = neighbours(values, q);
          const t = q * (values.length - 1) - Math.floor(q * (values.length - 1));
          const exact = low * (1 - t) + high * t;
          const slack = (Math.abs(low) * (1 - t) + Math.abs(high) * t) * 2 ** -11 * (1 + 1e-9) + 1e-305;
          expect(Math.abs((found[i] as number) - exact)).toBeLessThanOrEqual(slack);
        }
        expect(found[0]).toBe(Math.min(...values));
        expect(found[6]).toBe(Math.max(...values));
      }),
      {numRuns: 60},
    );
  });

  test('stand in a description of more values than are sorted, which says so', () => {
    const values = Float64Array.from({length: 1001}, (_, i) => (i - 200) ** 3);
    const [exact] = describeColumns([values]);
    const [rough] = describeColumns([values], 1000);
    expect(exact).not.toHaveProperty('quantile_method');
    expect(rough?.quantile_method).toBe('histogram');
    for (const name of ['mean', 'std', 'min', 'max'] as const) expect(rough?.[name]).toBe(exact?.[name]);
    for (const name of ['p05', 'p25', 'median', 'p75', 'p95'] as const) {
      const [got, wanted] = [rough?.[name] as number, exact?.[name] as number];
      expect(Math.abs(got - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 2 ** -11);
    }
  });
});
