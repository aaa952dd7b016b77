import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {alexnet} from '../../src/networks/alexnet.js';
import {parameterCount} from '../../src/networks/convolutions.js';
import type {NetworkDefinition} from '../../src/networks/graph.js';
import {knownNetwork, knownNetworks} from '../../src/networks/known.js';
import {squeezenet1_0, squeezenet1_1} from '../../src/networks/squeezenet.js';
import {vgg16, vgg19} from '../../src/networks/vgg.js';

describe('network definitions', () => {
  test('parameters are as many as the published networks have', () => {
    expect(parameterCount(squeezenet1_0)).toBe(735_424);
    // torchvision: sum(p.numel() for p in vgg16().features.parameterCount())
    expect(parameterCount(vgg16)).toBe(14_714_688);
    expect(parameterCount(vgg19)).toBe(20_024_384);
    expect(parameterCount(alexnet)).toBe(2_469_696);
    expect(parameterCount(squeezenet1_1)).toBe(722_496);
  });

  test('layers have the names of the papers', () => {
    for (const {layers} of [squeezenet1_0, squeezenet1_1]) {
      expect(layers).toEqual(['relu_conv1', ...[2, 3, 4, 5, 6, 7, 8, 9].map((i) => `fire${i}`)]);
    }
    expect(alexnet.layers.join(' ')).toBe('relu1 pool1 relu2 pool2 relu3 relu4 relu5 pool5');
    const relus = (network: NetworkDefinition) => network.layers.filter((name) => name.startsWith('relu')).join(' ');
    expect(relus(vgg16)).toBe(
      'relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_2 relu3_3 relu4_1 relu4_2 relu4_3 relu5_1 relu5_2 relu5_3',
    );
    expect(relus(vgg19)).toBe(
      'relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_2 relu3_3 relu3_4 relu4_1 relu4_2 relu4_3 relu4_4 relu5_1 relu5_2 relu5_3 relu5_4',
    );
    expect(vgg19.layers.filter((name) => name.startsWith('pool'))).toEqual([
      'pool1',
      'pool2',
      'pool3',
      'pool4',
      'pool5',
    ]);
  });

  test.each(knownNetworks().map(({definition}) => definition))(
    '$id: nodes come after their inputs and are named once',
    ({nodes, layers}) => {
      const seen = new Set(['image']);
      for (const {name, inputs} of nodes) {
        expect(inputs.every((input) => seen.has(input))).toBe(true);
        expect(seen.has(name)).toBe(false);
        seen.add(name);
      }
      expect(layers.every((layer) => seen.has(layer))).toBe(true);
    },
  );

  test('an unknown network is refused with the known ones, nearest first', () => {
    expect(() => knownNetwork('vgg91')).toThrow(UsageError);
    expect(() => knownNetwork('vgg91')).toThrow("network 'vgg91' is not known; known networks: vgg1");
    expect(() => knownNetwork('squeezenet')).toThrow('known networks: squeezenet1_0, ');
    expect(() => knownNetwork('toString')).toThrow(UsageError);
  });
});
