import type {CurveBuilder, VerificationCurve} from './verification-curve.js';

/** Bits of a float32's mantissa that a bucket does not tell apart; 14 remain. */
const DROPPED_BITS = 9;
/** Every float32 that is not negative falls into one. */
const BUCKETS = 2 ** (31 - DROPPED_BITS);

/** A curve from counts in buckets of relative width 2⁻¹⁴: what falls into one bucket is taken as equal. Takes 64 MiB. */
export class BucketCurve implements CurveBuilder {
  private readonly same = new Float64Array(BUCKETS);
  private readonly different = new Float64Array(BUCKETS);
  private readonly float = new Float32Array(1);
  private readonly bits = new Uint32Array(this.float.buffer);

  addSame(distance: number): void {
    this.count(this.same, distance);
  }

  addDifferent(distance: number): void {
    this.count(this.different, distance);
  }

  finish(): VerificationCurve {
    const thresholds: number[] = [];
    const acceptedSame: number[] = [];
    const acceptedDifferent: number[] = [];
    let [same, different, beaten] = [0, 0, 0];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const [sameHere, differentHere] = [this.same[bucket] as number, this.different[bucket] as number];
      beaten += differentHere * (same + sameHere / 2);
      same += sameHere;
      different += differentHere;
      if (sameHere === 0) continue;
      thresholds.push(this.upperEdge(bucket));
      acceptedSame.push(same);
      acceptedDifferent.push(different);
    }
    return {
      same,
      different,
      auc: beaten / (same * different),
      thresholds: Float64Array.from(thresholds),
      acceptedSame: Float64Array.from(acceptedSame),
      acceptedDifferent: Float64Array.from(acceptedDifferent),
      method: 'histogram',
    };
  }

  private count(counts: Float64Array, distance: number): void {
    this.float[0] = distance;
    const bucket = (this.bits[0] as number) >>> DROPPED_BITS;
    counts[bucket] = (counts[bucket] as number) + 1;
  }

  private upperEdge(bucket: number): number {
    this.bits[0] = (bucket + 1) << DROPPED_BITS;
    return this.float[0] as number;
  }
}
