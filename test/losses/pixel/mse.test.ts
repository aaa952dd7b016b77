import {expect, test} from 'vitest';
import {bytes, floats, score, scoreFused} from '../score.js';

const forms = [
  ['tensor', score],
  ['fused', scoreFused],
] as const;

test.each(forms)('mse of two pixels by hand: %s form', async (_, run) => {
  const {'': value} = await run({type: 'mse'}, {pred: bytes(1, 2, 1, [0, 255]), target: bytes(1, 2, 1, [51, 255])});
  expect(value).toBeCloseTo(0.2 ** 2 / 2, 8);
});

test.each(forms)('weights count by their ratio: %s form', async (_, run) => {
  const images = {pred: floats(1, 2, 1, [1, 0]), target: floats(1, 2, 1, [0, 2]), weight: floats(1, 2, 1, [3, 1])};
  expect((await run({type: 'mse'}, images))['']).toBeCloseTo((3 * 1 + 1 * 4) / 4, 6);
});

test.each(forms)(
  'an ignored NaN pixel leaves the value alone, one that counts makes it undefined: %s form',
  async (_, run) => {
    const images = {pred: floats(1, 2, 1, [0.5, Number.NaN]), target: floats(1, 2, 1, [0, 0])};
    expect((await run({type: 'mse'}, {...images, ignore: bytes(1, 2, 1, [0, 1])}))['']).toBeCloseTo(0.25, 7);
    expect((await run({type: 'mse'}, {...images, weight: floats(1, 2, 1, [1, 0])}))['']).toBeCloseTo(0.25, 7);
    expect((await run({type: 'mse'}, images))['']).toEqual({undefined: 'computed NaN'});
  },
);

test.each(forms)('no valid pixel is undefined: %s form', async (_, run) => {
  const images = {pred: bytes(1, 2, 1, [0, 9]), target: bytes(1, 2, 1, [1, 2]), ignore: bytes(1, 2, 1, [255, 255])};
  expect((await run({type: 'mse'}, images))['']).toEqual({undefined: 'no valid pixel'});
});

test('neighbouring 16-bit levels differ by exactly one level', async () => {
  const pixel = (value: number) => ({data: Uint16Array.of(value), height: 1, width: 1, channels: 1, maximum: 65535});
  const config = {type: 'mse', range: [0, 65535]};
  expect((await score(config, {pred: pixel(65535), target: pixel(65534)}))['']).toBeCloseTo(1, 6);
});
