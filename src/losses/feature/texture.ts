import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss} from '../contract.js';
import {toView, viewOptions} from '../view-options.js';
import {featureLoss} from './feature-loss.js';
import {gramFactor, normalizationOption} from './gram-normalization.js';
import {networkImage} from './network-image.js';
import {chooseLayers, layersOption, networkOptions, networkRequest} from './network-options.js';
import {STYLE_LAYERS, STYLE_LAYERS_TEXT} from './style-layers.js';

/**
 * Texture loss: Σ_l w_l·E_l, E_l = Σ_ij (G_ij − A_ij)² / (4·N²·M²), G = F·Fᵀ and A the Gram matrices `[N, N]` of the
 * activations `[N, M]` of layer l (N channels, M = H·W positions) for the prediction and for the image whose texture it
 * should have: `style` when it is given, else `target`. Where sizes differ, each Gram matrix is divided by its own M
 * first. With `ignore`, M counts the positions whose receptive field holds no ignored pixel (of the prediction, and of
 * the target). A column for each layer, before its weight.
 *
 * Sources: Gatys, Ecker and Bethge, Image style transfer using convolutional neural networks, CVPR 2016, equations 3
 * to 5; Johnson, Alahi and Fei-Fei, ECCV 2016, equations 3 and 4 (`normalization: johnson`).
 */
export const texture = defineLoss({
  id: 'texture',
  family: 'feature',
  better: 'lower',
  summary: "Squared difference of the Gram matrices of a network's features (texture, style)",
  formula: 'sum over layers l of w_l · sum((G − A)²) / (4 N² M²), G = F·Fᵀ of pred, A of style or target',
  range: "from 0, which identical textures have; its scale is the network's",
  use: 'Whether a texture is kept, wherever its pixels are: synthesis, style, materials.',
  reference: 'Gatys, Ecker and Bethge, CVPR 2016, equations 3 to 5',
  undefinedWhen: 'at some layer no position is free of ignored pixels',
  inputs: {pred: 'pixels'},
  optionalInputs: {style: 'pixels', target: 'pixels', ignore: 'labels'},
  oneOf: [['style', 'target']],
  objective: 'itself',
  options: z.strictObject({
    ...networkOptions,
    layers: layersOption(STYLE_LAYERS_TEXT),
    normalization: normalizationOption,
    ...viewOptions,
  }),
  async create(options, context) {
    const network = await context.network(networkRequest(options));
    const {network: named, layers: given} = options;
    const layers = await chooseLayers({network, named, given, usual: STYLE_LAYERS, option: 'texture: layers'});
    return featureLoss(context, {
      view: toView(options),
      network,
      comparisons: [
        {
          name: 'texture',
          terms: layers.map(({name}) => ({layer: name, statistic: 'gram'})),
          part: (layer) => layer,
          factor: (layer, sizes) => gramFactor(options.normalization, layer, sizes),
          pair(sample) {
            const role = ['style', 'target'].find((name) => sample.has(name));
            if (!role) {
              throw new SampleError(
                'no-style',
                'nothing to compare with: give --target, or a style (--input style=PATH)',
              );
            }
            return {
              x: networkImage(sample, 'pred', options),
              y: networkImage(sample, role, options),
              validX: sample.valid(),
              validY: role === 'target' ? sample.valid() : null,
            };
          },
        },
      ],
      sums: [{part: '', of: layers.map(({name, weight}) => ({part: name, factor: weight}))}],
    });
  },
});
