import {IGNORED, type Labels} from '../pixel/class-labels.js';
import {mapOfShares, type PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';

/** What each pixel adds to the value of a class. */
export interface ClassShares<Prepared> {
  /** What the map shows. */
  readonly shows: string;
  /** Of the k-th class, over its pixels; their sum is its value. Asked only where it has one. */
  of(prepared: Prepared, k: number): Float64Array;
  /** IGNORED where a pixel is left out. */
  target(prepared: Prepared): Labels;
}

/** The mean over the classes that have a value, so that its own mean is the loss's value; NaN where a pixel does not count. */
export function classShareMap<Prepared extends {readonly defined: readonly boolean[]}>(
  sample: SampleViews,
  prepared: Prepared,
  {of, target}: ClassShares<Prepared>,
): PixelMap {
  const labels = target(prepared);
  const shares = new Float64Array(labels.length);
  const classes = prepared.defined.flatMap((has, k) => (has ? [k] : []));
  for (const k of classes) {
    const own = of(prepared, k);
    for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] as number) + (own[i] as number) / classes.length;
  }
  const weights = sample.weights();
  return mapOfShares(sample, shares, (i) => labels[i] !== IGNORED && weights?.[i] !== 0);
}
