import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../device/device.js';
import {type Convolution, kernelShape} from './convolutions.js';
import type {ConvolutionWeights, LoadedNetwork} from './graph.js';

/** A convolution's weights as tensors. */
interface Tensors {
  /** HWIO, as tfjs takes it. */
  readonly filter: Tensor4D;
  readonly bias: Tensor1D;
}

/** A network's weights on the tensor device: made when they are first used, kept until `dispose`. */
export class TensorWeights {
  readonly #made = new Map<string, Tensors>();

  constructor(
    private readonly tf: TensorLibrary,
    private readonly weights: LoadedNetwork['weights'],
  ) {}

  of(convolution: Convolution): Tensors {
    const known = this.#made.get(convolution.name);
    if (known) return known;
    const {tf} = this;
    const {kernel, bias} = this.weights.get(convolution.name) as ConvolutionWeights;
    const [outputs, inputs, side] = kernelShape(convolution);
    const made = tf.tidy(() => ({
      filter: tf.keep(tf.transpose(tf.tensor4d(kernel, [outputs, inputs, side, side]), [2, 3, 1, 0])),
      bias: tf.keep(tf.tensor1d(bias)),
    }));
    this.#made.set(convolution.name, made);
    return made;
  }

  dispose(): void {
    for (const {filter, bias} of this.#made.values()) this.tf.dispose([filter, bias]);
    this.#made.clear();
  }
}
