import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import {knownNetwork} from '../../src/networks/known.js';
import {layerShape, outputSide} from '../../src/networks/shapes.js';
import {squeezenet1_0} from '../../src/networks/squeezenet.js';
import {vgg19} from '../../src/networks/vgg.js';
import {pooled} from './slow.js';

const reference = JSON.parse(readFileSync('fixtures/features.json', 'utf8')) as Record<
  string,
  Record<string, Record<string, {shape: number[]}>>
>;

describe('shapes of layers', () => {
  test.each([
    ['squeezenet1_0', 'squeezenet1_0', 512],
    ['vgg16', 'vgg16_hashed_seed0', 160],
    ['vgg19', 'vgg19_hashed_seed0', 160],
  ])('%s: as PyTorch has them', (id, key, side) => {
    const layers = Object.entries(reference[key]?.['000'] ?? {});
    expect(layers.length).toBeGreaterThan(8);
    for (const [layer, {shape}] of layers) {
      const {channels, height, width} = layerShape(knownNetwork(id).definition, layer, side, side);
      expect([layer, channels, height, width]).toEqual([layer, ...shape]);
    }
  });

  test.each(['ceil', 'floor'] as const)(
    'pools in %s mode have as many positions as windows were counted',
    (rounding) => {
      for (const [kernel, stride] of [
        [3, 2],
        [2, 2],
        [3, 3],
        [3, 1],
      ] as const) {
        const operation = {type: 'pool', kernel, stride, rounding} as const;
        for (let side = 1; side < 20; side++) {
          const row = {data: new Float64Array(side * side), channels: 1, height: side, width: side};
          expect([side, kernel, stride, outputSide(operation, side)]).toEqual([
            side,
            kernel,
            stride,
            pooled(row, operation, 'max').height,
          ]);
        }
      }
    },
  );

  test('an image that is too small says what is needed, and what is needed is enough', () => {
    const error = (height: number, width: number, layer: string) => {
      try {
        return layerShape(squeezenet1_0, layer, height, width);
      } catch (thrown) {
        return thrown;
      }
    };
    const thrown = error(6, 40, 'fire2');
    expect(thrown).toBeInstanceOf(SampleError);
    expect(thrown).toMatchObject({
      code: 'too-small',
      message: "squeezenet1_0's fire2 needs images of at least 9×9, this one is 6×40",
    });
    expect(error(40, 8, 'fire2')).toBeInstanceOf(SampleError);
    expect(error(9, 9, 'fire2')).toEqual({channels: 128, height: 1, width: 1});
    expect(layerShape(squeezenet1_0, 'relu_conv1', 7, 7)).toEqual({channels: 96, height: 1, width: 1});
    expect(() => layerShape(vgg19, 'relu5_1', 16, 15)).toThrow('at least 16×16, this one is 16×15');
    expect(layerShape(vgg19, 'relu5_1', 16, 16)).toEqual({channels: 512, height: 1, width: 1});
    expect(() => layerShape(vgg19, 'relu1_1', 0, 4)).toThrow('at least 1×1');
  });

  test('a name that is no layer is a mistake of the caller', () => {
    expect(() => layerShape(vgg19, 'relu6_1', 64, 64)).toThrow(RangeError);
  });
});
