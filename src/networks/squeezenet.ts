import type {NetworkDefinition, NetworkNode, NetworkOperation} from './graph.js';

/** Channels of the fire modules (Iandola 2016, table 1): squeeze, then each of the two expand convolutions. */
const FIRE_MODULES: readonly (readonly [squeeze: number, expand: number])[] = [
  [16, 64],
  [16, 64],
  [32, 128],
  [32, 128],
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
];

const POOL: NetworkOperation = {type: 'pool', kernel: 3, stride: 2, rounding: 'ceil'};

/** What tells the versions apart. */
interface Version {
  readonly id: string;
  /** Output channels and kernel of conv1, which has stride 2 and no padding. */
  readonly conv1: readonly [channels: number, kernel: number];
  /** The fire modules that a pool follows. */
  readonly pooled: readonly number[];
}

/**
 * SqueezeNet up to its last fire module (Iandola et al. 2016, arXiv 1602.07360): conv1 with stride 2 and no padding,
 * fire2 to fire9, 3×3 max pools of stride 2 in ceil mode. The layers are `relu_conv1` and the fire modules' concatenated
 * outputs, `fire2` … `fire9`. Version 1.0 is the paper's: conv1 7×7, pools after conv1, fire4 and fire8.
 */
export const squeezenet1_0: NetworkDefinition = build({id: 'squeezenet1_0', conv1: [96, 7], pooled: [4, 8]});

/**
 * Version 1.1 of the authors' repository (https://github.com/forresti/SqueezeNet, SqueezeNet_v1.1): conv1 3×3 with 64
 * channels, pools after conv1, fire3 and fire5; 2.4 times less computation.
 */
export const squeezenet1_1: NetworkDefinition = build({id: 'squeezenet1_1', conv1: [64, 3], pooled: [3, 5]});

function build({id, conv1: [outputChannels, kernel], pooled}: Version): NetworkDefinition {
  const nodes: NetworkNode[] = [
    {
      name: 'conv1',
      inputs: ['image'],
      operation: {type: 'conv', inputChannels: 3, outputChannels, kernel, stride: 2, padding: 0},
    },
    {name: 'relu_conv1', inputs: ['conv1'], operation: {type: 'relu'}},
    {name: 'pool1', inputs: ['relu_conv1'], operation: POOL},
  ];
  const layers = ['relu_conv1'];
  let input = 'pool1';
  let channels = outputChannels;
  FIRE_MODULES.forEach(([squeeze, expand], i) => {
    const name = `fire${i + 2}`;
    nodes.push(...fireModule(name, input, channels, squeeze, expand));
    layers.push(name);
    input = name;
    channels = 2 * expand;
    if (pooled.includes(i + 2)) {
      input = `pool${i + 2}`;
      nodes.push({name: input, inputs: [name], operation: POOL});
    }
  });
  return {id, nodes, layers};
}

/** Squeeze 1×1, then expand 1×1 and 3×3 side by side, concatenated; ReLU after each convolution. */
function fireModule(name: string, input: string, channels: number, squeeze: number, expand: number): NetworkNode[] {
  const squeezed = `${name}/relu_squeeze1x1`;
  return [
    ...convolution(name, 'squeeze1x1', input, channels, squeeze, 1),
    ...convolution(name, 'expand1x1', squeezed, squeeze, expand, 1),
    ...convolution(name, 'expand3x3', squeezed, squeeze, expand, 3),
    {name, inputs: [`${name}/relu_expand1x1`, `${name}/relu_expand3x3`], operation: {type: 'concat'}},
  ];
}

function convolution(
  fire: string,
  part: string,
  input: string,
  inputChannels: number,
  outputChannels: number,
  kernel: number,
): NetworkNode[] {
  const padding = (kernel - 1) / 2;
  return [
    {
      name: `${fire}/${part}`,
      inputs: [input],
      operation: {type: 'conv', inputChannels, outputChannels, kernel, stride: 1, padding},
    },
    {name: `${fire}/relu_${part}`, inputs: [`${fire}/${part}`], operation: {type: 'relu'}},
  ];
}
