import type {Tensor4D} from '@tensorflow/tfjs-core';
import {softSkeleton} from '../../kernels/soft-skeleton.js';
import type {LossContext, LossInstance, TensorLibrary} from '../contract.js';
import {betterIn, type Form} from '../form.js';
import {IGNORED} from '../pixel/class-labels.js';
import {scoreView} from '../pixel/scores.js';
import {type ChannelMasks, channelMasks, classChannels, interleave, validPixels} from './class-channels.js';
import {classTensorLoss, type PreparedClasses, sumPerClass} from './class-tensor-loss.js';
import type {MaskReading} from './mask-options.js';
import {probabilityTensor} from './probability-tensor.js';

/** The options of soft clDice. */
export interface SoftClDiceOptions extends MaskReading {
  readonly crop_border: number;
  readonly background: boolean;
  readonly form: Form;
  readonly iterations: number;
  readonly smooth: number;
}

interface Prepared extends PreparedClasses {
  readonly masks: ChannelMasks;
  /** By class: 1 on its pixels in the target. */
  readonly labels: readonly Float64Array[];
}

/** clDice of probabilities x and target y: 2·P·S / (P + S), P = (Σ skel(x)·y + s) / (Σ skel(x) + s), S the other way round. */
export function softClDice(options: SoftClDiceOptions, context: LossContext): LossInstance {
  const {iterations, smooth} = options;
  const {tf, classes} = context;
  const channels = classChannels(classes, options);
  return classTensorLoss<Prepared>(context, {
    view: scoreView(options),
    better: betterIn(options),
    form: options,
    channels,
    maps: 24,
    prepare(sample) {
      const masks = channelMasks(sample, options, classes, channels);
      const labels = channels.map(({label}) => Float64Array.from(masks.target, (of) => (of === label ? 1 : 0)));
      return {masks, labels, defined: channels.map(() => masks.valid > 0), reason: 'no valid pixel'};
    },
    feed: (batch, prepared) => ({
      probabilities: batch.fill(
        'probabilities',
        channels.length,
        (sample, out) => interleave(prepared(sample).masks.probabilities, out),
        () => probabilityTensor(tf, batch, options, (sample) => validPixels(prepared(sample).masks), channels),
      ),
      labels: batch.fill('labels', channels.length, (sample, out) => interleave(prepared(sample).labels, out)),
      valid: batch.fill('valid', 1, (sample, out) => {
        out.set(prepared(sample).masks.target.map((label) => Number(label !== IGNORED)));
      }),
    }),
    values({probabilities: scores, labels, valid}) {
      // So that ignored pixels have no gradient.
      const probabilities: Tensor4D = tf.mul(scores as Tensor4D, valid as Tensor4D);
      const share = (of: Tensor4D, within: Tensor4D) => {
        const skeleton = skeletonTensor(tf, of, iterations);
        return tf.div(
          tf.add(sumPerClass(tf, tf.mul(skeleton, within)), smooth),
          tf.add(sumPerClass(tf, skeleton), smooth),
        );
      };
      const precision = share(probabilities, labels as Tensor4D);
      const sensitivity = share(labels as Tensor4D, probabilities);
      return tf.div(tf.mul(2, tf.mul(precision, sensitivity)), tf.add(precision, sensitivity));
    },
    value({masks: {height, width, probabilities}, labels}, k) {
      const share = (of: Float64Array, within: Float64Array) => {
        const skeleton = softSkeleton(of, height, width, iterations);
        let inside = smooth;
        let all = smooth;
        for (let i = 0; i < skeleton.length; i++) {
          inside += (skeleton[i] as number) * (within[i] as number);
          all += skeleton[i] as number;
        }
        return inside / all;
      };
      const [x, y] = [probabilities[k] as Float64Array, labels[k] as Float64Array];
      const precision = share(x, y);
      const sensitivity = share(y, x);
      return (2 * precision * sensitivity) / (precision + sensitivity);
    },
  });
}

/** `softSkeleton` of `[n, h, w, c]`, channel by channel, differentiable. */
function skeletonTensor(tf: TensorLibrary, map: Tensor4D, iterations: number): Tensor4D {
  let current = map;
  let skeleton = tf.zerosLike(map);
  for (let step = 0; step <= iterations; step++) {
    const eroded = erodeTensor(tf, current);
    const delta = tf.relu(tf.sub(current, tf.maxPool(eroded, 3, 1, 'same'))) as Tensor4D;
    skeleton = tf.add(skeleton, tf.relu(tf.sub(delta, tf.mul(skeleton, delta))));
    current = eroded;
  }
  return skeleton;
}

function erodeTensor(tf: TensorLibrary, map: Tensor4D): Tensor4D {
  const negated = tf.neg(map);
  const cross = tf.maximum(tf.maxPool(negated, [3, 1], 1, 'same'), tf.maxPool(negated, [1, 3], 1, 'same'));
  return tf.neg(cross) as Tensor4D;
}
