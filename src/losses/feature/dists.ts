import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {toView, viewOptions} from '../view-options.js';
import {distsOfPixels} from './dists-pixels.js';
import {featureLoss} from './feature-loss.js';
import {networkImage} from './network-image.js';
import {torchvisionWeights, torchvisionWeightsOption} from './torchvision-weights.js';

/** The layers that are compared beside the image itself. */
export const DISTS_LAYERS = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3'];

/**
 * DISTS: 1 − Σ_l Σ_c (α_lc·l(x̃_lc, ỹ_lc) + β_lc·s(x̃_lc, ỹ_lc)), with the texture
 * l = (2·μ_x·μ_y + 1e-6)/(μ_x² + μ_y² + 1e-6) and the structure s = (2·σ_xy + 1e-6)/(σ_x² + σ_y² + 1e-6) of channel c of
 * layer l, means and population (co)variances over all positions. Layers are the image `[h, w, 1 | 3]` itself with values
 * in [0, 1], and five of VGG16 with l2 pooling in place of its max pools. α and β are the published weights over their
 * sum. A column for each layer, `image` first: Σ_c α·(1 − l) + β·(1 − s); the loss is their sum. Images are compared at
 * their own size; its authors scale photographs so that the shorter side has 256 pixels. It counts whole images, so it
 * has no role `ignore`.
 *
 * Source: Ding, Ma, Wang and Simoncelli, Image quality assessment: unifying structure and texture similarity, TPAMI 2020
 * (arXiv 2004.07728), section 3, with the weights and constants of its authors' release (DISTS_pytorch 0.1).
 */
export const dists = defineLoss({
  id: 'dists',
  family: 'feature',
  better: 'lower',
  summary: 'Deep image structure and texture similarity, a distance (DISTS)',
  formula:
    '1 − sum over layers and channels of alpha · (2 μ_x μ_y + c)/(μ_x² + μ_y² + c) + beta · (2 σ_xy + c)/(σ_x² + σ_y² + c), c = 1e-6',
  range: '0 to 1; 0 for identical images',
  use: 'As lpips, where textures were synthesised anew: grass that is other grass costs little.',
  reference: 'Ding, Ma, Wang and Simoncelli, TPAMI 2020, section 3; weights of DISTS_pytorch 0.1',
  undefinedWhen: 'never',
  inputs: {pred: 'pixels', target: 'pixels'},
  objective: 'itself',
  options: z.strictObject({weights: torchvisionWeightsOption, ...viewOptions}),
  async create(options, context) {
    const weights = torchvisionWeights(options.weights);
    const network = await context.network({network: 'vgg16', weights, pooling: 'l2', input: 'weights'});
    const shares = layerShares(await network.published('dists'));
    return featureLoss(context, {
      view: toView(options),
      network,
      comparisons: [
        {
          name: 'target',
          terms: DISTS_LAYERS.map((layer) => ({layer, statistic: 'dists', ...shares(layer)})),
          part: (layer) => layer,
          factor: () => 1,
          pair: (sample) => ({
            x: networkImage(sample, 'pred', options),
            y: networkImage(sample, 'target', options),
            validX: null,
            validY: null,
          }),
        },
      ],
      own: {part: 'image', loss: distsOfPixels(context, options, shares('image'))},
      sums: [{part: '', of: ['image', ...DISTS_LAYERS].map((part) => ({part, factor: 1}))}],
    });
  },
});

/** What the weights of all layers add up to. */
export function sumOfShares(published: Readonly<Record<string, Float32Array>>): number {
  return Object.values(published).reduce((sum, values) => values.reduce((all, value) => all + value, sum), 0);
}

/** α and β of a layer's channels as published, over the sum of all of them; the layer `image` is the image itself. */
export function layerShares(published: Readonly<Record<string, Float32Array>>) {
  const total = sumOfShares(published);
  const of = (name: string) => Array.from(published[name] as Float32Array, (value) => value / total);
  return (layer: string) => ({alpha: of(`${layer}.alpha`), beta: of(`${layer}.beta`)});
}
