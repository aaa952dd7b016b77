import type {Tensor4D} from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type {TensorLibrary} from '../../src/losses/contract.js';

/** A picture file's `[1, h, w, c]` in [0, 1]; `crop` cuts [from, to) of both sides out. */
export async function readImage(tf: TensorLibrary, path: string, crop?: readonly [number, number]): Promise<Tensor4D> {
  const picture = sharp(path).removeAlpha();
  if (crop) {
    const [from, to] = crop;
    picture.extract({left: from, top: from, width: to - from, height: to - from});
  }
  const {data, info} = await picture.raw().toBuffer({resolveWithObject: true});
  return tf.tensor4d(
    Float32Array.from(data, (value) => value / 255),
    [1, info.height, info.width, info.channels],
  );
}
