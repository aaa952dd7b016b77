import type {NetworkDefinition, NetworkNode} from './graph.js';

/** Output channels of the five blocks. */
const CHANNELS = [64, 128, 256, 512, 512];

/**
 * VGG without its classifier (Simonyan & Zisserman 2015, arXiv 1409.1556, table 1, configurations D and E): blocks of
 * 3×3 convolutions with padding 1, each with a ReLU, and a 2×2 pool of stride 2 after each block. The layers are
 * `reluB_I` (block B, convolution I, both from 1) and `poolB`.
 */
export const vgg16: NetworkDefinition = build('vgg16', [2, 2, 3, 3, 3]);
export const vgg19: NetworkDefinition = build('vgg19', [2, 2, 4, 4, 4]);

function build(id: string, convolutions: readonly number[]): NetworkDefinition {
  const nodes: NetworkNode[] = [];
  let input = 'image';
  let inputChannels = 3;
  CHANNELS.forEach((outputChannels, block) => {
    for (let i = 1; i <= (convolutions[block] as number); i++) {
      const name = `${block + 1}_${i}`;
      nodes.push(
        {
          name: `conv${name}`,
          inputs: [input],
          operation: {type: 'conv', inputChannels, outputChannels, kernel: 3, stride: 1, padding: 1},
        },
        {name: `relu${name}`, inputs: [`conv${name}`], operation: {type: 'relu'}},
      );
      input = `relu${name}`;
      inputChannels = outputChannels;
    }
    nodes.push({
      name: `pool${block + 1}`,
      inputs: [input],
      operation: {type: 'pool', kernel: 2, stride: 2, rounding: 'floor'},
    });
    input = `pool${block + 1}`;
  });
  return {id, nodes, layers: nodes.filter(({operation}) => operation.type !== 'conv').map(({name}) => name)};
}
