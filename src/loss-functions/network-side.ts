import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {UsageError} from '../errors.js';
import type {TensorLibrary} from '../losses/contract.js';
import type {ViewOptions} from '../losses/sample-contract.js';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import type {FeatureSide} from './compared-features.js';
import type {FeatureExtractor} from './feature-types.js';
import {asBatch, viewTensor} from './image-tensor.js';

/** The valid pixels of each sample; null where all are. */
export type ValidPixels = readonly Uint8Array[] | null;

/** How a loss puts images through its network. */
export interface NetworkReading {
  readonly loss: string;
  readonly network: FeatureExtractor;
  /** The layers asked for; `image` is the image itself. */
  readonly layers: readonly string[];
  readonly view: ViewOptions;
}

/** An image as networks take it: `[n, h, w, 1 | 3]`, values in [0, 1] whatever the loss's `range`, border cropped. */
export function unitImage(
  tf: TensorLibrary,
  given: Tensor,
  {loss, view, role, dimensions}: {loss: string; view: ViewOptions; role: string; dimensions: number},
): Tensor4D {
  if (!(given instanceof tf.Tensor)) throw new UsageError('CVL-T001', `${loss}: expected a tensor as ${role}`);
  const batch = asBatch(tf, given, {loss, role, reading: 'pixels', dimensions});
  const image = viewTensor(tf, batch, {loss, role, reading: 'pixels', view});
  const [low, high] = view.range;
  return low === 0 && high === 1 ? image : tf.div(tf.sub(image, low), high - low);
}

/** The features of images with values in [0, 1], and the positions that count. Throws UsageError for channels that networks do not take. */
export function networkSide(
  tf: TensorLibrary,
  {loss, network, layers}: Omit<NetworkReading, 'view'>,
  role: string,
  image: Tensor4D,
  valid: ValidPixels,
): FeatureSide {
  const [n, height, width, channels] = image.shape;
  if (channels !== 1 && channels !== 3) {
    throw new UsageError('CVL-T001', `${loss}: ${role} has ${channels} channels, a network takes images of 1 or 3`);
  }
  const kept = valid ? tf.where(maskTensor(tf, valid, height, width), image, tf.zerosLike(image)) : image;
  const colour = channels === 1 ? (tf.tile(kept, [1, 1, 1, 3]) as Tensor4D) : kept;
  const ofNetwork = layers.filter((layer) => layer !== 'image');
  const features = {...network.features(colour, ofNetwork), image: colour};
  if (!valid) return {role, features};
  const sees = (network as Partial<PretrainedNetwork>).validAt;
  if (!sees) {
    throw new UsageError(
      'CVL-T001',
      `${loss}: pixels that are left out (ignore, ignore_index) need a network of openNetwork or readNetwork, which say what a layer sees`,
    );
  }
  return {
    role,
    features,
    positions: (layer, rows, columns) =>
      Array.from({length: n}, (_, i) => {
        const mask = sees(layer, valid[i] as Uint8Array, height, width);
        return {height: rows, width: columns, count: mask.reduce((sum, one) => sum + one, 0), mask};
      }),
  };
}

/** The pixels that `ignore` leaves; null where it is not given. Throws UsageError where it is not of the prediction's size. */
export function validPixels(
  tf: TensorLibrary,
  ignore: Tensor | undefined,
  {loss, view, like}: {loss: string; view: ViewOptions; like: Tensor},
): ValidPixels {
  if (ignore === undefined) return null;
  if (!(ignore instanceof tf.Tensor)) throw new UsageError('CVL-T001', `${loss}: expected a tensor as ignore`);
  const about = {loss, role: 'ignore', reading: 'labels'} as const;
  const dimensions = like.rank === 3 ? 3 : 4;
  const map = asBatch(tf, ignore, {...about, dimensions});
  const [n, height, width] = dimensions === 3 ? [1, ...like.shape] : like.shape;
  if ([n, height, width, 1].some((side, axis) => map.shape[axis] !== side)) {
    throw new UsageError(
      'CVL-T001',
      `${loss}: pred has the shape [${like.shape.join(', ')}] and ignore [${ignore.shape.join(', ')}]`,
    );
  }
  const cropped = viewTensor(tf, map, {...about, view});
  const ids = cropped.dataSync();
  const pixels = cropped.size / cropped.shape[0];
  return Array.from({length: cropped.shape[0]}, (_, i) =>
    Uint8Array.from(ids.subarray(i * pixels, (i + 1) * pixels), (id) => Number(id === 0)),
  );
}

function maskTensor(tf: TensorLibrary, valid: readonly Uint8Array[], height: number, width: number): Tensor4D {
  const data = new Uint8Array(valid.length * height * width);
  valid.forEach((mask, i) => {
    data.set(mask, i * height * width);
  });
  return tf.tensor4d(data, [valid.length, height, width, 1], 'bool');
}
