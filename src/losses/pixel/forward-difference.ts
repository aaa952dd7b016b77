import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {View} from '../../kernels/view.js';
import type {TensorLibrary} from '../contract.js';

/**
 * Visits every element of an image with its forward differences along x and y, in float64: zero past the edge,
 * and zero where either pixel is invalid. Differences of stored integers are exact before they are scaled.
 */
export function forEachDifference(
  {data, scale, height, width, channels}: View,
  valid: Uint8Array | null,
  visit: (pixel: number, element: number, dx: number, dy: number) => void,
): void {
  const stride = width * channels;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const right = (pixel + 1) % width !== 0 && bothValid(valid, pixel, pixel + 1);
    const down = pixel + width < height * width && bothValid(valid, pixel, pixel + width);
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++) {
      const value = data[i] as number;
      const dx = right ? ((data[i + channels] as number) - value) * scale : 0;
      const dy = down ? ((data[i + stride] as number) - value) * scale : 0;
      visit(pixel, i, dx, dy);
    }
  }
}

function bothValid(valid: Uint8Array | null, one: number, other: number): boolean {
  return valid === null || (valid[one] === 1 && valid[other] === 1);
}

/**
 * The same of `[n, h, w, c]` along an axis (1: y, 2: x), in float32 and differentiable; `valid` is `[n, h, w, 1]`, null
 * where all pixels are.
 */
export function forwardDifference(tf: TensorLibrary, image: Tensor4D, valid: Tensor4D | null, axis: 1 | 2): Tensor4D {
  const length = image.shape[axis];
  const [here, next] = [0, 1].map((from) => {
    const part = (map: Tensor4D): Tensor4D => {
      const begin = [0, 0, 0, 0];
      const size = [...map.shape];
      begin[axis] = from;
      size[axis] = length - 1;
      return tf.slice(map, begin as [number, number, number, number], size as [number, number, number, number]);
    };
    return {image: part(image), valid: valid && part(valid)};
  }) as [Shifted, Shifted];
  const difference: Tensor4D = tf.sub(next.image, here.image);
  const counted: Tensor4D =
    here.valid && next.valid
      ? tf.where(tf.greater(tf.mul(here.valid, next.valid), 0), difference, tf.zerosLike(difference))
      : difference;
  const edge = (at: number): [number, number] => (at === axis ? [0, 1] : [0, 0]);
  return tf.pad(counted, [edge(0), edge(1), edge(2), edge(3)]);
}

interface Shifted {
  readonly image: Tensor4D;
  readonly valid: Tensor4D | null;
}
