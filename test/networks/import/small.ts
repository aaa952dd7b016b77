import {fileURLToPath} from 'node:url';
import type {NetworkDefinition} from '../../../src/networks/graph.js';
import type {KnownNetwork} from '../../../src/networks/known.js';
import type {Publication, WeightsOrigin} from '../../../src/networks/origins.js';
import {CAFFE_VGG, TORCHVISION} from '../../../src/networks/preprocessing.js';
import {KERAS_VGG_LAYOUT, torchvisionLayout} from '../../../src/networks/weights/layout.js';

/** The path of a file in fixtures/networks/files. */
export function weightsFile(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/networks/files/${name}`, import.meta.url));
}

const CHANNELS = [
  ['conv1_1', 3, 4],
  ['conv1_2', 4, 4],
  ['conv2_1', 4, 6],
] as const;

const conv = (name: string, input: string, inputChannels: number, outputChannels: number) =>
  ({
    name,
    inputs: [input],
    operation: {type: 'conv', inputChannels, outputChannels, kernel: 3, stride: 1, padding: 1},
  }) as const;
const relu = (name: string, input: string) => ({name, inputs: [input], operation: {type: 'relu'}}) as const;

/** The network whose weights fixtures/networks/files holds. */
const definition: NetworkDefinition = {
  id: 'small',
  nodes: [
    conv('conv1_1', 'image', 3, 4),
    relu('relu1_1', 'conv1_1'),
    conv('conv1_2', 'relu1_1', 4, 4),
    relu('relu1_2', 'conv1_2'),
    {name: 'pool1', inputs: ['relu1_2'], operation: {type: 'pool', kernel: 2, stride: 2, rounding: 'floor'}},
    conv('conv2_1', 'pool1', 4, 6),
    relu('relu2_1', 'conv2_1'),
  ],
  layers: ['relu1_1', 'relu1_2', 'relu2_1'],
};

/** It as a known network, whose weights are published as given. */
export function smallNetwork(original: Publication = NOWHERE, torchvision: Publication = NOWHERE): KnownNetwork {
  const origin = {provenance: 'made by the test', alsoPublished: []};
  return {
    definition,
    preprocessing: TORCHVISION,
    bundled: false,
    origins: [
      {
        ...origin,
        id: 'original',
        preprocessing: CAFFE_VGG,
        layout: KERAS_VGG_LAYOUT,
        fileOrigin: 'the original small',
        publication: original,
      },
      {
        ...origin,
        id: 'torchvision',
        preprocessing: TORCHVISION,
        layout: torchvisionLayout(definition),
        fileOrigin: "torchvision's small",
        publication: torchvision,
      },
    ],
  };
}

const NOWHERE: Publication = {
  url: 'http://127.0.0.1:9/none',
  file: 'none',
  bytes: null,
  hash: {algorithm: 'sha256', hex: '0'.repeat(64)},
  ranges: false,
};

/** One of a network's origins. */
export function originOf(network: KnownNetwork, id: WeightsOrigin['id']): WeightsOrigin {
  const found = network.origins.find((origin) => origin.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

/** The values that fixtures/made-by/weights_files.py gives the kernels (OIHW) and biases, by convolution. */
export const SMALL_WEIGHTS: ReadonlyMap<
  string,
  {readonly kernel: readonly number[]; readonly bias: readonly number[]}
> = new Map(
  CHANNELS.map(([name, inputs, outputs], layer) => [
    name,
    {kernel: kernelValues(layer, outputs * inputs * 9), bias: biasValues(layer, outputs)},
  ]),
);

/** Values of the L-th kernel. */
export function kernelValues(layer: number, count: number): number[] {
  return Array.from({length: count}, (_, i) => (((37 * i + 11 * layer) % 101) - 50) / 256);
}

/** Values of the L-th bias. */
export function biasValues(layer: number, count: number): number[] {
  return Array.from({length: count}, (_, i) => (((13 * i + layer) % 17) - 8) / 64);
}

/** Weights as plain numbers, to be compared. */
export function plain(weights: ReadonlyMap<string, {readonly kernel: Float32Array; readonly bias: Float32Array}>) {
  return new Map([...weights].map(([name, {kernel, bias}]) => [name, {kernel: [...kernel], bias: [...bias]}]));
}
