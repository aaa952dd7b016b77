import * as z from 'zod';
import {defineLoss} from '../contract.js';
import {toView, viewOptions} from '../view-options.js';
import {featureLoss} from './feature-loss.js';
import {networkImage} from './network-image.js';
import {chooseLayers, layersOption, networkOptions, networkRequest, type UsualLayers} from './network-options.js';

/** The layers that the loss compares where none are named. */
export const PERCEPTUAL_LAYERS: UsualLayers = {
  squeezenet1_0: {fire2: 1},
  squeezenet1_1: {fire2: 1},
  alexnet: {relu2: 1},
  vgg16: {relu2_2: 1},
  vgg19: {relu2_2: 1},
};

/**
 * Perceptual (feature reconstruction) loss: Σ_j w_j·‖V_j(x) − V_j(y)‖² / (C_j·H_j·W_j), V_j(x) the activations
 * `[C_j, H_j, W_j]` of layer j for an image `[h, w, 1 | 3]` with values in [0, 1]. With the role `ignore`, the mean
 * over the positions whose receptive field holds no ignored pixel. A column for each layer, before its weight.
 *
 * Source: Johnson, Alahi and Fei-Fei, Perceptual losses for real-time style transfer and super-resolution, ECCV 2016,
 * equation 2.
 */
export const perceptual = defineLoss({
  id: 'perceptual',
  family: 'feature',
  better: 'lower',
  summary: "Squared difference of a network's features (perceptual loss)",
  formula: 'sum over layers j of w_j · mean((V_j(pred) − V_j(target))²)',
  range: "from 0, which identical images have; its scale is the network's",
  use: 'Feature reconstruction, to follow the loss of training. Compare values of the same network, weights and layers alone; for quality as people see it take lpips or dists.',
  reference: 'Johnson, Alahi and Fei-Fei, ECCV 2016, equation 2',
  undefinedWhen: 'at some layer no position is free of ignored pixels',
  inputs: {pred: 'pixels', target: 'pixels'},
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options: z.strictObject({
    ...networkOptions,
    layers: layersOption('fire2 of the SqueezeNets, relu2 of alexnet, relu2_2 of vgg16 and vgg19'),
    ...viewOptions,
  }),
  async create(options, context) {
    const network = await context.network(networkRequest(options));
    const {network: named, layers: given} = options;
    const layers = await chooseLayers({network, named, given, usual: PERCEPTUAL_LAYERS, option: 'perceptual: layers'});
    return featureLoss(context, {
      view: toView(options),
      network,
      comparisons: [
        {
          name: 'target',
          terms: layers.map(({name}) => ({layer: name, statistic: 'difference'})),
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
      sums: [{part: '', of: layers.map(({name, weight}) => ({part: name, factor: weight}))}],
    });
  },
});
