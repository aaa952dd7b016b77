import type {NetworkDefinition, NetworkNode} from './graph.js';

/** The five convolutions: output channels, kernel, stride and padding, and whether a pool follows the ReLU. */
const CONVOLUTIONS: readonly (readonly [
  channels: number,
  kernel: number,
  stride: number,
  padding: number,
  pool: boolean,
])[] = [
  [64, 11, 4, 2, true],
  [192, 5, 1, 2, true],
  [384, 3, 1, 1, false],
  [256, 3, 1, 1, false],
  [256, 3, 1, 1, true],
];

/**
 * AlexNet without its classifier, in the form of "One weird trick" (Krizhevsky 2014, arXiv 1404.5997), which torchvision
 * trained: five convolutions, each with a ReLU, and 3×3 pools of stride 2 after the first, the second and the fifth. No
 * response normalisation. The layers are `relu1` … `relu5`, `pool1`, `pool2` and `pool5`.
 */
export const alexnet: NetworkDefinition = build();

function build(): NetworkDefinition {
  const nodes: NetworkNode[] = [];
  let input = 'image';
  let inputChannels = 3;
  CONVOLUTIONS.forEach(([outputChannels, kernel, stride, padding, pool], i) => {
    const number = i + 1;
    nodes.push(
      {
        name: `conv${number}`,
        inputs: [input],
        operation: {type: 'conv', inputChannels, outputChannels, kernel, stride, padding},
      },
      {name: `relu${number}`, inputs: [`conv${number}`], operation: {type: 'relu'}},
    );
    input = `relu${number}`;
    inputChannels = outputChannels;
    if (!pool) return;
    const operation = {type: 'pool', kernel: 3, stride: 2, rounding: 'floor'} as const;
    nodes.push({name: `pool${number}`, inputs: [input], operation});
    input = `pool${number}`;
  });
  const layers = nodes.filter(({operation}) => operation.type !== 'conv').map(({name}) => name);
  return {id: 'alexnet', nodes, layers};
}
