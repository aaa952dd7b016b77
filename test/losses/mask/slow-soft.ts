import {slowSoftSkeleton} from '../../kernels/slow-soft-skeleton.js';
import {harmonic} from './slow-shape.js';
import type {SlowForm, SmallMasks} from './small-masks.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((value, i) => value * (b[i] as number)));
const validPixels = ({valid}: SmallMasks): number[] => [...valid.keys()].filter((i) => valid[i]);

/** Kervadec's φ from all pairs of pixels; undefined where the target is empty or full. */
export const slowBoundary: SlowForm = (masks) => {
  const {width, target, probabilities} = masks;
  const pixels = validPixels(masks);
  const inside = pixels.filter((i) => target[i]).length;
  if (inside === 0 || inside === pixels.length) return Number.NaN;
  const distance = (i: number, label: number) =>
    Math.min(
      ...target.map((other, j) =>
        other === label
          ? Math.hypot(Math.floor(i / width) - Math.floor(j / width), (i % width) - (j % width))
          : Infinity,
      ),
    );
  const phi = (i: number) => (target[i] ? 1 - distance(i, 0) : distance(i, 1));
  return sum(pixels.map((i) => phi(i) * (probabilities[i] as number))) / pixels.length;
};

/** The Lovász extension of the Jaccard loss, from its definition: the loss of ever larger sets of wrong pixels. */
export function lovaszExtension(errors: readonly number[], labels: readonly number[]): number {
  const order = [...errors.keys()].sort((a, b) => (errors[b] as number) - (errors[a] as number));
  const jaccardLoss = (wrong: readonly number[]) => {
    const union = new Set([...labels.keys()].filter((i) => labels[i]));
    for (const i of wrong) union.add(i);
    return union.size === 0 ? 0 : wrong.length / union.size;
  };
  return sum(
    order.map(
      (i, rank) => (errors[i] as number) * (jaccardLoss(order.slice(0, rank + 1)) - jaccardLoss(order.slice(0, rank))),
    ),
  );
}

export const slowLovaszSoftmax: SlowForm = (masks) => {
  if (!masks.target.includes(1)) return Number.NaN;
  const pixels = validPixels(masks);
  const labels = pixels.map((i) => masks.target[i] as number);
  return lovaszExtension(
    pixels.map((i, n) => Math.abs((labels[n] as number) - (masks.probabilities[i] as number))),
    labels,
  );
};

/** The probabilities taken as logits. */
export const slowLovaszHinge: SlowForm = (masks) => {
  const pixels = validPixels(masks);
  if (pixels.length === 0) return Number.NaN;
  const labels = pixels.map((i) => masks.target[i] as number);
  const margins = pixels.map((i, n) => 1 - (masks.probabilities[i] as number) * (labels[n] ? 1 : -1));
  if (!labels.includes(1)) return Math.max(0, ...margins);
  return lovaszExtension(
    margins.map((margin) => Math.max(0, margin)),
    labels,
  );
};

export const slowSoftClDice =
  (iterations: number, smooth: number): SlowForm =>
  ({height, width, probabilities, target, valid}) => {
    if (!valid.includes(1)) return Number.NaN;
    const share = (of: readonly number[], within: readonly number[]) => {
      const skeleton = slowSoftSkeleton(of, height, width, iterations);
      return (dot(skeleton, within) + smooth) / (sum(skeleton) + smooth);
    };
    return harmonic(share(probabilities, target), share(target, probabilities));
  };
