import * as tf from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import {UsageError} from '../errors.js';
import type {ViewOptions} from '../losses/sample-contract.js';
import {toView} from '../losses/view-options.js';
import {givenNetwork} from './chosen-layers.js';
import {type ComparedTerms, comparedFeatures, type FeatureSide} from './compared-features.js';
import type {FeatureExtractor, Features, IgnoredPixels, MakeFeatureLoss} from './feature-types.js';
import {networkSide, unitImage, validPixels} from './network-side.js';
import {functionOptions} from './options.js';
import {reduced} from './sample-function.js';

/** Options that `evaluate` chooses its network by. */
const NETWORK = ['network', 'weights', 'pooling', 'net', 'network_input'];
/** Options that features have no use for. */
const IMAGE = ['color', 'range', 'crop_border'];

/** What a function knows before it is called. */
export interface FeatureOptions {
  readonly options: Record<string, unknown>;
  readonly batch: 'mean' | 'sum' | 'none';
  readonly network: FeatureExtractor | null;
  readonly view: ViewOptions;
  /** What a metric learnt, where it was given. */
  readonly learnt: unknown;
}

/** Checks what the maker of a loss of features was given. Throws UsageError for options that are wrong. */
export function featureOptions(
  descriptor: {readonly id: string; readonly options: z.ZodObject},
  given: Readonly<Record<string, unknown>>,
  {takesLearnt = false, unused = []}: {takesLearnt?: boolean; unused?: readonly string[]} = {},
): FeatureOptions {
  const {network: named, channel_weights: learnt, ...rest} = given;
  const network = givenNetwork(descriptor.id, named);
  const own = takesLearnt || learnt === undefined ? rest : {...rest, channel_weights: learnt};
  const left = [...NETWORK, ...(network ? [] : [...IMAGE, ...unused])];
  const {batch, options} = functionOptions(descriptor.id, {options: descriptor.options, unused: left}, own);
  const view = toView(options as Parameters<typeof toView>[0]);
  return {options, batch, network, view, learnt};
}

/** How a loss of prediction and target is made. */
export interface FeaturePairLoss {
  readonly descriptor: {
    readonly id: string;
    readonly options: z.ZodObject;
    readonly optionalInputs?: Readonly<Record<string, unknown>>;
  };
  /** Whether it takes `channel_weights`. */
  readonly takesLearnt?: boolean;
  /** What is compared; of the prediction's features where there is no network. */
  terms(made: FeatureOptions, features?: Features): ComparedTerms;
}

/** The maker of a loss of features or, with a network, of images. */
export function featurePairLoss<Options>({descriptor, takesLearnt, terms}: FeaturePairLoss): MakeFeatureLoss<Options> {
  const {id: loss, optionalInputs = {}} = descriptor;
  const make = (given: object = {}) => {
    const made = featureOptions(descriptor, {...given}, takesLearnt === undefined ? {} : {takesLearnt});
    const {batch, network, view} = made;
    if (network === null) {
      return (prediction: Features, target: Features) =>
        tf.tidy(() => {
          const [x, y] = [featureSide(loss, 'pred', prediction), featureSide(loss, 'target', target)];
          return reduced(comparedFeatures(tf, terms(made, prediction), x, y), batch);
        });
    }
    // A mistake in the options is said at once.
    const compared = terms(made);
    const reading = {loss, network, layers: compared.terms.map(({layer}) => layer)};
    return (prediction: tf.Tensor, target: tf.Tensor, roles: IgnoredPixels = {}) => {
      checkIgnored(loss, roles, 'ignore' in optionalInputs);
      return tf.tidy(() => {
        const dimensions = prediction?.rank === 3 ? 3 : 4;
        const image = (role: string, of: tf.Tensor) =>
          unitImage(tf, of, {loss, view, role, dimensions: dimensionsOf(of, dimensions)});
        const [x, y] = [image('pred', prediction), image('target', target)];
        const valid = validPixels(tf, roles.ignore, {loss, view, like: prediction});
        if (valid) checkSameSize(loss, x, y, 'target');
        const sides = [
          networkSide(tf, reading, 'pred', x, valid),
          networkSide(tf, reading, 'target', y, valid),
        ] as const;
        return reduced(comparedFeatures(tf, compared, ...sides), batch);
      });
    };
  };
  return make as MakeFeatureLoss<Options>;
}

/** Features as they were given. Throws UsageError for what is no map. */
export function featureSide(loss: string, role: string, features: Features): FeatureSide {
  if (typeof features === 'object' && features !== null && !(features instanceof tf.Tensor)) return {role, features};
  throw new UsageError('CVL-T001', `${loss}: expected the features of ${role} by layer; of images, give a network`);
}

/** An image that all of a batch are compared with may come without its first dimension. */
export function dimensionsOf(image: tf.Tensor, dimensions: number): number {
  return image?.rank === 3 ? 3 : dimensions;
}

/** Throws UsageError for a role that the loss does not know. */
export function checkIgnored(loss: string, roles: object, known: boolean): void {
  const unknown = Object.keys(roles).find((role) => !(known && role === 'ignore'));
  if (unknown === undefined) return;
  throw new UsageError('CVL-T001', `${loss}: unknown role '${unknown}'${known ? ', expected ignore' : ''}`);
}

/** Throws UsageError where ignored pixels would be of two images that differ in size; `role` is that of the second. */
export function checkSameSize(loss: string, x: tf.Tensor4D, y: tf.Tensor4D, role: string): void {
  if ([0, 1, 2].every((axis) => x.shape[axis] === y.shape[axis])) return;
  throw new UsageError(
    'CVL-T001',
    `${loss}: with ignore, pred and ${role} must be of one size, got [${x.shape.join(', ')}] and [${y.shape.join(', ')}]`,
  );
}
