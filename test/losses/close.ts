import {expect} from 'vitest';
import type {Cell} from '../../src/rows/row.js';

/** How far a value may be from its reference: the larger of the two. */
export interface Tolerance {
  readonly relative: number;
  readonly floor: number;
}

/** Of every value in float64, and of most in float32. */
export const TOLERANCE: Tolerance = {relative: 1e-5, floor: 1e-7};

/** Expects a cell to be the reference's number within the tolerance; NaN stands for undefined. */
export function expectClose(cell: Cell | undefined, reference: number, tolerance = TOLERANCE, where = ''): void {
  if (Number.isNaN(reference)) {
    expect(cell, where).toMatchObject({undefined: expect.any(String)});
    return;
  }
  if (typeof cell !== 'number') throw new Error(`${where}: expected ${reference}, got ${JSON.stringify(cell)}`);
  if (cell === reference) return;
  const off = Math.abs(cell - reference);
  const allowed = Math.max(tolerance.relative * Math.abs(reference), tolerance.floor);
  if (!(off <= allowed)) {
    throw new Error(`${where}: expected ${reference} ± ${allowed}, got ${cell} (off by ${off})`);
  }
}
