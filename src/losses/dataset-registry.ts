import {ganMinimax} from './adversarial/gan-minimax.js';
import {ganNonSaturating} from './adversarial/gan-non-saturating.js';
import {hingeGan} from './adversarial/hinge-gan.js';
import {lsgan} from './adversarial/lsgan.js';
import {wgan} from './adversarial/wgan.js';
import type {DatasetLossDescriptor} from './dataset-contract.js';
import {contrastive} from './embedding/contrastive.js';
import {cosineEmbedding} from './embedding/cosine-embedding.js';
import {frechetDistance} from './embedding/frechet-distance.js';
import {infoNce} from './embedding/info-nce.js';
import {kernelDistance} from './embedding/kernel-distance.js';
import {nPair} from './embedding/n-pair.js';
import {triplet} from './embedding/triplet.js';

/** Every built-in loss of vectors or scores, in the order that lists and docs show. */
export const datasetLosses: readonly DatasetLossDescriptor[] = [
  triplet,
  contrastive,
  cosineEmbedding,
  infoNce,
  nPair,
  frechetDistance,
  kernelDistance,
  ganMinimax,
  ganNonSaturating,
  lsgan,
  wgan,
  hingeGan,
];
