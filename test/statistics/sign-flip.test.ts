import fc from 'fast-check';
import {expect, test} from 'vitest';
import {bootstrapMeans} from '../../src/statistics/bootstrap.js';
import {signFlipTest} from '../../src/statistics/sign-flip.js';
import {comparison} from './comparison.js';
import {slowBits} from './slow-bits.js';

const sets = Object.entries(comparison.sign_flip).map(([name, set]) => ({name, ...set}));

test.each(sets)("$name: scipy's p-values", ({differences, greater, less}) => {
  const made = signFlipTest(Float64Array.from(differences));
  const exact = differences.length <= 13;
  expect(made.method).toBe(exact ? 'exact' : 'draws');
  // Four standard errors of a share of 10,000 draws.
  const within = (p: number) => (exact ? 1e-12 : 4 * Math.sqrt((p * (1 - p)) / 10_000) + 1e-4);
  expect(Math.abs(made.greater - greater)).toBeLessThanOrEqual(within(greater));
  expect(Math.abs(made.less - less)).toBeLessThanOrEqual(within(less));
});

test.each(sets.filter(({bootstrap}) => bootstrap))("$name: scipy's bootstrap interval", ({differences, bootstrap}) => {
  const values = Float64Array.from(differences);
  const [[low, high] = [0, 0]] = bootstrapMeans([values], 10_000);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const deviation = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / differences.length);
  // A 2.5 % quantile of 10,000 normal draws has a standard error of 0.027 of their deviation; four of these.
  const within = (4 * 0.027 * deviation) / Math.sqrt(differences.length);
  expect(Math.abs(low - (bootstrap?.[0] ?? Number.NaN))).toBeLessThan(within);
  expect(Math.abs(high - (bootstrap?.[1] ?? Number.NaN))).toBeLessThan(within);
});

test('the same differences give the same p-values; others than zero are mirrored by their negatives', () => {
  const values = Float64Array.from({length: 40}, (_, i) => Math.sin(i * i));
  expect(signFlipTest(values)).toEqual(signFlipTest(values));
  const mirrored = signFlipTest(values.map((value) => -value));
  expect(Math.abs(mirrored.less - signFlipTest(values).greater)).toBeLessThan(0.02);
});

test('no differences: a mistake of the caller', () => {
  expect(() => signFlipTest(new Float64Array())).toThrow(RangeError);
});

const sumOfSigned = (values: readonly number[], isNegative: (i: number) => boolean) =>
  values.reduce((sum, value, i) => sum + (isNegative(i) ? -value : value), 0);

test('up to 13 differences: the share of all patterns of signs, ties included', () => {
  // Whole numbers, whose sums are exact: equal ones tie.
  const integers = fc.array(fc.integer({min: -4, max: 4}), {minLength: 1, maxLength: 9});
  fc.assert(
    fc.property(integers, fc.constantFrom(1, 0.1, 1e-300, 1e300), (values, scale) => {
      const observed = sumOfSigned(values, () => false);
      const patterns = 2 ** values.length;
      const sums = Array.from({length: patterns}, (_, pattern) =>
        sumOfSigned(values, (i) => ((pattern >> i) & 1) === 1),
      );
      expect(signFlipTest(Float64Array.from(values, (value) => value * scale))).toEqual({
        greater: sums.filter((sum) => sum >= observed).length / patterns,
        less: sums.filter((sum) => sum <= observed).length / patterns,
        method: 'exact',
      });
    }),
  );
});

test.each([14, 31, 32, 33, 70])(
  '%s differences: the share of 10,000 drawn patterns, the observed one counted',
  (count) => {
    const values = Array.from({length: count}, (_, i) => ((i * 7) % 11) - 4);
    const next = slowBits(20_240_502);
    const observed = sumOfSigned(values, () => false);
    let [greater, less] = [1, 1];
    for (let draw = 0; draw < 10_000; draw++) {
      const words: number[] = [];
      const sum = sumOfSigned(values, (i) => {
        if (i % 32 === 0) words.push(next());
        return (((words.at(-1) as number) >>> (i % 32)) & 1) === 1;
      });
      if (sum >= observed) greater++;
      if (sum <= observed) less++;
    }
    expect(signFlipTest(Float64Array.from(values))).toEqual({
      greater: greater / 10_001,
      less: less / 10_001,
      method: 'draws',
    });
  },
);

test('13 differences are gone through, no more; no difference at all is no evidence', () => {
  const alike = (count: number) => signFlipTest(new Float64Array(count).fill(1));
  expect(alike(13)).toEqual({greater: 2 ** -13, less: 1, method: 'exact'});
  expect(alike(14).method).toBe('draws');
  expect(signFlipTest(new Float64Array(3))).toEqual({greater: 1, less: 1, method: 'exact'});
  expect(() => signFlipTest(new Float64Array())).toThrow('at least one difference');
});
