import * as tf from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import {UsageError} from '../errors.js';
import type {LossInstance} from '../losses/contract.js';
import {type MaskLabels, readMaskLabels} from '../losses/feature/mask-pair.js';
import {calibration, TOPOLOGY_LAYERS, topology} from '../losses/feature/topology.js';
import {crossEntropy} from '../losses/pixel/cross-entropy.js';
import {scoreView} from '../losses/pixel/scores.js';
import type {Reading} from '../losses/sample-contract.js';
import type {PretrainedNetwork} from '../networks/pretrained.js';
import {chosenLayers} from './chosen-layers.js';
import {type ComparedTerms, comparedFeatures} from './compared-features.js';
import {featureOptions} from './feature-function.js';
import type {FeatureExtractor, IgnoredPixels, MakeTopologyLoss} from './feature-types.js';
import {asBatch, viewTensor} from './image-tensor.js';
import {networkSide} from './network-side.js';
import {checkRoles, checkSizes, openInstance, reduced} from './sample-function.js';
import {tensorBatch} from './tensor-batch.js';

type Options = z.output<typeof topology.options>;

const {id: loss, inputs, optionalInputs = {}} = topology;
const readings: Readonly<Record<string, Reading>> = {...inputs, ...optionalInputs};

/** The maker of the topology-aware loss of a mask. */
export function topologyMaker<Made>(): MakeTopologyLoss<Made> {
  const make = (given: object = {}) => {
    const {batch, network, ...made} = featureOptions(topology, {...given});
    if (network === null) {
      throw new UsageError(
        'CVL-T003',
        `${loss}: network: expected what openNetwork or readNetwork gives: it compares what a network sees of masks`,
      );
    }
    const options = made.options as Options;
    if (options.input === 'auto') {
      throw new UsageError(
        'CVL-T002',
        `${loss}: say what the prediction holds: input: 'probabilities' or input: 'logits'`,
      );
    }
    const {input, ignore_index} = options;
    const entropy = openInstance(crossEntropy, crossEntropy.options.parse({input, ignore_index}), null);
    const ofMasks = masksThrough(options, network, entropy);
    return (prediction: tf.Tensor, target: tf.Tensor, roles: IgnoredPixels = {}) => {
      const all = {pred: prediction, target, ...roles};
      checkRoles(loss, all, inputs, readings);
      return tf.tidy(() => reduced(ofMasks(all), batch));
    };
  };
  return make as MakeTopologyLoss<Made>;
}

/** The loss of masks by role, `[n]`. Call it in a `tf.tidy`. */
function masksThrough(options: Options, network: FeatureExtractor, entropy: LossInstance) {
  const compared = termsOf(options, network);
  const reading = {loss, network, layers: compared.terms.map(({layer}) => layer)};
  const view = scoreView(options);
  return (roles: Readonly<Record<string, tf.Tensor | undefined>>): tf.Tensor1D => {
    const dimensions = roles.pred?.rank === 3 ? 3 : 4;
    const given = Object.entries(roles).flatMap(([role, tensor]) => {
      const about = {loss, role, reading: readings[role] as Reading};
      return tensor ? [[role, asBatch(tf, tensor, {...about, dimensions})] as const] : [];
    });
    checkSizes(loss, given, readings);
    const masks = Object.fromEntries(
      given.map(([role, mask]) => [role, viewTensor(tf, mask, {loss, role, reading: readings[role] as Reading, view})]),
    );
    const {pred} = masks as {pred: tf.Tensor4D};
    if (pred.shape[3] !== 1) {
      throw new UsageError(
        'CVL-T001',
        `${loss}: it compares masks of one foreground class, pred has ${pred.shape[3]} channels`,
      );
    }
    const scores = tensorBatch(tf, masks, readings);
    const bce = entropy.program?.forward(entropy.program.feed(scores))[''] as tf.Tensor1D;
    const labels = scores.samples.map((sample) => readMaskLabels(sample, options.ignore_index));
    const valid = labels.every((one) => one.valid === null) ? null : labels.map((one) => one.valid as Uint8Array);
    const x = options.input === 'logits' ? tf.sigmoid(pred) : pred;
    const seen = comparedFeatures(
      tf,
      compared,
      networkSide(tf, reading, 'pred', x, valid),
      networkSide(tf, reading, 'target', labelTensor(labels, pred.shape), valid),
    );
    const own = options.bce === 'sum' ? tf.mul(bce, tf.tensor1d(labels.map(({count}) => count))) : bce;
    return tf.add(own, tf.mul(seen, options.mu));
  };
}

function termsOf(options: Options, network: FeatureExtractor): ComparedTerms {
  const option = `${loss}: layers`;
  const weights = chosenLayers({option, given: options.layers, usual: TOPOLOGY_LAYERS, network});
  const {id = 'this network', calibration: constants = null} = network as Partial<PretrainedNetwork>;
  const divisors = calibration({id, calibration: constants}, options);
  return {
    loss,
    weights,
    terms: Object.keys(weights).map((layer) => ({layer, statistic: 'difference'})),
    factor: (layer) => (divisors ? 1 / (divisors[layer] as number) : 1),
  };
}

function labelTensor(labels: readonly MaskLabels[], shape: readonly number[]): tf.Tensor4D {
  const [, height, width] = shape as [number, number, number];
  const data = new Float32Array(labels.length * height * width);
  labels.forEach(({y}, i) => {
    data.set(y.data, i * height * width);
  });
  return tf.tensor4d(data, [labels.length, height, width, 1]);
}
