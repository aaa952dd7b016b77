import type {Tensor2D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from './device.js';

/** Products of some rows of a matrix with all of its rows, in float32. */
export interface TensorRowProducts {
  /** Writes them row-major, `[rows.length, all rows]`. */
  write(rows: Int32Array, out: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** Products by the tensor library, whose memory holds the matrix until it is closed. */
export function tensorRowProducts(tf: TensorLibrary, values: Float32Array, dimensions: number): TensorRowProducts {
  const all = tf.tensor2d(values, [values.length / dimensions, dimensions]);
  return {
    async write(rows, out) {
      const products: Tensor2D = tf.tidy(() => tf.matMul(tf.gather(all, tf.tensor1d(rows, 'int32')), all, false, true));
      out.set(await products.data());
      products.dispose();
    },
    async close() {
      all.dispose();
    },
  };
}
