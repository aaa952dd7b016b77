import {type Convolution, kernelShape} from '../convolutions.js';
import type {ConvolutionWeights, NetworkDefinition} from '../graph.js';
import type {TensorDescription, TensorFile} from './tensor-file.js';

/** The names of a convolution's two tensors in a file. */
interface TensorNames {
  readonly kernel: string;
  readonly bias: string;
}

/** How files of one kind name a network's tensors and lay out its kernels. */
export interface TensorLayout {
  readonly kernel: 'OIHW' | 'HWIO';
  /** Names in a file with these tensors; where they are not there, those that were expected. */
  names(convolution: string, entries: TensorFile['entries']): TensorNames;
}

/** Files that cv-loss writes, and the bundled ones: the names of the nodes. */
export const OWN_LAYOUT: TensorLayout = {
  kernel: 'OIHW',
  names: (convolution) => ({kernel: `${convolution}.weight`, bias: `${convolution}.bias`}),
};

/** torchvision's state dict: `features.0.weight`; the parts of a fire module are `features.3.squeeze.weight`. */
export function torchvisionLayout(definition: NetworkDefinition): TensorLayout {
  return {
    kernel: 'OIHW',
    names(convolution) {
      const tensor = torchvisionName(definition, convolution);
      return {kernel: `${tensor}.weight`, bias: `${tensor}.bias`};
    },
  };
}

/** torchvision numbers a network's modules in one sequence, which is the order of the nodes; a fire module is one of them. */
function torchvisionName({nodes}: NetworkDefinition, convolution: string): string {
  const [module, part] = convolution.split('/');
  const modules = nodes.map(({name}) => name).filter((name) => !name.includes('/'));
  const name = `features.${modules.indexOf(module as string)}`;
  return part === undefined ? name : `${name}.${part.replace('squeeze1x1', 'squeeze')}`;
}

/**
 * Keras' VGG: layer `block1_conv1`, kernels HWIO. The tensors' own names differ between its releases
 * (`block1_conv1_W_1:0`, `block1_conv1/kernel:0`, under `model_weights` or not), so a layer's kernel is its tensor of
 * four dimensions and its bias the one of one dimension.
 */
export const KERAS_VGG_LAYOUT: TensorLayout = {
  kernel: 'HWIO',
  names(convolution, entries) {
    const layer = convolution.replace(/^conv(\d+)_(\d+)$/, 'block$1_conv$2');
    // A model saved while it is trained has its optimiser's tensors beside them, in the same shapes.
    const isOfLayer = (parts: readonly string[]) => parts.includes(layer) && parts[0] !== 'optimizer_weights';
    const ofLayer = [...entries].filter(([name]) => isOfLayer(name.split(/[/.]/)));
    const ofRank = (rank: number) => ofLayer.find(([, {shape}]) => shape.length === rank)?.[0];
    return {kernel: ofRank(4) ?? `${layer}/kernel`, bias: ofRank(1) ?? `${layer}/bias`};
  },
};

/** A tensor that a convolution needs of a file. */
export interface NeededTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The tensors that a convolution needs of a file in this layout: kernel, then bias. */
export function neededTensors(
  layout: TensorLayout,
  convolution: Convolution,
  entries: TensorFile['entries'],
): readonly [NeededTensor, NeededTensor] {
  const {kernel, bias} = layout.names(convolution.name, entries);
  const [outputs, inputs, side] = kernelShape(convolution);
  const shape = layout.kernel === 'OIHW' ? [outputs, inputs, side, side] : [side, side, inputs, outputs];
  return [
    {name: kernel, shape},
    {name: bias, shape: [outputs]},
  ];
}

/** What is wrong with a tensor of a file; null when it is as needed. */
export function tensorMismatch({name, shape}: NeededTensor, entries: TensorFile['entries']): string | null {
  const found: TensorDescription | undefined = entries.get(name);
  const expected = `F32 [${shape.join(', ')}]`;
  if (!found) return `there is no tensor ${name}, expected ${expected}`;
  const came = `${found.dtype} [${found.shape.join(', ')}]`;
  return came === expected ? null : `tensor ${name} is ${came}, expected ${expected}`;
}

/** Reads a convolution's weights, the kernel turned to OIHW. */
export async function readConvolution(
  layout: TensorLayout,
  convolution: Convolution,
  file: TensorFile,
): Promise<ConvolutionWeights> {
  const [kernel, bias] = neededTensors(layout, convolution, file.entries);
  const values = await file.read(kernel.name);
  return {
    kernel: layout.kernel === 'OIHW' ? values : toOihw(values, kernelShape(convolution)),
    bias: await file.read(bias.name),
  };
}

/** HWIO to OIHW: out[o][i][h][w] = in[h][w][i][o]. */
function toOihw(
  values: Float32Array,
  [outputs, inputs, side]: readonly [number, number, number, number],
): Float32Array {
  const out = new Float32Array(values.length);
  const area = side * side;
  let at = 0;
  for (let position = 0; position < area; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        out[(output * inputs + input) * area + position] = values[at++] as number;
      }
    }
  }
  return out;
}
