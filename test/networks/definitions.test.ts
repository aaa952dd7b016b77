import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {convolutions, kernelShape} from '../../src/networks/convolutions.js';
import type {NetworkDefinition} from '../../src/networks/graph.js';
import {knownNetwork, knownNetworks} from '../../src/networks/known.js';
import {squeezenet1_0} from '../../src/networks/squeezenet.js';
import {vgg16, vgg19} from '../../src/networks/vgg.js';

function parameters(network: NetworkDefinition): number {
  return convolutions(network).reduce((sum, one) => {
    const shape = kernelShape(one);
    return sum + shape.reduce((product, side) => product * side) + shape[0];
  }, 0);
}

describe('network definitions', () => {
  test('parameters are as many as the published networks have', () => {
    expect(parameters(squeezenet1_0)).toBe(735_424);
    // torchvision: sum(p.numel() for p in vgg16().features.parameters())
    expect(parameters(vgg16)).toBe(14_714_688);
    expect(parameters(vgg19)).toBe(20_024_384);
  });

  test('layers have the names of the papers', () => {
    expect(squeezenet1_0.layers).toEqual(['relu_conv1', ...[2, 3, 4, 5, 6, 7, 8, 9].map((i) => `fire${i}`)]);
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

  test("VGG's tensors are numbered as torchvision numbers them", () => {
    const numbers = (id: string) => {
      const network = knownNetwork(id);
      return convolutions(network.definition).map(({name}) =>
        Number(network.tensorName(name).replace('features.', '')),
      );
    };
    expect(numbers('vgg16')).toEqual([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]);
    expect(numbers('vgg19')).toEqual([0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]);
  });

  test('an unknown network is refused with the known ones, nearest first', () => {
    expect(() => knownNetwork('vgg91')).toThrow(UsageError);
    expect(() => knownNetwork('vgg91')).toThrow("network 'vgg91' is not known; known networks: vgg1");
    expect(() => knownNetwork('squeezenet')).toThrow('known networks: squeezenet1_0, ');
    expect(() => knownNetwork('toString')).toThrow(UsageError);
  });
});
