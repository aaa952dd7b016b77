import fc from 'fast-check';
import {expect, test} from 'vitest';
import {gramMatrix, meanSquaredDifference} from '../../src/kernels/activations.js';

const activations = fc
  .record({
    channels: fc.integer({min: 1, max: 7}),
    height: fc.integer({min: 1, max: 5}),
    width: fc.integer({min: 1, max: 6}),
  })
  .chain(({channels, height, width}) => {
    const values = fc.float32Array({
      ...{minLength: channels * height * width, maxLength: channels * height * width},
      ...{min: -100, max: 100, noNaN: true},
    });
    const valid = fc.option(fc.uint8Array({minLength: height * width, maxLength: height * width, max: 1}));
    return fc.record({x: values, y: values, valid, sides: fc.constant({channels, height, width})});
  });

test('the terms of activations are their definitions, over the positions that are valid', () => {
  fc.assert(
    fc.property(activations, ({x, y, valid, sides}) => {
      const {channels, height, width} = sides;
      const counted = [...Array(height * width).keys()].filter((p) => valid === null || valid[p] === 1);
      const at = (values: Float32Array, c: number, p: number) => values[c * height * width + p] as number;
      const all = [...Array(channels).keys()];
      const positions = {...sides, valid, count: counted.length};
      const squares = all.flatMap((c) => counted.map((p) => (at(x, c, p) - at(y, c, p)) ** 2));
      const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
      expect(meanSquaredDifference(x, y, positions)).toEqual(
        squares.length === 0 ? Number.NaN : expect.closeTo(mean, 6),
      );
      const gram = all.flatMap((i) => all.map((j) => counted.reduce((sum, p) => sum + at(x, i, p) * at(x, j, p), 0)));
      expect([...gramMatrix(x, positions)]).toEqual(gram.map((value) => expect.closeTo(value, 6)));
    }),
  );
});
