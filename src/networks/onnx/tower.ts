import type {ConvolutionWeights, LoadedNetwork, NetworkNode, NetworkOperation, Pooling} from '../graph.js';
import {L2_EPSILON, l2Window} from '../l2-pooling.js';
import {planSteps, type Step} from '../steps.js';
import {gramConstants, gramInputs, gramNodes} from './gram-nodes.js';
import {ElementType, type OnnxConstant, type OnnxGraph, type OnnxInput, type OnnxNode} from './model.js';
import {type Statistic, statisticName} from './statistic.js';

/** A graph, and the weights that it names. */
export interface Tower {
  readonly graph: OnnxGraph;
  /** By location, not copied. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

type L2Pool = Extract<NetworkOperation, {type: 'l2-pool'}>;

/**
 * The graph from one image `[1, 3, h, w]`, already preprocessed, to statistics: activations `[1, c, h', w']`, and Gram
 * matrices `[c, c]` in float64, the sum over the positions (not divided by their number). A layer with a Gram matrix
 * has the inputs of `gramInputs`. Sizes are free: one session serves images of every size.
 * Throws RangeError for a layer that the network does not have.
 */
export function buildTower(loaded: LoadedNetwork, statistics: readonly Statistic[], masked: boolean): Tower {
  const nodes: OnnxNode[] = [];
  const inputs: OnnxInput[] = [{name: 'image', element: ElementType.float32, shape: [1, 3, 'height', 'width']}];
  const constants: OnnxConstant[] = gramConstants(masked);
  const weights = new Map<string, Float32Array>();
  const layers = [...new Set(statistics.map(({layer}) => layer))];
  for (const step of planSteps(loaded, layers)) {
    if (step.node.operation.type === 'conv') addWeights(loaded, step.node, constants, weights);
    if (step.node.operation.type === 'l2-pool') addWindow(step.node.name, step.node.operation, constants, weights);
    nodes.push(...stepNodes(step, loaded.pooling));
  }
  for (const {layer} of statistics.filter(({statistic}) => statistic === 'gram')) {
    inputs.push(...gramInputs(layer, masked));
    nodes.push(...gramNodes(layer, masked));
  }
  const outputs = statistics.map((statistic) => ({
    name: statisticName(statistic),
    element: statistic.statistic === 'gram' ? ElementType.float64 : ElementType.float32,
  }));
  return {graph: {nodes, inputs, outputs, constants}, weights};
}

/** A convolution's kernel and bias as constants whose values stay where they are. */
function addWeights(
  loaded: LoadedNetwork,
  {name, operation}: NetworkNode,
  constants: OnnxConstant[],
  weights: Map<string, Float32Array>,
): void {
  if (operation.type !== 'conv') return;
  const {inputChannels, outputChannels, kernel: side} = operation;
  const {kernel, bias} = loaded.weights.get(name) as ConvolutionWeights;
  addConstant(`${name} kernel`, kernel, [outputChannels, inputChannels, side, side], constants, weights);
  addConstant(`${name} bias`, bias, [outputChannels], constants, weights);
}

/** The window of an l2-pool once for each channel, and what is added under its root. */
function addWindow(
  name: string,
  {channels, kernel: side}: L2Pool,
  constants: OnnxConstant[],
  weights: Map<string, Float32Array>,
): void {
  const window = l2Window();
  const values = Float32Array.from({length: channels * window.length}, (_, i) => window[i % window.length] as number);
  addConstant(`${name} window`, values, [channels, 1, side, side], constants, weights);
  constants.push({name: `${name} epsilon`, number: L2_EPSILON});
}

function addConstant(
  name: string,
  values: Float32Array,
  shape: readonly number[],
  constants: OnnxConstant[],
  weights: Map<string, Float32Array>,
): void {
  // The runtime reads a location as a file's name, so it holds no slash.
  const location = `weights-${weights.size}`;
  weights.set(location, values);
  constants.push({name, shape, location, bytes: values.byteLength});
}

function stepNodes({name, inputs, node, relu}: Step, pooling: Pooling): OnnxNode[] {
  const {operation} = node;
  if (operation.type === 'l2-pool') return l2PoolNodes(name, inputs[0] as string, operation);
  if (!relu) return [operationNode(node.name, operation, inputs, name, pooling)];
  return [
    operationNode(node.name, operation, inputs, node.name, pooling),
    {operator: 'Relu', inputs: [node.name], output: name},
  ];
}

/** √(w ∗ x² + ε), channel by channel. */
function l2PoolNodes(name: string, input: string, {channels, kernel, stride, padding}: L2Pool): OnnxNode[] {
  const [squares, means, lifted] = [`squares of ${name}`, `means of ${name}`, `lifted ${name}`];
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: Array(4).fill(padding),
    group: channels,
  };
  return [
    {operator: 'Mul', inputs: [input, input], output: squares},
    {operator: 'Conv', inputs: [squares, `${name} window`], output: means, attributes},
    {operator: 'Add', inputs: [means, `${name} epsilon`], output: lifted},
    {operator: 'Sqrt', inputs: [lifted], output: name},
  ];
}

function operationNode(
  name: string,
  operation: Exclude<NetworkOperation, L2Pool>,
  inputs: readonly string[],
  output: string,
  pooling: Pooling,
): OnnxNode {
  switch (operation.type) {
    case 'conv': {
      const {kernel, stride, padding} = operation;
      return {
        operator: 'Conv',
        inputs: [...inputs, `${name} kernel`, `${name} bias`],
        output,
        attributes: {kernel_shape: [kernel, kernel], strides: [stride, stride], pads: Array(4).fill(padding)},
      };
    }
    case 'relu':
      return {operator: 'Relu', inputs, output};
    case 'pool': {
      const {kernel, stride, rounding} = operation;
      return {
        operator: pooling === 'average' ? 'AveragePool' : 'MaxPool',
        inputs,
        output,
        attributes: {
          kernel_shape: [kernel, kernel],
          strides: [stride, stride],
          ceil_mode: rounding === 'ceil' ? 1 : 0,
        },
      };
    }
    case 'concat':
      return {operator: 'Concat', inputs, output, attributes: {axis: 1}};
  }
}
