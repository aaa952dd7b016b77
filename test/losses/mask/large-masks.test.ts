import {expect, test} from 'vitest';
import {fullSweepSkeleton} from '../../kernels/full-sweep-skeleton.js';
import {expectClose} from '../close.js';
import type {Rasters} from '../score.js';
import {harmonic} from './slow-shape.js';
import {scorer} from './small-masks.js';

const SIDE = 4096;
const CELL = 64;

/** 64 × 64 cells, each with a square ring: outer side 41 and inner side 21, both odd. */
function rings(shift: number, holes: boolean): NonNullable<Rasters[string]> {
  const data = new Uint8Array(SIDE * SIDE);
  for (let v = -10; v < CELL - 10; v++) {
    const row = Uint8Array.from({length: CELL}, (_, x) => {
      const u = x - 10 - shift;
      const outer = v >= 0 && v < 41 && u >= 0 && u < 41;
      const inner = v >= 10 && v < 31 && u >= 10 && u < 31;
      return outer && !(holes && inner) ? 255 : 0;
    });
    for (let at = (v + 10) * SIDE; at < data.length; at += CELL * SIDE) {
      for (let x = 0; x < SIDE; x += CELL) data.set(row, at + x);
    }
  }
  return {data, height: SIDE, width: SIDE, channels: 1, maximum: 255};
}

const CELLS = (SIDE / CELL) ** 2;

test('4096×4096: betti counts every piece and every hole', async () => {
  const score = await scorer({type: 'betti'});
  expect(score({pred: rings(0, true), target: rings(0, false)})).toEqual({'': CELLS, beta0: 0, beta1: CELLS});
});

test('4096×4096: hausdorff finds the hole', async () => {
  const score = await scorer({type: 'hausdorff'});
  // From the rim of a hole to the outside: 10 pixels of ring, less the outer pixel itself.
  expect(score({pred: rings(0, true), target: rings(0, false)})).toEqual({'': 9});
});

test('4096×4096: hard cl-dice is that of one of the equal cells', async () => {
  const score = await scorer({type: 'cl-dice'});
  const [pred, target] = [rings(7, true), rings(0, true)];
  const corner = ({data}: typeof pred) =>
    Array.from({length: CELL * CELL}, (_, i) => Number(data[Math.floor(i / CELL) * SIDE + (i % CELL)] === 255));
  const [x, y] = [corner(pred), corner(target)];
  const share = (of: readonly number[], within: readonly number[]) => {
    const inside = fullSweepSkeleton(of, CELL, CELL).flatMap((set, i) => (set ? [within[i] as number] : []));
    return inside.reduce((sum, value) => sum + value, 0) / inside.length;
  };
  const expected = harmonic(share(x, y), share(y, x));
  expect(expected).toBeGreaterThan(0.1);
  expect(expected).toBeLessThan(0.9);
  expectClose(score({pred, target})[''], expected, {relative: 1e-12, floor: 0});
});

test('4096×4096: boundary is the mean of the signed distances', async () => {
  const score = await scorer({type: 'boundary'});
  // φ of a square of 41 × 41 in itself: 1 − min distance to its outside, which is 1 … 21.
  let inside = 0;
  for (let y = 0; y < 41; y++) for (let x = 0; x < 41; x++) inside -= Math.min(y, x, 40 - y, 40 - x);
  const square = rings(0, false);
  expectClose(score({pred: square, target: square})[''], (inside * CELLS) / SIDE ** 2, {relative: 1e-9, floor: 0});
});
