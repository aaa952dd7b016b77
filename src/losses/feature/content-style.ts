import * as z from 'zod';
import {SampleError} from '../../errors.js';
import {defineLoss, type LossContext} from '../contract.js';
import {totalVariation} from '../pixel/total-variation.js';
import {toView, viewOptions} from '../view-options.js';
import {featureLoss} from './feature-loss.js';
import type {OwnTerm} from './feature-program.js';
import {gramFactor, normalizationOption} from './gram-normalization.js';
import type {ImageComparison} from './image-comparison.js';
import {networkImage} from './network-image.js';
import {
  chooseLayers,
  layersOption,
  networkOptions,
  networkRequest,
  type UsualLayers,
  type WeightedLayer,
} from './network-options.js';
import {STYLE_LAYERS, STYLE_LAYERS_TEXT} from './style-layers.js';

/** The layers that tell a content where none are named. */
export const CONTENT_LAYERS: UsualLayers = {
  squeezenet1_0: {fire5: 1},
  squeezenet1_1: {fire5: 1},
  alexnet: {relu4: 1},
  vgg16: {relu4_2: 1},
  vgg19: {relu4_2: 1},
};

const options = z.strictObject({
  ...networkOptions,
  alpha: z.number().min(0).default(1).describe('weight of the content'),
  beta: z.number().min(0).default(1).describe('weight of the style'),
  gamma: z.number().min(0).default(0).describe('weight of the total variation, the mean of |dx| + |dy|'),
  content_layers: layersOption('fire5 of the SqueezeNets, relu4 of alexnet, relu4_2 of vgg16 and vgg19'),
  style_layers: layersOption(STYLE_LAYERS_TEXT),
  statistic: z
    .enum(['features', 'gram'])
    .default('features')
    .describe(
      'what tells the style. features: the features, of the style image resized to pred; gram: their Gram matrices',
    ),
  normalization: normalizationOption.describe(`of statistic: gram. ${normalizationOption.description}`),
  ...viewOptions,
});

type Options = z.output<typeof options>;

/**
 * Content and style of an image: α·Σ_j u_j·C_j + β·Σ_l w_l·S_l + γ·TV. C_j is the mean squared difference of features
 * to the content image (as `perceptual`), S_l that to the style image resized to the prediction (`statistic: features`)
 * or that of Gram matrices (`gram`, as `texture`), TV the mean total variation. Images `[h, w, 1 | 3]`, values in
 * [0, 1]. Columns: `content`, `style`, `tv`, and every layer's term before its weight, `content_…` and `style_…`.
 *
 * Source: Gatys, Ecker and Bethge, Image style transfer using convolutional neural networks, CVPR 2016, equations 1
 * (here a mean), 4, 5 and 7.
 */
export const contentStyle = defineLoss({
  id: 'content-style',
  family: 'feature',
  better: 'lower',
  summary: 'How far from the content of one image and the style of another (neural style transfer)',
  formula:
    'alpha · sum_j u_j mean((V_j(pred) − V_j(content))²) + beta · sum_l w_l mean((V_l(pred) − V_l(style))²) + gamma · TV(pred)',
  range: "from 0; its scale is the network's",
  use: 'Style transfer: how much of the content was kept, how near the style is, one column each.',
  reference: 'Gatys, Ecker and Bethge, CVPR 2016, equations 1, 4, 5 and 7',
  undefinedWhen: 'at some layer no position is free of ignored pixels',
  inputs: {pred: 'pixels', style: 'pixels'},
  optionalInputs: {content: 'pixels', target: 'pixels', ignore: 'labels'},
  oneOf: [['content', 'target']],
  objective: 'itself',
  options,
  async create(given, context) {
    const network = await context.network(networkRequest(given));
    const choose = (option: 'content_layers' | 'style_layers', usual: UsualLayers) =>
      chooseLayers({network, named: given.network, given: given[option], usual, option: `content-style: ${option}`});
    const content = await choose('content_layers', CONTENT_LAYERS);
    const style = await choose('style_layers', STYLE_LAYERS);
    const {alpha, beta, gamma} = given;
    return featureLoss(context, {
      view: toView(given),
      network,
      comparisons: [contentComparison(content, given), styleComparison(style, given)],
      own: await meanVariation(given, context),
      sums: [
        {part: 'content', of: content.map(({name, weight}) => ({part: `content_${name}`, factor: weight}))},
        {part: 'style', of: style.map(({name, weight}) => ({part: `style_${name}`, factor: weight}))},
        {
          part: '',
          of: [
            {part: 'content', factor: alpha},
            {part: 'style', factor: beta},
            {part: 'tv', factor: gamma},
          ],
        },
      ],
    });
  },
});

function contentComparison(layers: readonly WeightedLayer[], given: Options): ImageComparison {
  return {
    name: 'content',
    terms: layers.map(({name}) => ({layer: name, statistic: 'difference'})),
    part: (layer) => `content_${layer}`,
    factor: () => 1,
    pair(sample) {
      const role = ['content', 'target'].find((name) => sample.has(name));
      if (!role) {
        throw new SampleError('no-content', 'no image of the content: give --target or --input content=PATH');
      }
      return {
        x: networkImage(sample, 'pred', given),
        y: networkImage(sample, role, given),
        validX: sample.valid(),
        validY: sample.valid(),
      };
    },
  };
}

function styleComparison(layers: readonly WeightedLayer[], given: Options): ImageComparison {
  const {statistic, normalization} = given;
  const gram = statistic === 'gram';
  return {
    name: 'style',
    terms: layers.map(({name}) => ({layer: name, statistic: gram ? 'gram' : 'difference'})),
    part: (layer) => `style_${layer}`,
    factor: (layer, sizes) => (gram ? gramFactor(normalization, layer, sizes) : 1),
    pair: (sample) => ({
      x: networkImage(sample, 'pred', given),
      y: networkImage(sample, 'style', given, {resized: !gram}),
      validX: sample.valid(),
      validY: null,
    }),
  };
}

/** The total variation of the prediction with values in [0, 1]. */
async function meanVariation({range: [low, high]}: Options, context: LossContext): Promise<OwnTerm> {
  const loss = await totalVariation.create(totalVariation.options.parse({reduction: 'mean'}), context);
  return {part: 'tv', loss, factor: () => 1 / (high - low)};
}
