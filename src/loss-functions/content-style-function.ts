import * as tf from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import {UsageError} from '../errors.js';
import {CONTENT_LAYERS, contentStyle} from '../losses/feature/content-style.js';
import {gramFactor} from '../losses/feature/gram-normalization.js';
import {STYLE_LAYERS} from '../losses/feature/style-layers.js';
import {chosenLayers} from './chosen-layers.js';
import {type ComparedTerms, comparedFeatures, type FeatureSide} from './compared-features.js';
import {
  checkIgnored,
  checkSameSize,
  dimensionsOf,
  type FeatureOptions,
  featureOptions,
  featureSide,
} from './feature-function.js';
import type {ContentAndStyle, FeatureExtractor, Features, IgnoredPixels, MakeStyleLoss} from './feature-types.js';
import {totalVariation} from './images.js';
import {networkSide, unitImage, validPixels} from './network-side.js';
import {reduced} from './sample-function.js';

type Options = z.output<typeof contentStyle.options>;

const {id: loss} = contentStyle;

/** The maker of the loss of content and style. */
export function contentStyleMaker<Made>(): MakeStyleLoss<Made> {
  const make = (given: object = {}) => {
    const made = featureOptions(contentStyle, {...given}, {unused: ['gamma']});
    const {batch, network} = made;
    const options = made.options as Options;
    if (network === null) {
      return (prediction: Features, others: ContentAndStyle<Features>) =>
        tf.tidy(() => {
          const [content, style] = bothOf(others);
          const sides = {
            x: featureSide(loss, 'pred', prediction),
            content: featureSide(loss, 'content', content),
            style: featureSide(loss, 'style', style),
          };
          return reduced(contentAndStyle(termsOf(made, {content, style}), options, sides), batch);
        });
    }
    const ofImages = imagesThrough(made, network);
    return (prediction: tf.Tensor, others: ContentAndStyle<tf.Tensor>, roles: IgnoredPixels = {}) =>
      tf.tidy(() => reduced(ofImages(prediction, others, roles), batch));
  };
  return make as MakeStyleLoss<Made>;
}

interface Terms {
  readonly content: ComparedTerms;
  readonly style: ComparedTerms;
}

interface Sides {
  readonly x: FeatureSide;
  readonly content: FeatureSide;
  readonly style: FeatureSide;
}

/** What is compared; of the layers of the features given where there is no network. */
function termsOf({options, network}: FeatureOptions, features?: ContentAndStyle<Features>): Terms {
  const {content_layers, style_layers, statistic, normalization} = options as Options;
  const isGram = statistic === 'gram';
  const content = chosenLayers({
    option: `${loss}: content_layers`,
    given: content_layers,
    usual: CONTENT_LAYERS,
    network,
    features: features?.content,
  });
  const style = chosenLayers({
    option: `${loss}: style_layers`,
    given: style_layers,
    usual: STYLE_LAYERS,
    network,
    features: features?.style,
    shared: true,
  });
  const terms = (layers: object, one: 'gram' | 'difference') =>
    Object.keys(layers).map((layer) => ({layer, statistic: one}));
  return {
    content: {loss, weights: content, terms: terms(content, 'difference')},
    style: {
      loss,
      weights: style,
      terms: terms(style, isGram ? 'gram' : 'difference'),
      factor: isGram ? (layer, sizes) => gramFactor(normalization, layer, sizes) : undefined,
    },
  };
}

function contentAndStyle(terms: Terms, {alpha, beta}: Options, {x, content, style}: Sides): tf.Tensor1D {
  return tf.add(
    tf.mul(comparedFeatures(tf, terms.content, x, content), alpha),
    tf.mul(comparedFeatures(tf, terms.style, x, style), beta),
  );
}

/** The loss of images, `[n]`. Call it in a `tf.tidy`. */
function imagesThrough(made: FeatureOptions, network: FeatureExtractor) {
  const {view} = made;
  const options = made.options as Options;
  const terms = termsOf(made);
  const layersOf = (...of: ComparedTerms[]) => [...new Set(of.flatMap((one) => one.terms.map(({layer}) => layer)))];
  const variation = totalVariation({reduction: 'mean', batch: 'none'});
  return (prediction: tf.Tensor, others: ContentAndStyle<tf.Tensor>, roles: IgnoredPixels): tf.Tensor1D => {
    checkIgnored(loss, roles, true);
    const [content, style] = bothOf(others);
    const dimensions = prediction?.rank === 3 ? 3 : 4;
    const image = (role: string, of: tf.Tensor) =>
      unitImage(tf, of, {loss, view, role, dimensions: dimensionsOf(of, dimensions)});
    const [x, y, z] = [image('pred', prediction), image('content', content), image('style', style)];
    const valid = validPixels(tf, roles.ignore, {loss, view, like: prediction});
    if (valid) checkSameSize(loss, x, y, 'content');
    const side = (role: string, of: tf.Tensor4D, which: typeof valid, ...compared: ComparedTerms[]) =>
      networkSide(tf, {loss, network, layers: layersOf(...compared)}, role, of, which);
    const value = contentAndStyle(terms, options, {
      x: side('pred', x, valid, terms.content, terms.style),
      content: side('content', y, valid, terms.content),
      style: side('style', z, null, terms.style),
    });
    if (options.gamma === 0) return value;
    const kept =
      valid &&
      tf.tensor4d(
        valid.flatMap((mask) => Array.from(mask, (one) => 1 - one)),
        [...x.shape.slice(0, 3), 1] as never,
      );
    return tf.add(value, tf.mul(variation(x, kept ? {ignore: kept} : {}), options.gamma));
  };
}

function bothOf<Of>(others: ContentAndStyle<Of>): readonly [content: Of, style: Of] {
  if (others?.content && others.style) return [others.content, others.style];
  throw new UsageError('CVL-T001', `${loss}: expected {content, style} beside the prediction`);
}
