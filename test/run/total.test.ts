import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Cell} from '../../src/rows/row.js';
import {type TotalPart, totalCell} from '../../src/run/total.js';

const itself = (id: string, weight?: number): TotalPart => part(id, 'itself', weight);
const oneMinus = (id: string, weight?: number): TotalPart => part(id, 'one-minus', weight);

function part(id: string, objective: TotalPart['objective'], weight?: number): TotalPart {
  return {id, objective, ...(weight === undefined ? {} : {weight})};
}

const value = fc.double({min: -1e6, max: 1e6, noNaN: true});
const parts = fc.array(fc.record({value, weight: value, oneMinus: fc.boolean()}), {minLength: 1, maxLength: 5});

/** The total of losses 0, 1, 2 … with these weights and values. */
function totalOf(chosen: readonly {value: number; weight: number; oneMinus: boolean}[]): number {
  const losses = chosen.map((one, i) => part(String(i), one.oneMinus ? 'one-minus' : 'itself', one.weight));
  const cell = totalCell(losses, Object.fromEntries(chosen.map((one, i) => [String(i), one.value])));
  expect(typeof cell).toBe('number');
  return cell as number;
}

const scaleOf = (chosen: readonly {value: number; weight: number}[]) =>
  chosen.reduce((sum, one) => sum + Math.abs(one.weight) * (1 + Math.abs(one.value)), 1);

describe('a number', () => {
  test('is the sum of weight times value; one-minus losses enter as 1 − value; without a weight, not at all', () => {
    const losses = [itself('mse', 2), oneMinus('ssim', 0.5), itself('mae'), itself('tv', -1)];
    expect(totalCell(losses, {mse: 0.25, ssim: 0.5, mae: 100, tv: 3})).toBe(2 * 0.25 + 0.5 * 0.5 - 3);
  });

  test('is linear in the weights', () => {
    fc.assert(
      fc.property(parts, fc.double({min: -100, max: 100, noNaN: true}), (chosen, factor) => {
        const scaled = chosen.map((one) => ({...one, weight: factor * one.weight}));
        const tolerance = 1e-12 * scaleOf(chosen) * Math.max(1, Math.abs(factor));
        expect(Math.abs(totalOf(scaled) - factor * totalOf(chosen))).toBeLessThanOrEqual(tolerance);
      }),
      {numRuns: 1000},
    );
  });

  test('is linear in each value, with the weight as slope, negative for one-minus', () => {
    fc.assert(
      fc.property(parts, fc.nat(4), fc.double({min: -100, max: 100, noNaN: true}), (chosen, at, step) => {
        const moved = chosen.map((one, i) => (i === at ? {...one, value: one.value + step} : one));
        const slope = (chosen[at]?.weight ?? 0) * (chosen[at]?.oneMinus ? -1 : 1);
        const tolerance = 1e-12 * (scaleOf(chosen) + scaleOf(moved)) * 100;
        expect(Math.abs(totalOf(moved) - totalOf(chosen) - slope * step)).toBeLessThanOrEqual(tolerance);
      }),
      {numRuns: 1000},
    );
  });

  test('is the sum of the totals of its parts', () => {
    fc.assert(
      fc.property(parts, parts, (some, others) => {
        const tolerance = 1e-12 * (scaleOf(some) + scaleOf(others));
        expect(Math.abs(totalOf([...some, ...others]) - totalOf(some) - totalOf(others))).toBeLessThanOrEqual(
          tolerance,
        );
      }),
    );
  });
});

describe('no number', () => {
  const losses = [itself('a', 1), oneMinus('b', 2), itself('c')];
  const gone: Cell = {undefined: 'no valid pixel'};

  test('infinite when a part is', () => {
    expect(totalCell(losses, {a: Infinity, b: 0.5, c: 0})).toBe(Infinity);
    expect(totalCell(losses, {a: 1, b: Infinity, c: 0})).toBe(-Infinity);
    expect(totalCell([itself('a', -1)], {a: Infinity})).toBe(-Infinity);
  });

  test('undefined when infinite parts have no sum, or an infinite part weighs nothing', () => {
    const reason = {undefined: 'infinite parts have no sum'};
    expect(totalCell(losses, {a: Infinity, b: Infinity, c: 0})).toEqual(reason);
    expect(totalCell([itself('a', 0)], {a: Infinity})).toEqual(reason);
  });

  test('undefined when a part is, infinite parts or not', () => {
    expect(totalCell(losses, {a: 1, b: gone, c: 0})).toEqual({undefined: 'b is undefined'});
    expect(totalCell(losses, {a: Infinity, b: gone, c: 0})).toEqual({undefined: 'b is undefined'});
  });

  test('null when a part was not computed, whichever comes first', () => {
    expect(totalCell(losses, {a: gone, b: null, c: 0})).toBeNull();
    expect(totalCell(losses, {a: null, b: gone, c: 0})).toBeNull();
    expect(totalCell(losses, {a: 1, b: 'n/a', c: 0})).toBeNull();
    expect(totalCell(losses, {a: 1})).toBeNull();
  });

  test('a loss without a weight is left out, whatever it has', () => {
    expect(totalCell(losses, {a: 1, b: 0, c: null})).toBe(3);
    expect(totalCell(losses, {a: 1, b: 0, c: gone})).toBe(3);
  });
});
