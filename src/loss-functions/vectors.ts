import {contrastive as contrastiveLoss} from '../losses/embedding/contrastive.js';
import {cosineEmbedding as cosineEmbeddingLoss} from '../losses/embedding/cosine-embedding.js';
import {frechetOptions, frechetProgram} from '../losses/embedding/frechet-program.js';
import {infoNce as infoNceLoss} from '../losses/embedding/info-nce.js';
import {kernelDistance as kernelDistanceLoss} from '../losses/embedding/kernel-distance.js';
import {nPair as nPairLoss} from '../losses/embedding/n-pair.js';
import {triplet as tripletLoss} from '../losses/embedding/triplet.js';
import {vectorLoss} from './make.js';
import type {OptionsOf, UnusedByTensors, VectorLoss} from './types.js';

/** Triplet loss of `anchors`, `positives` and `negatives`, each `[m, d]`: the mean over the triplets. */
export const triplet: VectorLoss<
  OptionsOf<typeof tripletLoss, UnusedByTensors>,
  'anchors' | 'positives' | 'negatives'
> = vectorLoss(tripletLoss, ['anchors', 'positives', 'negatives']);

/** Contrastive loss of pairs: `first`, `second` `[m, d]`, `same` `[m]` of 0 and 1. */
export const contrastive: VectorLoss<
  OptionsOf<typeof contrastiveLoss, UnusedByTensors>,
  'first' | 'second' | 'same'
> = vectorLoss(contrastiveLoss, ['first', 'second', 'same']);

/** Cosine embedding loss of pairs: `first`, `second` `[m, d]`, `same` `[m]` of 0 and 1. */
export const cosineEmbedding: VectorLoss<
  OptionsOf<typeof cosineEmbeddingLoss, UnusedByTensors>,
  'first' | 'second' | 'same'
> = vectorLoss(cosineEmbeddingLoss, ['first', 'second', 'same']);

/** InfoNCE of `embeddings` `[m, d]` with `labels` `[m]`: every other item of an identity is a positive. */
export const infoNce: VectorLoss<OptionsOf<typeof infoNceLoss, UnusedByTensors>, 'embeddings' | 'labels'> = vectorLoss(
  infoNceLoss,
  ['embeddings', 'labels'],
);

/** N-pair loss of `embeddings` `[m, d]` with `labels` `[m]`. */
export const nPair: VectorLoss<OptionsOf<typeof nPairLoss, UnusedByTensors>, 'embeddings' | 'labels'> = vectorLoss(
  nPairLoss,
  ['embeddings', 'labels'],
);

/** Kernel distance of two sets of vectors, `real` `[n, d]` and `fake` `[m, d]`. */
export const kernelDistance: VectorLoss<
  OptionsOf<typeof kernelDistanceLoss, UnusedByTensors>,
  'real' | 'fake'
> = vectorLoss(kernelDistanceLoss, ['real', 'fake']);

/**
 * Fréchet distance of two sets of vectors, `real` `[n, d]` and `fake` `[m, d]`: FID where the embedder is FID's. Reads the vectors
 * back: value and gradient are computed in float64.
 */
export const frechetDistance: VectorLoss<{readonly normalize?: boolean | undefined}, 'real' | 'fake'> = vectorLoss(
  // Not the loss of `evaluate`, whose decomposition of large sets is no small code.
  {
    id: 'frechet-distance',
    options: frechetOptions,
    create: (options, {tf}) => ({program: frechetProgram(tf, frechetOptions.parse(options))}),
  },
  ['real', 'fake'],
);
