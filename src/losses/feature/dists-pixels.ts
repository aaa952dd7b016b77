import type {Tensor4D} from '@tensorflow/tfjs-core';
import {meansAndVariations} from '../../kernels/means-and-variations.js';
import type {View} from '../../kernels/view.js';
import type {LossContext, LossInstance} from '../contract.js';
import type {DistsStatistic} from '../network-contract.js';
import type {SampleViews} from '../sample-contract.js';
import {tensorLoss} from '../tensor-loss.js';
import {toView} from '../view-options.js';
import {EPSILON, tensorMeansAndVariations} from './means-and-variations.js';
import {fillImage, networkImage} from './network-image.js';

/** DISTS's term of the images themselves: three channels with values in [0, 1]; grey is three equal ones. */
export function distsOfPixels(
  context: LossContext,
  given: Parameters<typeof toView>[0],
  weights: Pick<DistsStatistic, 'alpha' | 'beta'>,
): LossInstance {
  const {tf} = context;
  const image = (sample: SampleViews, role: string) => networkImage(sample, role, given);
  const colours = (x: Tensor4D) => (x.shape[3] === 1 ? (tf.tile(x, [1, 1, 1, 3]) as Tensor4D) : x);
  const program = tensorLoss(context, {
    columns: [{part: '', better: 'lower'}],
    view: toView(given),
    feed: (batch) => {
      const fill = (name: string, role: string) => {
        const {channels} = image(batch.samples[0] as SampleViews, role);
        return batch.fill(name, channels, (sample, out) => fillImage(image(sample, role), null, out));
      };
      return {image: fill('image', 'pred'), 'other image': fill('other image', 'target')};
    },
    forward: (feeds) => {
      const [x, y] = [feeds.image, feeds['other image']].map((one) => colours(one as Tensor4D)) as [Tensor4D, Tensor4D];
      return {'': tensorMeansAndVariations(tf, x, y, weights)};
    },
  });
  return {
    ...program,
    fused(sample) {
      const [x, y] = ['pred', 'target'].map((role) => colourPlanes(image(sample, role))) as [
        Float64Array,
        Float64Array,
      ];
      return {'': meansAndVariations({x, y, positions: x.length / 3}, {...weights, epsilon: EPSILON})};
    },
  };
}

/** The planes `[3, h, w]` of an image. */
function colourPlanes({data, scale, offset, channels}: View): Float64Array {
  const positions = data.length / channels;
  const planes = new Float64Array(3 * positions);
  for (let c = 0; c < 3; c++) {
    for (let p = 0, i = Math.min(c, channels - 1); p < positions; p++, i += channels) {
      planes[c * positions + p] = (data[i] as number) * scale + offset;
    }
  }
  return planes;
}
