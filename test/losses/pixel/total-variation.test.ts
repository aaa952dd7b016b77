import {describe, expect, test} from 'vitest';
import {bytes, floats, javascript, score, scoreFused} from '../score.js';
import {gradientOf} from './gradient.js';

// 0 3
// 4 9   dx: 3, 0 / 5, 0   dy: 4, 6 / 0, 0
const pred = floats(2, 2, 1, [0, 3, 4, 9]);

describe.each([
  ['tensor', score],
  ['fused', scoreFused],
] as const)('%s form', (_, run) => {
  const value = async (options: object, roles: object = {}) =>
    (await run({type: 'total-variation', ...options}, {pred, ...roles}))[''];

  test.each([
    [{}, 18],
    [{mode: 'isotropic'}, 5 + 6 + 5],
    [{mode: 'squared'}, 9 + 16 + 36 + 25],
    [{reduction: 'mean'}, 18 / 4],
  ])('%j of four pixels by hand', async (options, expected) => {
    expect(await value(options)).toBeCloseTo(expected, 5);
  });

  test('a difference counts only when neither of its pixels is ignored', async () => {
    const ignore = bytes(2, 2, 1, [0, 0, 0, 255]);
    expect(await value({}, {ignore})).toBeCloseTo(3 + 4, 6);
    expect(await value({reduction: 'mean'}, {ignore})).toBeCloseTo(7 / 3, 6);
  });

  test('a difference weighs as the pixel it starts from', async () => {
    const weight = floats(2, 2, 1, [2, 1, 0, 0.5]);
    expect(await value({}, {weight})).toBeCloseTo(2 * 7 + 6, 5);
    expect(await value({reduction: 'mean'}, {weight})).toBeCloseTo(20 / 3.5, 5);
  });

  test.each(['sum', 'mean'])('no valid pixel is undefined: %s', async (reduction) => {
    const ignore = bytes(2, 2, 1, [1, 1, 1, 1]);
    expect(await value({reduction}, {ignore})).toEqual({undefined: 'no valid pixel'});
  });

  test('an ignored NaN pixel leaves the value alone', async () => {
    const holed = floats(1, 3, 1, [1, 3, Number.NaN]);
    const cells = await run({type: 'total-variation'}, {pred: holed, ignore: bytes(1, 3, 1, [0, 0, 1])});
    expect(cells['']).toBeCloseTo(2, 6);
  });

  test('steps of one 16-bit level keep their precision', async () => {
    const data = Uint16Array.from({length: 1001}, (_unused, i) => 60000 + (i % 2));
    const image = {data, height: 1, width: 1001, channels: 1, maximum: 65535};
    const expected = 1000 / 65535;
    const cells = await run({type: 'total-variation'}, {pred: image});
    expect(Math.abs((cells[''] as number) / expected - 1)).toBeLessThan(1e-6);
  });
});

test('the isotropic gradient of a flat image is 0, not NaN', async () => {
  const flat = bytes(2, 2, 1, [9, 9, 9, 9]);
  const gradient = await gradientOf(
    {type: 'total-variation', mode: 'isotropic'},
    {pred: flat},
    'dx',
    await javascript(),
  );
  expect(gradient).toEqual([0, 0, 0, 0]);
});
