import type {ConvolutionWeights, LoadedNetwork, NetworkNode, NetworkOperation} from '../../../src/networks/graph.js';
import {CAFFE} from '../../../src/networks/preprocessing.js';

/** Values in (−0.5, 0.5), the same every time. */
export function values(length: number, seed: number): Float32Array {
  return Float32Array.from({length}, (_, i) => {
    let hash = Math.imul(i + 1 + 7919 * seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  });
}

const pool = (rounding: 'ceil' | 'floor', kernel: number): NetworkOperation => ({
  type: 'pool',
  kernel,
  stride: 2,
  rounding,
});

/** A network with every operation: a strided convolution, both kinds of pool, two branches; `width` channels each. */
export function smallNetwork(width: number, pooling: 'max' | 'average'): LoadedNetwork {
  const conv = (inputChannels: number, kernel: number, stride: number, padding: number): NetworkOperation => ({
    type: 'conv',
    inputChannels,
    outputChannels: width,
    kernel,
    stride,
    padding,
  });
  const nodes: readonly NetworkNode[] = [
    {name: 'conv1', inputs: ['image'], operation: conv(3, 5, 2, 1)},
    {name: 'relu1', inputs: ['conv1'], operation: {type: 'relu'}},
    {name: 'pool1', inputs: ['relu1'], operation: pool('ceil', 3)},
    {name: 'left', inputs: ['pool1'], operation: conv(width, 1, 1, 0)},
    {name: 'relu/left', inputs: ['left'], operation: {type: 'relu'}},
    {name: 'right', inputs: ['pool1'], operation: conv(width, 3, 1, 1)},
    {name: 'relu/right', inputs: ['right'], operation: {type: 'relu'}},
    {name: 'both', inputs: ['relu/left', 'relu/right'], operation: {type: 'concat'}},
    {name: 'pool2', inputs: ['both'], operation: pool('floor', 2)},
  ];
  const weights = new Map<string, ConvolutionWeights>();
  nodes.forEach(({name, operation}, seed) => {
    if (operation.type !== 'conv') return;
    const {inputChannels, kernel} = operation;
    weights.set(name, {
      kernel: values(width * inputChannels * kernel ** 2, seed),
      bias: values(width, seed + 100),
    });
  });
  return {
    id: `small-${width}`,
    nodes,
    layers: ['relu1', 'pool1', 'both', 'pool2'],
    pooling,
    preprocessing: CAFFE,
    weights,
    weightsSource: 'made for a test',
    weightsHash: '',
    calibration: null,
  };
}
