import {describe, expect, test} from 'vitest';
import {matchPair, matchSizes, promote, type RoleImage} from '../../src/images/pair.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';

/** An image whose value at (y, x) is 10 y + x, plus 100 for each further channel. */
function image(height: number, width: number, channels = 1): Raster {
  const data = Uint16Array.from({length: height * width * channels}, (_, i) => {
    const pixel = Math.floor(i / channels);
    return 10 * Math.floor(pixel / width) + (pixel % width) + 100 * (i % channels);
  });
  return {data, height, width, channels, maximum: 65535};
}

const as = (role: string, raster: Raster, reading: Reading = 'pixels'): RoleImage => ({role, reading, raster});
const shape = ({height, width, channels}: Raster) => [height, width, channels];

describe('sizes', () => {
  const pred = as('pred', image(4, 6));
  const target = as('target', image(8, 3));

  test('strict names both sizes and the option', () => {
    expect(() => matchSizes([pred, target], 'strict')).toThrow(
      expect.objectContaining({
        code: 'sizes-differ',
        message: 'pred is 6x4, target is 3x8 (width x height); set image.size to target, crop or [h, w]',
      }),
    );
    expect(matchSizes([target, {...target, role: 'pred'}], 'strict')).toEqual([target.raster, target.raster]);
  });

  test('target resamples the prediction only', () => {
    const [first, second] = matchSizes([pred, target], 'target');
    expect(shape(first as Raster)).toEqual([8, 3, 1]);
    expect(second).toBe(target.raster);
  });

  test('crop keeps the centre of both', () => {
    const [first, second] = matchSizes([as('pred', image(4, 6)), as('target', image(7, 3))], 'crop');
    expect(Array.from((first as Raster).data)).toEqual([1, 2, 3, 11, 12, 13, 21, 22, 23, 31, 32, 33]);
    expect(Array.from((second as Raster).data)).toEqual([10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 42]);
  });

  test('crop cuts weight and ignore with the target', () => {
    const others = [as('weight', image(7, 3), 'weights'), as('ignore', image(7, 3), 'labels')];
    const [, cropped, weight, ignore] = matchSizes(
      [as('pred', image(4, 6)), as('target', image(7, 3)), ...others],
      'crop',
    );
    expect(weight).toEqual(cropped);
    expect(ignore).toEqual(cropped);
  });

  test('[h, w] resamples both', () => {
    expect(matchSizes([pred, target], [5, 5]).map(shape)).toEqual([
      [5, 5, 1],
      [5, 5, 1],
    ]);
  });

  test.each(['labels', 'instances', 'weights'] as const)('%s are never resampled', (reading) => {
    for (const policy of ['target', [5, 5]] as const) {
      expect(() => matchSizes([as('pred', image(4, 6), reading), target], policy)).toThrow(
        expect.objectContaining({
          code: 'sizes-differ',
          message: expect.stringContaining(`${reading} are not resampled`),
        }),
      );
    }
    expect(matchSizes([as('pred', image(4, 6), reading), target], 'crop').map(shape)).toEqual([
      [4, 3, 1],
      [4, 3, 1],
    ]);
  });

  test.each(['strict', 'target', 'crop', [8, 3]] as const)('weight must have the target’s size under %s', (policy) => {
    const images = [target, {...target, role: 'pred'}, as('weight', image(8, 4), 'weights')];
    expect(() => matchSizes(images, policy)).toThrow(
      expect.objectContaining({code: 'sizes-differ', message: expect.stringMatching(/^weight is 4x8, target is 3x8/)}),
    );
  });

  test('without a target the prediction decides', () => {
    expect(() => matchSizes([pred, as('ignore', image(8, 3), 'labels')], 'strict')).toThrow(
      'ignore must have the size of pred',
    );
  });
});

describe('channels', () => {
  test('grey beside RGB becomes RGB', () => {
    const [grey, rgb] = promote([image(1, 2), image(1, 2, 3)]);
    expect(Array.from((grey as Raster).data)).toEqual([0, 0, 0, 1, 1, 1]);
    expect((grey as Raster).data).toBeInstanceOf(Uint16Array);
    expect(rgb).toEqual(image(1, 2, 3));
  });

  test('equal numbers stay', () => {
    expect(promote([image(1, 2, 5), image(1, 2, 5)]).map(shape)).toEqual([
      [1, 2, 5],
      [1, 2, 5],
    ]);
    expect(promote([])).toEqual([]);
  });

  test.each([
    [1, 4],
    [3, 4],
    [2, 3],
  ])('%i and %i channels cannot be compared', (first, second) => {
    expect(() => promote([image(1, 2, second), image(1, 2, first)])).toThrow(
      expect.objectContaining({
        code: 'channels-differ',
        message: `images of ${first} and ${second} channels cannot be compared`,
      }),
    );
  });
});

describe('a whole sample', () => {
  test('the same image in 8 and in 16 bits is the same', () => {
    const eight: Raster = {data: Uint8Array.of(0, 1, 128, 255), height: 2, width: 2, channels: 1, maximum: 255};
    const sixteen: Raster = {...eight, data: Uint16Array.of(0, 257, 32_896, 65_535), maximum: 65_535};
    expect(promote([eight, sixteen])).toEqual([sixteen, sixteen]);
    expect(promote([eight, eight])).toEqual([eight, eight]);
  });

  test('pixels are promoted, other readings and the style stay', () => {
    const images = [
      as('pred', image(4, 6)),
      as('target', image(4, 6, 3)),
      as('target', image(4, 6), 'labels'),
      as('style', image(9, 9)),
    ];
    expect(matchPair(images, 'strict').map(shape)).toEqual([
      [4, 6, 3],
      [4, 6, 3],
      [4, 6, 1],
      [9, 9, 1],
    ]);
  });

  test('size comes first', () => {
    expect(matchPair([as('pred', image(9, 9)), as('target', image(4, 6, 3))], 'target').map(shape)).toEqual([
      [4, 6, 3],
      [4, 6, 3],
    ]);
  });
});
