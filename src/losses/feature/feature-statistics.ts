import type {Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../contract.js';
import {sumPerSample} from '../tensor-loss.js';

/** Positions whose products are summed in one go: float32 keeps 1e-6 of a sum of so many. */
const BLOCK = 256;
/** Partial sums added in one go. */
const TOGETHER = 16;

/**
 * Mean over channels and positions of (F − A)², `[n]`, of activations `[n, h, w, c]`; A may be one for all.
 * `shares` `[n, h, w, 1]`: the weight of each position, 1 in all; every position alike without it.
 */
export function meanSquaredDifference(
  tf: TensorLibrary,
  features: Tensor4D,
  other: Tensor4D,
  shares: Tensor4D | undefined,
): Tensor1D {
  const [n, height, width, channels] = features.shape;
  const squares = tf.square(tf.sub(features, other));
  if (!shares) return tf.div(sumPerSample(tf, squares), height * width * channels);
  return tf.div(sumPerSample(tf, tf.mul(tf.reshape(squares, [n, height, width, channels]), shares)), channels);
}

/**
 * Gram matrix of activations `[n, h, w, c]` over the number of positions, G/M with G = F·Fᵀ: `[n, c, c]`.
 * `shares` as above.
 */
export function gramMatrix(tf: TensorLibrary, features: Tensor4D, shares: Tensor4D | undefined): Tensor3D {
  const [n, height, width, channels] = features.shape;
  const positions = height * width;
  const flat = (x: Tensor4D) => tf.reshape(x, [n, positions, channels]) as Tensor3D;
  const own = flat(features);
  const shared = shares ? flat(tf.mul(features, shares)) : own;
  const products = tf.getBackend() === 'wasm' ? productsByHalves : productsByBlocks;
  const gram = products(tf, own, shared);
  return shares ? gram : tf.div(gram, positions);
}

/** Σ_ij (G_ij − A_ij)², `[n]`, of matrices `[n, c, c]`; A may be one for all. */
export function gramDifference(tf: TensorLibrary, gram: Tensor3D, other: Tensor3D): Tensor1D {
  return sumPerSample(tf, tf.square(tf.sub(gram, other)));
}

/** aᵀ·b of `[n, positions, c]`: the products of blocks of positions in one batch, and their sum. */
function productsByBlocks(tf: TensorLibrary, a: Tensor3D, b: Tensor3D): Tensor3D {
  const [n, positions, channels] = a.shape;
  const blocks = Math.ceil(positions / BLOCK);
  const inBlocks = (x: Tensor3D) => tf.reshape(padRows(tf, x, blocks * BLOCK), [n * blocks, BLOCK, channels]);
  const products: Tensor = tf.matMul(inBlocks(a), inBlocks(b), true, false);
  const sums = sumOfRows(tf, tf.reshape(products, [n, blocks, channels * channels]) as Tensor3D);
  return tf.reshape(sums, [n, channels, channels]) as Tensor3D;
}

/** The same where single matrices are multiplied six times faster than a batch of them, and a slice copies its source. */
function productsByHalves(tf: TensorLibrary, a: Tensor3D, b: Tensor3D): Tensor3D {
  const [n, positions, channels] = a.shape;
  const rows = ({shape: [all]}: Tensor2D) => all;
  const product = (x: Tensor2D, y: Tensor2D): Tensor2D => {
    if (rows(x) <= BLOCK) return tf.matMul(tf.transpose(x), y);
    const half = Math.ceil(rows(x) / BLOCK / 2) * BLOCK;
    const [first, second] = [[0, half] as const, [half, rows(x) - half] as const].map(([from, size]) =>
      tf.tidy(() => {
        const part = (whole: Tensor2D) => tf.slice2d(whole, [from, 0], [size, channels]);
        const own = part(x);
        return product(own, x === y ? own : part(y));
      }),
    );
    return tf.add(first as Tensor2D, second as Tensor2D);
  };
  const sample = (x: Tensor3D, i: number): Tensor2D =>
    tf.reshape(n === 1 ? x : tf.slice3d(x, [i, 0, 0], [1, positions, channels]), [positions, channels]) as Tensor2D;
  const products = Array.from({length: n}, (_, i) => {
    const own = sample(a, i);
    return product(own, a === b ? own : sample(b, i));
  });
  return tf.stack(products) as Tensor3D;
}

/** Sum over the second axis of `[n, rows, size]`, a few at a time. */
function sumOfRows(tf: TensorLibrary, products: Tensor3D): Tensor {
  const [n, , size] = products.shape;
  let rest = products;
  for (let rows = rest.shape[1]; rows > 1; rows = rest.shape[1]) {
    const together = Math.min(TOGETHER, rows);
    const groups = Math.ceil(rows / together);
    rest = tf.sum(tf.reshape(padRows(tf, rest, groups * together), [n, groups, together, size]), 2);
  }
  return rest;
}

/** Rows of zeros to make them so many. */
function padRows(tf: TensorLibrary, x: Tensor3D, rows: number): Tensor3D {
  return tf.pad(x, [
    [0, 0],
    [0, rows - x.shape[1]],
    [0, 0],
  ]);
}
