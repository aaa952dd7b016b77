import {firstIndex} from './search.js';
import type {VerificationCurve} from './verification-curve.js';

/** How well a threshold on the distance tells same pairs from different ones; plain JSON. */
export interface Verification {
  /** Area under the ROC curve: the chance that a same pair is nearer than a different one, a tie being half. */
  readonly auc: number;
  /** The largest fraction of pairs that one threshold decides rightly, and the smallest that does; null accepts none. */
  readonly accuracy: number;
  readonly threshold: number | null;
  /** The same where both kinds of pairs count alike: the mean of the two fractions. */
  readonly balanced_accuracy: number;
  readonly balanced_threshold: number | null;
  /** By false accept rate: the true accept rate at the largest threshold whose rate is at most that, and the threshold. */
  readonly tar_at_far: Readonly<Record<string, number>>;
  readonly threshold_at_far: Readonly<Record<string, number | null>>;
  readonly same_pairs: number;
  readonly different_pairs: number;
  readonly method: 'exact' | 'histogram';
}

/**
 * Reads a curve: ROC area, accuracy at the best threshold, true accept rates at false accept rates. Rates are those of
 * the pairs themselves, not interpolated. `toDistance` maps the curve's thresholds to the distance that is reported.
 *
 * Source: Schroff, Kalenichenko and Philbin, FaceNet, CVPR 2015, section 4 (validation and false accept rate).
 */
export function verify(
  curve: VerificationCurve,
  rates: readonly number[],
  toDistance: (threshold: number) => number = (threshold) => threshold,
): Verification {
  const {same, different, acceptedSame, acceptedDifferent, thresholds} = curve;
  const thresholdAt = (k: number) => (k < 0 ? null : toDistance(thresholds[k] as number));
  const best = bestAt(curve, (accepted, rejected) => (accepted + rejected) / (same + different));
  const balanced = bestAt(curve, (accepted, rejected) => (accepted / same + rejected / different) / 2);
  const operating = rates.map((rate) => {
    const k = firstIndex(thresholds.length, (i) => (acceptedDifferent[i] as number) / different > rate) - 1;
    return {rate, tar: k < 0 ? 0 : (acceptedSame[k] as number) / same, threshold: thresholdAt(k)};
  });
  return {
    auc: curve.auc,
    accuracy: best.score,
    threshold: thresholdAt(best.at),
    balanced_accuracy: balanced.score,
    balanced_threshold: thresholdAt(balanced.at),
    tar_at_far: Object.fromEntries(operating.map(({rate, tar}) => [rate, tar])),
    threshold_at_far: Object.fromEntries(operating.map(({rate, threshold}) => [rate, threshold])),
    same_pairs: same,
    different_pairs: different,
    method: curve.method,
  };
}

/** The largest score of same pairs accepted and different pairs rejected, and the smallest threshold that gives it; -1 accepts none. */
function bestAt(
  {different, thresholds, acceptedSame, acceptedDifferent}: VerificationCurve,
  scoreOf: (accepted: number, rejected: number) => number,
): {readonly score: number; readonly at: number} {
  let best = {score: scoreOf(0, different), at: -1};
  for (let k = 0; k < thresholds.length; k++) {
    const score = scoreOf(acceptedSame[k] as number, different - (acceptedDifferent[k] as number));
    if (score > best.score) best = {score, at: k};
  }
  return best;
}
