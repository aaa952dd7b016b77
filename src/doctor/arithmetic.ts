import type {TensorLibrary} from '../device/device.js';

/** 1 + 2 + … + 1000. */
const SUM = 500_500;

/** [[1, 2, 3], [4, 5, 6], [7, 8, 9]] filtered with [[1, 2], [3, 4]]: each window's products summed. */
const FILTERED = [37, 47, 67, 77];

/** What a device computes wrongly, in words; null when a sum and a convolution of whole numbers come out exactly. */
export async function wrongArithmetic(tf: TensorLibrary): Promise<string | null> {
  const [sum] = await tf.sum(tf.range(1, 1001)).data();
  if (sum !== SUM) return `1 + 2 + … + 1000 comes out as ${sum}, not ${SUM}`;
  const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const filter = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
  const filtered = await tf.conv2d(image, filter, 1, 'valid').data();
  const right = filtered.length === FILTERED.length && FILTERED.every((value, i) => filtered[i] === value);
  return right ? null : `a convolution comes out as ${Array.from(filtered).join(', ')}, not ${FILTERED.join(', ')}`;
}
