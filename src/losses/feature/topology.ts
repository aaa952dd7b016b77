import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import * as z from 'zod';
import {UsageError} from '../../errors.js';
import {defineLoss, type LossContext} from '../contract.js';
import type {FeatureNetwork} from '../network-contract.js';
import {ignoreIndexOption} from '../pixel/class-labels.js';
import {crossEntropy} from '../pixel/cross-entropy.js';
import {scoreOptions, scoreView} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import {featureLoss} from './feature-loss.js';
import type {OwnTerm} from './feature-program.js';
import {type MaskPair, readMaskPair} from './mask-pair.js';
import {
  chooseLayers,
  type LayerWeights,
  layersOption,
  networkOptions,
  networkRequest,
  type UsualLayers,
} from './network-options.js';

/** The layers that the loss compares where none are named. */
export const TOPOLOGY_LAYERS: UsualLayers = {
  squeezenet1_0: {relu_conv1: 1, fire2: 1, fire4: 1},
  squeezenet1_1: {relu_conv1: 1, fire2: 1, fire4: 1},
  alexnet: {relu1: 1, relu2: 1, relu3: 1},
  vgg16: {relu1_2: 1, relu2_2: 1, relu3_3: 1},
  vgg19: {relu1_2: 1, relu2_2: 1, relu3_4: 1},
};

const options = z.strictObject({
  ...networkOptions,
  layers: layersOption(
    'relu_conv1, fire2 and fire4 of the SqueezeNets; relu1 to relu3 of alexnet; relu1_2, relu2_2 and relu3_4 of vgg19 (relu3_3 of vgg16)',
  ),
  mu: z.number().min(0).default(0.1).describe('weight of the layers beside the cross-entropy'),
  bce: z.enum(['mean', 'sum']).default('mean').describe('the cross-entropy over valid pixels: its mean or its sum'),
  network_input: z
    .enum(['weights', 'unit'])
    .default('weights')
    .describe("what the network gets of a mask. weights: the weights' own preprocessing; unit: 0 to 1 as it is"),
  scale: z
    .enum(['auto', 'calibrated', 'raw'])
    .default('auto')
    .describe(
      "calibrated: each layer's term over its mean squared activation on photographs, a constant that comes with the weights; raw: as it is; auto: calibrated where the weights bring such constants (squeezenet1_0), else raw",
    ),
  ...scoreOptions,
  ...ignoreIndexOption,
});

type Options = z.output<typeof options>;

/**
 * Topology-aware loss of a mask of one foreground class: BCE(x, y) + μ·Σ_n w_n·‖l_n(x) − l_n(y)‖² / (M_n·W_n·H_n).
 * x are the foreground probabilities `[h, w]` (of logits, their sigmoid), y the labels, 0 or 1; l_n are the
 * activations of layer n for the mask as three equal channels. Columns: `bce`, and a term for each layer before its
 * weight. Ignored pixels leave both; a position counts when its receptive field holds none.
 *
 * Source: Mosinska, Márquez-Neila, Koziński and Fua, Beyond the pixel-wise loss for topology-aware delineation, CVPR
 * 2018 (arXiv 1712.02190), section 3.1.
 */
export const topology = defineLoss({
  id: 'topology',
  family: 'feature',
  better: 'lower',
  summary: "Cross-entropy and squared difference of a network's features of a mask (topology-aware)",
  formula: 'BCE(pred, target) + mu · sum over layers n of w_n · mean((l_n(pred) − l_n(target))²)',
  range: "from 0, which identical masks have; its scale is the network's",
  use: 'Delineation of thin structures from probabilities, as in training: holes and broken lines change what a network sees, while they hardly change cross-entropy. betti and cl-dice measure the result.',
  reference: 'Mosinska, Márquez-Neila, Koziński and Fua, CVPR 2018, section 3.1',
  undefinedWhen: 'no pixel is valid, or at some layer no position is free of ignored pixels',
  inputs: {pred: 'scores', target: 'labels'},
  optionalInputs: {ignore: 'labels'},
  objective: 'itself',
  options,
  async create(given, context) {
    const network = await context.network(networkRequest(given, given.network_input));
    const layers = await chooseLayers({
      network,
      named: given.network,
      given: given.layers,
      usual: TOPOLOGY_LAYERS,
      option: 'topology: layers',
    });
    const constants = calibration(network, given);
    const masks = new WeakMap<SampleViews, MaskPair>();
    const maskPair = (sample: SampleViews): MaskPair => {
      const made = masks.get(sample) ?? readMaskPair(sample, {input: given.input, ignoreIndex: given.ignore_index});
      masks.set(sample, made);
      return made;
    };
    return featureLoss(context, {
      view: scoreView(given),
      network,
      comparisons: [
        {
          name: 'topology',
          terms: layers.map(({name}) => ({layer: name, statistic: 'difference'})),
          part: (layer) => layer,
          factor: (layer) => (constants ? 1 / (constants[layer] as number) : 1),
          pair: (sample) => {
            const {x, y, valid} = maskPair(sample);
            return {x, y, validX: valid, validY: valid};
          },
        },
      ],
      own: await crossEntropyTerm(given, context, maskPair),
      sums: [
        {
          part: '',
          of: [{part: 'bce', factor: 1}, ...layers.map(({name, weight}) => ({part: name, factor: given.mu * weight}))],
        },
      ],
      image: ({probabilities, logits}: Readonly<Record<string, Tensor>>) =>
        (probabilities ?? context.tf.sigmoid(logits as Tensor)) as Tensor4D,
    });
  },
});

/** The constants that each layer's term is divided by; null for raw terms. Throws UsageError where there are none. */
export function calibration(
  {id, calibration: constants}: Pick<FeatureNetwork, 'id' | 'calibration'>,
  {scale}: Pick<Options, 'scale'>,
): LayerWeights | null {
  if (scale !== 'calibrated') return scale === 'auto' ? constants : null;
  if (constants) return constants;
  throw new UsageError(
    'CVL-C020',
    `topology: scale: these weights of ${id} bring no calibration constants; set scale: raw`,
  );
}

async function crossEntropyTerm(
  {bce, input, ignore_index}: Options,
  context: LossContext,
  maskPair: (sample: SampleViews) => MaskPair,
): Promise<OwnTerm> {
  const loss = await crossEntropy.create(crossEntropy.options.parse({input, ignore_index}), context);
  return {
    part: 'bce',
    loss,
    ...(bce === 'sum' && {factor: (sample) => maskPair(sample).count}),
    undefinedReason: (sample) => (maskPair(sample).count === 0 ? 'no valid pixel' : null),
  };
}
