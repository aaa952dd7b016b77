import {describe, expect, test} from 'vitest';
import {judgeCells} from '../../src/run/undefined-policy.js';

const gone = {undefined: 'no valid pixel'};
const odd = {undefined: 'computed NaN'};

describe.each(['skip', 'fail', 0.5] as const)('undefined: %s', (policy) => {
  test('cells that are all defined stay as they are', () => {
    const cells = {a: 1, 'a.part': Infinity};
    expect(judgeCells({id: 'a', undefined: policy}, cells)).toEqual({cells, undefinedReason: '', failure: ''});
  });
});

test('skip keeps the empty cells, with each reason once', () => {
  const cells = {a: gone, 'a.x': gone, 'a.y': odd, 'a.z': 3};
  const reason = 'no valid pixel, computed NaN';
  expect(judgeCells({id: 'a', undefined: 'skip'}, cells)).toEqual({cells, undefinedReason: reason, failure: ''});
});

test('fail makes a failure of the reason', () => {
  const cells = {a: gone};
  const failure = 'no valid pixel';
  expect(judgeCells({id: 'a', undefined: 'fail'}, cells)).toEqual({cells, undefinedReason: '', failure});
});

test.each([0, -1, 0.25])('the number %s takes the place of the value', (policy) => {
  expect(judgeCells({id: 'a', undefined: policy}, {a: gone, 'a.count': 0})).toEqual({
    cells: {a: policy, 'a.count': 0},
    undefinedReason: '',
    failure: '',
  });
});

test('a number never stands for a part: aggregates are computed from parts', () => {
  expect(judgeCells({id: 'psnr', undefined: 20}, {psnr: odd, 'psnr.squared_error': odd, 'psnr.count': 12})).toEqual({
    cells: {psnr: 20, 'psnr.squared_error': odd, 'psnr.count': 12},
    undefinedReason: 'computed NaN',
    failure: '',
  });
});
