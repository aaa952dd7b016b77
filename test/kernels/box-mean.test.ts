import {expect, test} from 'vitest';
import {BoxMean} from '../../src/kernels/box-mean.js';
import type {RowPair} from '../../src/kernels/row-pair.js';

const shape = {channels: 1, factor: 2, masked: false, weighted: false};

function row(x: readonly number[], valid?: readonly number[], weight?: readonly number[]): RowPair {
  return {
    x: Float64Array.from(x),
    y: Float64Array.from(x, (value) => -value),
    valid: valid ? Float64Array.from(valid) : null,
    weight: weight ? Float64Array.from(weight) : null,
  };
}

/** Every coarse row that those fine rows give. */
function shrink(box: BoxMean, rows: readonly RowPair[]) {
  const copy = (coarse: RowPair | null) =>
    coarse ? [Object.fromEntries(Object.entries(coarse).map(([name, values]) => [name, values && [...values]]))] : [];
  return [...rows.flatMap((fine) => copy(box.push(fine))), ...copy(box.end())];
}

test('drop leaves incomplete boxes out', () => {
  const box = new BoxMean({...shape, width: 5, remainder: 'drop'});
  expect(box.width).toBe(2);
  const rows = [row([1, 2, 3, 4, 9]), row([5, 6, 7, 8, 9]), row([9, 9, 9, 9, 9])];
  expect(shrink(box, rows)).toEqual([{x: [3.5, 5.5], y: [-3.5, -5.5], valid: null, weight: null}]);
});

test('mean takes what an incomplete box has, as if the last row and column were repeated', () => {
  const box = new BoxMean({...shape, width: 3, remainder: 'mean'});
  const coarse = shrink(box, [row([1, 2, 3]), row([5, 6, 9]), row([10, 20, 30])]);
  expect(coarse.map(({x}) => x)).toEqual([
    [3.5, 6],
    [15, 30],
  ]);
});

test('channels stay apart', () => {
  const box = new BoxMean({...shape, width: 2, channels: 3, remainder: 'drop'});
  expect(shrink(box, [row([1, 10, 100, 3, 30, 300]), row([5, 50, 500, 7, 70, 700])])[0]?.x).toEqual([4, 40, 400]);
});

test('only valid pixels count, and a coarse pixel weighs as they do in the mean', () => {
  const box = new BoxMean({...shape, width: 4, remainder: 'drop', masked: true, weighted: true});
  const rows = [row([2, 0, 0, 0], [1, 0, 0, 0], [0.5, 0, 0, 0]), row([0, 4, 0, 0], [0, 1, 0, 0], [0, 1.5, 0, 0])];
  expect(shrink(box, rows)).toEqual([{x: [3, 0], y: [-3, 0], valid: [1, 0], weight: [1, 0]}]);
});
