import type {TensorLibrary} from './device.js';

/** 1 + 2 + … + 1000. */
const SUM = 500_500;

/** [[1, 2], [3, 4]] · [[5, 6], [7, 8]]. */
const PRODUCT = [19, 22, 43, 50];

/** [[1, 2, 3], [4, 5, 6], [7, 8, 9]] filtered with [[1, 2], [3, 4]]: each window's products summed. */
const FILTERED = [37, 47, 67, 77];

/** What a device computes wrongly, in words; null when a sum, a matrix product and a convolution of whole numbers come out exactly. */
export async function wrongArithmetic(tf: TensorLibrary): Promise<string | null> {
  const [sum] = await tf.sum(tf.range(1, 1001)).data();
  if (sum !== SUM) return `1 + 2 + … + 1000 comes out as ${sum}, not ${SUM}`;
  const product = await tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).data();
  const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
  const filtered = await tf.conv2d(image, filter, 1, 'valid').data();
  return wrong('a matrix product', product, PRODUCT) ?? wrong('a convolution', filtered, FILTERED);
}

function wrong(name: string, values: ArrayLike<number>, right: readonly number[]): string | null {
  const isRight = values.length === right.length && right.every((value, i) => values[i] === value);
  return isRight ? null : `${name} comes out as ${Array.from(values).join(', ')}, not ${right.join(', ')}`;
}
