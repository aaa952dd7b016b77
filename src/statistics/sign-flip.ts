import {seededBits} from './seeded-bits.js';
import {sumOf} from './sum.js';

/** Sign patterns drawn where there are too many to go through. */
const DRAWS = 10_000;

/** Up to this many differences every sign pattern is gone through: 2¹³ of them. */
const EXACT = 13;

const SEED = 20_240_502;

/** How far sums may lie apart and still be the same in exact arithmetic: rounding of a sum of this size. */
const TIE = 1e-12;

/** One-sided p-values of a paired sign-flip test. */
export interface SignFlip {
  /** Against the alternative that the differences tend to be above zero. */
  readonly greater: number;
  /** Against the alternative that they tend to be below. */
  readonly less: number;
  /** `exact`: all 2ⁿ sign patterns; `draws`: 10,000 seeded ones, (hits + 1) / (draws + 1). */
  readonly method: 'exact' | 'draws';
}

/**
 * Paired permutation test of the mean: under the null hypothesis each difference is as likely as its negative, so the
 * p-value is the share of sign patterns whose mean is at least (`less`: at most) the observed one. Needs at least one
 * finite difference. Reference: Fisher 1935, The design of experiments, section 21; Phipson and Smyth 2010 for the + 1.
 */
export function signFlipTest(differences: Float64Array): SignFlip {
  const n = differences.length;
  if (n === 0) throw new RangeError('signFlipTest: expected at least one difference');
  // Scaled to a largest magnitude of 1, so that sums neither overflow nor vanish.
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scaled = largest === 0 ? differences : differences.map((value) => value / largest);
  const observed = sumOf(n, (i) => scaled[i] as number);
  const tie = TIE * n;
  let greater = 0;
  let less = 0;
  const count = (sum: number) => {
    if (sum >= observed - tie) greater++;
    if (sum <= observed + tie) less++;
  };
  if (n <= EXACT) {
    const patterns = 2 ** n;
    for (let pattern = 0; pattern < patterns; pattern++) count(flippedSum(scaled, () => pattern));
    return {greater: greater / patterns, less: less / patterns, method: 'exact'};
  }
  const random = seededBits(SEED);
  for (let draw = 0; draw < DRAWS; draw++) count(flippedSum(scaled, () => random.next()));
  return {greater: (greater + 1) / (DRAWS + 1), less: (less + 1) / (DRAWS + 1), method: 'draws'};
}

/** The sum with the signs that the bits say, 32 of them a word. */
function flippedSum(values: Float64Array, nextWord: () => number): number {
  let sum = 0;
  let word = 0;
  for (let i = 0; i < values.length; i++) {
    if (i % 32 === 0) word = nextWord();
    sum += (word >>> (i % 32)) & 1 ? -(values[i] as number) : (values[i] as number);
  }
  return sum;
}
