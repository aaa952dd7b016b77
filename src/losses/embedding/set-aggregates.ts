import {type Distances, distancesIn, type Space} from '../../tuples/distances.js';
import {ranksOfNearestPositive, recallAt} from '../../tuples/recall.js';
import {type Verification, verify} from '../../tuples/verification.js';
import {curveOfAllPairs, curveOfPairs, type VerificationCurve} from '../../tuples/verification-curve.js';
import type {VectorDataset} from '../dataset-contract.js';
import {identifiedSet} from './identified-set.js';
import type {TupleLists} from './named-tuples.js';
import {oncePerDataset} from './once-per-dataset.js';

/** Distances that order pairs alike: ranks and curves are computed once for both. */
function ordering({measure, normalize}: Space): Space {
  return {measure: measure === 'l2' ? 'squared-l2' : measure, normalize: normalize || measure === 'cosine'};
}

function nameOf({measure, normalize}: Space): string {
  return `${measure}, ${normalize ? 'normalised' : 'as stored'}`;
}

/** The run's distances in a space, opened once. */
export function datasetDistances(dataset: VectorDataset, space: Space): Distances {
  return oncePerDataset(dataset, `distances: ${nameOf(space)}`, () => distancesIn(dataset.embeddings(), space));
}

/** `recall_at_k` of a labelled set under a loss's distance; nothing for an empty list. */
export function recallAggregate(
  dataset: VectorDataset,
  loss: string,
  space: Space,
  ks: readonly number[],
): {readonly recall_at_k?: Readonly<Record<string, number>>} {
  if (ks.length === 0) return {};
  const {identities} = identifiedSet(dataset, loss);
  const same = ordering(space);
  const ranks = oncePerDataset(dataset, `ranks: ${nameOf(same)}`, () =>
    ranksOfNearestPositive(datasetDistances(dataset, same), identities),
  );
  return {recall_at_k: recallAt(ranks, ks)};
}

/** `verification` of all pairs of a labelled set under a loss's distance; nothing for an empty list. */
export function verificationAggregate(
  dataset: VectorDataset,
  loss: string,
  space: Space,
  rates: readonly number[],
): {readonly verification?: Verification} {
  if (rates.length === 0) return {};
  const {identities} = identifiedSet(dataset, loss);
  const same = ordering(space);
  const curve = oncePerDataset(dataset, `curve: ${nameOf(same)}`, () =>
    curveOfAllPairs(datasetDistances(dataset, same), identities),
  );
  return {verification: read(curve, space, rates)};
}

/** `verification` of listed pairs; nothing for an empty list, or where pairs of either kind are missing. */
export function listedVerification(
  dataset: VectorDataset,
  pairs: TupleLists['pairs'],
  space: Space,
  rates: readonly number[],
): {readonly verification?: Verification} {
  if (rates.length === 0) return {};
  const curve = curveOfPairs(datasetDistances(dataset, ordering(space)), pairs);
  return curve ? {verification: read(curve, space, rates)} : {};
}

function read(curve: VerificationCurve, {measure}: Space, rates: readonly number[]): Verification {
  return verify(curve, rates, measure === 'l2' ? Math.sqrt : undefined);
}
