import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {toView, viewOptions} from '../view-options.js';
import {featureLoss} from './feature-loss.js';
import {networkImage} from './network-image.js';
import {torchvisionWeights, torchvisionWeightsOption} from './torchvision-weights.js';

/** The networks that LPIPS was trained on, and the layers it compares. */
const NETS = {
  alex: {network: 'alexnet', layers: ['relu1', 'relu2', 'relu3', 'relu4', 'relu5']},
  vgg: {network: 'vgg16', layers: ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3']},
  squeeze: {
    network: 'squeezenet1_1',
    layers: ['relu_conv1', 'fire3', 'fire5', 'fire6', 'fire7', 'fire8', 'fire9'],
  },
} as const;

/** The networks that there are published weights for. */
export const LPIPS_NETWORKS: readonly string[] = Object.values(NETS).map(({network}) => network);

/**
 * LPIPS, version 0.1: Σ_l mean over positions of Σ_c w_lc·(x̂_lc − ŷ_lc)², x̂_l = V_l(x)/(‖V_l(x)‖ + 1e-10) the
 * activations `[C, H, W]` of layer l for an image `[h, w, 1 | 3]` with values in [0, 1], of length 1 over the channels at
 * each position, and w_l the published weights of its channels, at least 0 (the squares of the paper's). The image is
 * scaled to [−1, 1], shifted and divided as in the release, which is torchvision's preprocessing. With the role `ignore`,
 * the mean over the positions whose receptive field holds no ignored pixel. A column for each layer; the loss is their
 * sum.
 *
 * Source: Zhang, Isola, Efros, Shechtman and Wang, The unreasonable effectiveness of deep features as a perceptual metric,
 * CVPR 2018, equation 1, with the weights and layers of its authors' release (lpips 0.1.4, `version='0.1'`).
 */
export const lpips = defineLoss({
  id: 'lpips',
  family: 'feature',
  better: 'lower',
  summary: 'Learned perceptual image patch similarity, a distance (LPIPS 0.1)',
  formula:
    'sum over layers l of mean over positions of sum over channels c of w_lc · (V_lc(pred)/‖V_l(pred)‖ − V_lc(target)/‖V_l(target)‖)²',
  range: 'from 0, which identical images have; above 1 is rare',
  use: 'The usual perceptual distance of generative and restoration models. `alex`, the default network of its authors, is for judging, `vgg` for training.',
  reference: 'Zhang, Isola, Efros, Shechtman and Wang, CVPR 2018, equation 1; weights of lpips 0.1.4, version 0.1',
  undefinedWhen: 'at some layer no position is free of ignored pixels',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({
    net: z
      .enum(['alex', 'vgg', 'squeeze'])
      .default('alex')
      .describe('the network, and the weights of its channels: alexnet, vgg16 or squeezenet1_1'),
    weights: torchvisionWeightsOption,
    ...viewOptions,
  }),
  async create(options, context) {
    const {network: name, layers} = NETS[options.net];
    const weights = torchvisionWeights(options.weights);
    const network = await context.network({network: name, weights, pooling: 'max', input: 'weights'});
    const published = await network.published('lpips');
    return featureLoss(context, {
      view: toView(options),
      network,
      comparisons: [
        {
          name: 'target',
          terms: layers.map((layer) => ({
            layer,
            statistic: 'lpips',
            weights: Array.from(published[layer] as Float32Array),
          })),
          part: (layer) => layer,
          factor: () => 1,
          pair: (sample) => ({
            x: networkImage(sample, 'pred', options),
            y: networkImage(sample, 'target', options),
            validX: sample.valid(),
            validY: sample.valid(),
          }),
        },
      ],
      sums: [{part: '', of: layers.map((layer) => ({part: layer, factor: 1}))}],
    });
  },
});
