import type {Tensor} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';

/** √x with the gradient 0 at 0, where the true one is infinite and would turn every gradient behind it into NaN. */
export function squareRoot<T extends Tensor>(tf: TensorLibrary, x: T): T {
  const root = tf.customGrad((input, save) => {
    const value = tf.sqrt(input as Tensor);
    (save as (tensors: Tensor[]) => void)([value]);
    const gradFunc = (dy: Tensor, [saved]: Tensor[]) => {
      const divisor = tf.mul(saved as Tensor, 2);
      return tf.where(tf.greater(divisor, 0), tf.div(dy, divisor), 0);
    };
    return {value, gradFunc};
  });
  return root(x) as T;
}
