import type * as z from 'zod';
import type {contentStyle as contentStyleLoss} from '../losses/feature/content-style.js';
import {dists as distsLoss} from '../losses/feature/dists.js';
import {gramFactor} from '../losses/feature/gram-normalization.js';
import {lpips as lpipsLoss} from '../losses/feature/lpips.js';
import type {LayerWeights} from '../losses/feature/network-options.js';
import {PERCEPTUAL_LAYERS, perceptual as perceptualLoss} from '../losses/feature/perceptual.js';
import {STYLE_LAYERS} from '../losses/feature/style-layers.js';
import {texture as textureLoss} from '../losses/feature/texture.js';
import type {topology as topologyLoss} from '../losses/feature/topology.js';
import {chosenLayers} from './chosen-layers.js';
import {contentStyleMaker} from './content-style-function.js';
import {featurePairLoss} from './feature-function.js';
import type {LearntChannels, LearntShares, MakeFeatureLoss, MakeStyleLoss, MakeTopologyLoss} from './feature-types.js';
import {distsTerms, lpipsTerms} from './learnt-terms.js';
import {topologyMaker} from './topology-function.js';
import type {OptionsOf} from './types.js';

/**
 * Mean squared difference of a network's features, summed over `layers` by their weights. Of features, every layer counts 1
 * unless `layers` says otherwise.
 */
export const perceptual: MakeFeatureLoss<OptionsOf<typeof perceptualLoss>> = featurePairLoss({
  descriptor: perceptualLoss,
  terms({options, network}, features) {
    const given = options.layers as LayerWeights | null;
    const weights = chosenLayers({option: 'perceptual: layers', given, usual: PERCEPTUAL_LAYERS, network, features});
    return {
      loss: 'perceptual',
      weights,
      terms: Object.keys(weights).map((layer) => ({layer, statistic: 'difference'})),
    };
  },
});

/**
 * Squared difference of Gram matrices: how far a texture is from that of the target (or of a style), whose size may be another.
 * Of features, the layers share a weight of 1 unless `layers` says otherwise.
 */
export const texture: MakeFeatureLoss<OptionsOf<typeof textureLoss>> = featurePairLoss({
  descriptor: textureLoss,
  terms({options, network}, features) {
    const {layers: given, normalization} = options as z.output<typeof textureLoss.options>;
    const option = 'texture: layers';
    const weights = chosenLayers({option, given, usual: STYLE_LAYERS, network, features, shared: true});
    return {
      loss: 'texture',
      weights,
      terms: Object.keys(weights).map((layer) => ({layer, statistic: 'gram'})),
      factor: (layer, sizes) => gramFactor(normalization, layer, sizes),
    };
  },
});

/**
 * LPIPS 0.1, a perceptual distance. What it learnt comes with a network of `openNetwork` (alexnet, vgg16 and squeezenet1_1 of
 * torchvision's weights); else give `channel_weights`.
 */
export const lpips: MakeFeatureLoss<OptionsOf<typeof lpipsLoss> & LearntChannels> = featurePairLoss({
  descriptor: lpipsLoss,
  takesLearnt: true,
  terms: lpipsTerms,
});

/**
 * DISTS, a distance that forgives textures that were made anew. What it learnt comes with vgg16 of `openNetwork` with
 * `pooling: 'l2'` and torchvision's weights; else give `channel_weights`. Among features, `image` is the image itself.
 */
export const dists: MakeFeatureLoss<OptionsOf<typeof distsLoss> & LearntShares> = featurePairLoss({
  descriptor: distsLoss,
  takesLearnt: true,
  terms: distsTerms,
});

/** Content of one image and style of another, as in neural style transfer: `alpha`·content + `beta`·style (+ `gamma`·total variation of an image). */
export const contentStyle: MakeStyleLoss<OptionsOf<typeof contentStyleLoss>> = contentStyleMaker();

/** Cross-entropy of a mask of one class, and the difference of a network's features of prediction and labels. */
export const topology: MakeTopologyLoss<OptionsOf<typeof topologyLoss>> = topologyMaker();
