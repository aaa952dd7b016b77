import type {PlainMasks} from './random-masks.js';

/** What a slow form says: the value and, of several classes, each scored class's; NaN for undefined, null for a class that does not apply. */
export interface SlowValue {
  readonly value: number;
  readonly classes: readonly (number | null)[];
}

/** Σ weights of the pixels that a condition holds for. */
function pixels(masks: PlainMasks, holds: (pred: number, target: number) => boolean): number {
  let sum = 0;
  masks.pred.forEach((pred, i) => {
    if (holds(pred, masks.target[i] as number)) sum += masks.weight[i] as number;
  });
  return sum;
}

const all = (masks: PlainMasks) => pixels(masks, () => true);

/** The mean over classes of a value written with sets of pixels; of a binary run the foreground's. */
function perClass(masks: PlainMasks, value: (masks: PlainMasks, c: number) => number): SlowValue {
  if (!masks.classes) return {value: all(masks) === 0 ? Number.NaN : value(masks, 1), classes: []};
  const classes = masks.classes.map((_, c) =>
    pixels(masks, (pred, target) => pred === c || target === c) === 0 ? null : value(masks, c),
  );
  const defined = classes.filter((one): one is number => one !== null && !Number.isNaN(one));
  return {value: defined.reduce((sum, one) => sum + one, 0) / defined.length, classes};
}

const both = (masks: PlainMasks, c: number) => pixels(masks, (pred, target) => pred === c && target === c);
const either = (masks: PlainMasks, c: number) => pixels(masks, (pred, target) => pred === c || target === c);
const predicted = (masks: PlainMasks, c: number) => pixels(masks, (pred) => pred === c);
const wanted = (masks: PlainMasks, c: number) => pixels(masks, (_, target) => target === c);

export const slowDice = (masks: PlainMasks) =>
  perClass(masks, (of, c) => (2 * both(of, c)) / (predicted(of, c) + wanted(of, c)));

export const slowIou = (masks: PlainMasks) => perClass(masks, (of, c) => both(of, c) / either(of, c));

function index(masks: PlainMasks, c: number, alpha: number, beta: number): number {
  if (either(masks, c) === 0) return Number.NaN;
  const hits = both(masks, c);
  if (hits === 0) return 0;
  return hits / (hits + alpha * (predicted(masks, c) - hits) + beta * (wanted(masks, c) - hits));
}

export const slowTversky = (alpha: number, beta: number) => (masks: PlainMasks) =>
  perClass(masks, (of, c) => index(of, c, alpha, beta));

export const slowFocalTversky = (gamma: number) => (masks: PlainMasks) =>
  perClass(masks, (of, c) => (1 - index(of, c, 0.3, 0.7)) ** gamma);

export const slowPrecision = (masks: PlainMasks) => perClass(masks, (of, c) => both(of, c) / predicted(of, c));
export const slowRecall = (masks: PlainMasks) => perClass(masks, (of, c) => both(of, c) / wanted(of, c));

export const slowSpecificity = (masks: PlainMasks) =>
  perClass(
    masks,
    (of, c) => pixels(of, (pred, target) => pred !== c && target !== c) / pixels(of, (_, target) => target !== c),
  );

/** The weighted harmonic mean of precision and recall. */
export const slowFBeta = (beta: number) => (masks: PlainMasks) =>
  perClass(masks, (of, c) => {
    if (either(of, c) === 0) return Number.NaN;
    if (both(of, c) === 0) return 0;
    const precision = both(of, c) / predicted(of, c);
    const recall = both(of, c) / wanted(of, c);
    return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
  });

export function slowAccuracy(masks: PlainMasks): SlowValue {
  const {classes} = slowRecall(masks);
  return {value: pixels(masks, (pred, target) => pred === target) / all(masks), classes};
}

/** The covariance of two label maps as one-hot vectors, summed over classes (Gorodkin 2004, equation 5). */
function covariance(masks: PlainMasks, x: readonly number[], y: readonly number[]): number {
  const {size, weight} = masks;
  const total = all(masks);
  let sum = 0;
  for (let c = 0; c < size; c++) {
    const mean = (labels: readonly number[]) =>
      labels.reduce((part, label, i) => part + (label === c ? (weight[i] as number) : 0), 0) / total;
    const [meanX, meanY] = [mean(x), mean(y)];
    x.forEach((label, i) => {
      sum += (weight[i] as number) * (Number(label === c) - meanX) * (Number(y[i] === c) - meanY);
    });
  }
  return sum;
}

export function slowMcc(masks: PlainMasks): SlowValue {
  const {pred, target} = masks;
  const spread = covariance(masks, pred, pred) * covariance(masks, target, target);
  return {value: spread < 1e-12 ? Number.NaN : covariance(masks, pred, target) / Math.sqrt(spread), classes: []};
}

export function slowKappa(masks: PlainMasks): SlowValue {
  const total = all(masks);
  const observed = pixels(masks, (pred, target) => pred === target) / total;
  let chance = 0;
  for (let c = 0; c < masks.size; c++) chance += (predicted(masks, c) / total) * (wanted(masks, c) / total);
  return {value: chance === 1 ? Number.NaN : (observed - chance) / (1 - chance), classes: []};
}

/** Equation 4 of Sudre 2017 as it stands, background included; a class without target pixels takes the largest weight. */
export function slowGeneralisedDice(masks: PlainMasks): SlowValue {
  const {classes} = slowDice(masks);
  const labels = Array.from({length: masks.size}, (_, c) => c);
  const weights = labels.map((c) => 1 / wanted(masks, c) ** 2);
  const largest = Math.max(...weights.filter(Number.isFinite));
  let hits = 0;
  let sizes = 0;
  for (const c of labels) {
    const weight = Number.isFinite(weights[c]) ? (weights[c] as number) : largest;
    hits += weight * both(masks, c);
    sizes += weight * (predicted(masks, c) + wanted(masks, c));
  }
  return {value: all(masks) === 0 ? Number.NaN : (2 * hits) / sizes, classes};
}
