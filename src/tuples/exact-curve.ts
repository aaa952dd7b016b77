import {countBelow, countUpTo} from './search.js';
import type {CurveBuilder, VerificationCurve} from './verification-curve.js';

/** A curve from all distances of same pairs, and those of different pairs one by one, which are not kept. */
export class ExactCurve implements CurveBuilder {
  private readonly same: Float64Array;
  /** Different pairs by the number of same pairs that are nearer. */
  private readonly byNearer: Float64Array;
  private different = 0;
  private beaten = 0;

  /** At least one distance, in any order; the array is sorted in place. */
  constructor(same: Float64Array) {
    this.same = same.sort();
    this.byNearer = new Float64Array(same.length + 1);
  }

  addDifferent(distance: number): void {
    const {same, byNearer} = this;
    this.different++;
    const nearer = distance > (same[same.length - 1] as number) ? same.length : countBelow(same, distance);
    byNearer[nearer] = (byNearer[nearer] as number) + 1;
    const equal = same[nearer] === distance ? countUpTo(same, distance) - nearer : 0;
    this.beaten += nearer + equal / 2;
  }

  finish(): VerificationCurve {
    const {same, byNearer, different} = this;
    // A threshold accepts all same pairs at its distance: the last of equal ones stands for them.
    const last = Array.from(same.keys()).filter((k) => same[k] !== same[k + 1]);
    const accepted = byNearer.slice();
    for (let k = 1; k < accepted.length; k++) accepted[k] = (accepted[k] as number) + (accepted[k - 1] as number);
    return {
      same: same.length,
      different,
      auc: this.beaten / (same.length * different),
      thresholds: Float64Array.from(last, (k) => same[k] as number),
      acceptedSame: Float64Array.from(last, (k) => k + 1),
      acceptedDifferent: Float64Array.from(last, (k) => accepted[k] as number),
      method: 'exact',
    };
  }
}
