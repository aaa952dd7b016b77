import type {PlainMasks} from './random-masks.js';

/** A slow form of one class's pixels: probabilities, whether each is of the class, weights. */
export type SlowClass = (p: readonly number[], is: readonly boolean[], w: readonly number[]) => number;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const total = (masks: PlainMasks) => sum(masks.weight);
const at = (values: readonly number[], i: number) => values[i] as number;

/** Of a binary run the foreground, else each class against the rest. */
function eachClass(masks: PlainMasks, of: SlowClass): number[] {
  const {classes, probabilities, target, weight} = masks;
  const labels = classes ? classes.map((_, c) => c) : [1];
  return labels.map((label, channel) =>
    of(
      probabilities.map((pixel) => at(pixel, channel)),
      target.map((one) => one === label),
      weight,
    ),
  );
}

/** The mean over every class. */
export const meanOfAll =
  (of: SlowClass) =>
  (masks: PlainMasks): number => {
    if (total(masks) === 0) return Number.NaN;
    const values = eachClass(masks, of);
    return sum(values) / values.length;
  };

/** The mean over the classes that have a value. */
export const meanOfDefined =
  (of: SlowClass) =>
  (masks: PlainMasks): number => {
    const values = eachClass(masks, of).filter((value) => !Number.isNaN(value));
    return sum(values) / values.length;
  };

export const softDice =
  (s: number): SlowClass =>
  (p, is, w) => {
    const hits = sum(p.map((one, i) => (is[i] ? at(w, i) * one : 0)));
    const sizes = sum(p.map((one, i) => at(w, i) * (one + Number(is[i]))));
    return (2 * hits + s) / (sizes + s);
  };

export const softIou =
  (s: number): SlowClass =>
  (p, is, w) => {
    const hits = sum(p.map((one, i) => (is[i] ? at(w, i) * one : 0)));
    const sizes = sum(p.map((one, i) => at(w, i) * (one + Number(is[i]))));
    return (hits + s) / (sizes - hits + s);
  };

export const softTversky =
  (alpha: number, beta: number, s: number): SlowClass =>
  (p, is, w) => {
    const of = (term: (one: number, own: boolean) => number) =>
      sum(p.map((one, i) => at(w, i) * term(one, is[i] as boolean)));
    const hits = of((one, own) => (own ? one : 0));
    const alarms = of((one, own) => (own ? 0 : one));
    const misses = of((one, own) => (own ? 1 - one : 0));
    return (hits + s) / (hits + alpha * alarms + beta * misses + s);
  };

/** All pairs of a pixel of the class and another. */
export const slowAuroc: SlowClass = (p, is, w) => {
  let right = 0;
  let pairs = 0;
  p.forEach((own, i) => {
    p.forEach((other, j) => {
      if (!is[i] || is[j]) return;
      const weight = at(w, i) * at(w, j);
      pairs += weight;
      right += weight * (own > other ? 1 : own === other ? 0.5 : 0);
    });
  });
  return right / pairs;
};

/** Recall and precision at every threshold that occurs. */
export const slowAveragePrecision: SlowClass = (p, is, w) => {
  const positives = sum(w.filter((_, i) => is[i]));
  let before = 0;
  let area = 0;
  for (const threshold of [...new Set(p)].sort((a, b) => b - a)) {
    const hits = sum(w.filter((_, i) => is[i] && at(p, i) >= threshold));
    const predicted = sum(w.filter((_, i) => at(p, i) >= threshold));
    if (predicted > 0) area += (hits / positives - before) * (hits / predicted);
    before = hits / positives;
  }
  return positives === 0 ? Number.NaN : area;
};

export function slowBrier(masks: PlainMasks): number {
  const errors = eachClass(masks, (p, is, w) => sum(p.map((one, i) => at(w, i) * (one - Number(is[i])) ** 2)));
  return sum(errors) / total(masks);
}

export const slowEce =
  (bins: number, foreground = false) =>
  (masks: PlainMasks): number => {
    const pixels = masks.probabilities.map((scores, i) => {
      const [p = 0] = scores;
      const ofClasses = masks.classes ? scores : foreground ? [-1, p] : [1 - p, p];
      const confidence = Math.max(...ofClasses);
      return {confidence, right: ofClasses.indexOf(confidence) === masks.target[i], weight: at(masks.weight, i)};
    });
    let error = 0;
    for (let m = 1; m <= bins; m++) {
      const inside = pixels.filter(
        ({confidence}) => confidence <= m / bins && (m === 1 || confidence > (m - 1) / bins),
      );
      const weight = sum(inside.map((pixel) => pixel.weight));
      if (weight === 0) continue;
      const accuracy = sum(inside.map((pixel) => (pixel.right ? pixel.weight : 0))) / weight;
      const confidence = sum(inside.map((pixel) => pixel.weight * pixel.confidence)) / weight;
      error += weight * Math.abs(accuracy - confidence);
    }
    return error / total(masks);
  };

/** The best of a score of hits, predicted and wanted pixels over thresholds, tried one by one. */
const slowBest =
  (score: (hits: number, predicted: number, wanted: number) => number): SlowClass =>
  (p, is, w) => {
    const of = (holds: (i: number) => boolean) => sum(w.filter((_, i) => holds(i)));
    const wanted = of((i) => is[i] as boolean);
    if (wanted === 0) return Number.NaN;
    const values = [0, ...p].map((threshold) => {
      const said = (i: number) => at(p, i) > threshold;
      return score(
        of((i) => said(i) && (is[i] as boolean)),
        of(said),
        wanted,
      );
    });
    return Math.max(...values);
  };

export const slowBestDice = slowBest((hits, predicted, wanted) => (2 * hits) / (predicted + wanted));

export const slowBestIou = slowBest((hits, predicted, wanted) => hits / (predicted + wanted - hits));

/** F-beta from precision and recall. */
export const slowBestFBeta = (beta: number): SlowClass =>
  slowBest((hits, predicted, wanted) => {
    if (hits === 0) return 0;
    const [precision, recall] = [hits / predicted, hits / wanted];
    return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
  });
