import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import type {Convolution} from './convolutions.js';
import type {Preprocessing, WeightedNetwork} from './graph.js';
import {layerShape, nodeShapes} from './shapes.js';
import {planSteps, type Step} from './steps.js';
import {l2Pool} from './tensor-l2-pool.js';
import {pool} from './tensor-pool.js';
import type {TensorWeights} from './tensor-weights.js';

/**
 * Activations `[n, h', w', c]` of the layers asked for, of images `[n, h, w, 1 | 3]` with values in [0, 1] (grey is
 * three equal channels). Differentiable in the images. Nothing beyond the last layer is computed, and an activation is
 * freed when the last step that reads it is done.
 * Throws SampleError `too-small` where a layer has no position, RangeError for a name that is no node of the network.
 */
export function tensorFeatures(
  tf: TensorLibrary,
  network: WeightedNetwork,
  weights: TensorWeights,
  images: Tensor4D,
  layers: readonly string[],
): Record<string, Tensor4D> {
  const [, height, width] = images.shape;
  for (const layer of layers) layerShape(network, layer, height, width);
  return tf.tidy(() => {
    const live = new Map([['image', tf.tidy(() => preprocess(tf, images, network.preprocessing))]]);
    const activation = (name: string) => live.get(name) as Tensor4D;
    for (const step of planSteps(network, layers)) {
      live.set(
        step.name,
        tf.tidy(() => compute(tf, network, weights, step, step.inputs.map(activation))),
      );
      for (const name of step.releases) {
        activation(name).dispose();
        live.delete(name);
      }
    }
    return Object.fromEntries(layers.map((layer) => [layer, activation(layer)]));
  });
}

/**
 * Bytes that `tensorFeatures` takes at its peak for one image of height × width: activations in float32, and what the
 * step at work needs beside them (a padded copy, the table of pixel addresses that XNNPACK keeps for a convolution).
 */
export function featureMemory(
  network: WeightedNetwork,
  layers: readonly string[],
  height: number,
  width: number,
): number {
  const shapes = nodeShapes(network.nodes, height, width);
  const bytesOf = (name: string) => {
    const {channels, height: h, width: w} = shapes.get(name) as {channels: number; height: number; width: number};
    return 4 * channels * h * w;
  };
  let live = bytesOf('image');
  let tables = 0;
  // Preprocessing holds the image, the result and one value between.
  let peak = 3 * live;
  for (const {name, inputs, node, releases} of planSteps(network, layers)) {
    live += bytesOf(name);
    const {operation} = node;
    if (operation.type === 'conv') tables += (bytesOf(name) / operation.outputChannels) * operation.kernel ** 2;
    const copies = operation.type === 'pool' ? 1 : operation.type === 'l2-pool' ? 2 : 0;
    const beside = copies * inputs.reduce((sum, input) => sum + bytesOf(input), 0);
    peak = Math.max(peak, live + beside + tables);
    for (const released of releases) live -= bytesOf(released);
  }
  return peak;
}

function preprocess(tf: TensorLibrary, images: Tensor4D, {order, scale, mean, std}: Preprocessing): Tensor4D {
  const colour = images.shape[3] === 1 ? tf.tile(images, [1, 1, 1, 3]) : images;
  const ordered = order === 'bgr' ? tf.reverse(colour, 3) : colour;
  const scaled = scale === 1 ? ordered : tf.mul(ordered, scale);
  const centred = mean.every((value) => value === 0) ? scaled : tf.sub(scaled, tf.tensor1d([...mean]));
  const divided = std.every((value) => value === 1) ? centred : tf.div(centred, tf.tensor1d([...std]));
  // The caller's tensor is never the result, which is freed after its last use.
  return divided === images ? tf.clone(images) : (divided as Tensor4D);
}

function compute(
  tf: TensorLibrary,
  network: WeightedNetwork,
  weights: TensorWeights,
  {node: {name, operation}, relu}: Step,
  inputs: readonly Tensor4D[],
): Tensor4D {
  const input = inputs[0] as Tensor4D;
  switch (operation.type) {
    case 'conv': {
      const {filter, bias} = weights.of({name, operation});
      const {stride: strides} = operation;
      const activation = relu ? 'relu' : 'linear';
      return tf.fused.conv2d({...padded(tf, input, operation), filter, strides, bias, activation});
    }
    case 'relu':
      return tf.relu(input);
    case 'pool':
      return pool(tf, input, operation, network.pooling === 'average' ? 'average' : 'max');
    case 'l2-pool':
      return l2Pool(tf, input, operation);
    case 'concat':
      return tf.concat([...inputs], 3);
    default:
      return neverReached(operation);
  }
}

/** The input and `pad` of a convolution; tfjs's TensorFlow backend knows `same` and `valid` only. */
function padded(tf: TensorLibrary, x: Tensor4D, {kernel, stride, padding}: Convolution['operation']) {
  if (padding === 0) return {x, pad: 'valid' as const};
  if (stride === 1 && 2 * padding === kernel - 1) return {x, pad: 'same' as const};
  const sides: [number, number] = [padding, padding];
  return {x: tf.pad(x, [[0, 0], sides, sides, [0, 0]]), pad: 'valid' as const};
}

function neverReached(operation: never): Tensor & Tensor4D {
  throw new TypeError(`no such operation: ${JSON.stringify(operation)}`);
}
