import {SampleError} from '../../errors.js';
import type {View} from '../../kernels/view.js';
import type {Dataset} from '../contract.js';
import {classCount, classLabels, IGNORED, type Labels} from './class-labels.js';

/** How classes are weighted by how rare they are. */
export type Balancing = 'balanced' | 'median-frequency';

/** How often each class was seen. */
export interface ClassCounts {
  /** Valid pixels of each class. */
  readonly pixels: Float64Array;
  /** Valid pixels of the images that hold the class. */
  readonly imagePixels: Float64Array;
}

/** No pixel of any class. */
export function noCounts(classes: number): ClassCounts {
  return {pixels: new Float64Array(classes), imagePixels: new Float64Array(classes)};
}

/** Adds an image's labels; IGNORED ones do not count. */
export function addCounts({pixels, imagePixels}: ClassCounts, labels: Labels): void {
  const own = new Float64Array(pixels.length);
  let valid = 0;
  for (const label of labels) {
    if (label === IGNORED) continue;
    own[label] = (own[label] as number) + 1;
    valid += 1;
  }
  own.forEach((count, c) => {
    if (count === 0) return;
    pixels[c] = (pixels[c] as number) + count;
    imagePixels[c] = (imagePixels[c] as number) + valid;
  });
}

/**
 * The weight of each class; 0 for a class that was not seen. `balanced`: n / (K·n_c), K the classes seen
 * (King and Zeng 2001). `median-frequency`: median f / f_c, f_c = n_c / pixels of the images that hold c, the
 * median over the classes seen (Eigen and Fergus 2015, section 6.3.2).
 */
export function balancedWeights({pixels, imagePixels}: ClassCounts, balancing: Balancing): number[] {
  const counts = Array.from(pixels);
  const seen = counts.filter((count) => count > 0).length;
  if (balancing === 'balanced') {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (count > 0 ? total / (seen * count) : 0));
  }
  const frequencies = counts.map((count, c) => (count > 0 ? count / (imagePixels[c] as number) : 0));
  const middle = median(frequencies.filter((frequency) => frequency > 0));
  return frequencies.map((frequency) => (frequency > 0 ? middle / frequency : 0));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const above = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + above) / 2 : above;
}

/**
 * Class weights over every target of the dataset. The number of classes is that of the first prediction;
 * targets with ids beyond it are left out, as their rows fail. Empty when no prediction can be read.
 */
export async function datasetWeights(
  dataset: Dataset,
  balancing: Balancing,
  ignoreIndex: number | null,
): Promise<number[]> {
  const channels = await predictedChannels(dataset);
  if (channels === 0) return [];
  const counts = noCounts(classCount(channels));
  for await (const target of dataset.views('target')) {
    const labels = labelsOrNull(target, channels, ignoreIndex);
    if (labels) addCounts(counts, labels);
  }
  return balancedWeights(counts, balancing);
}

async function predictedChannels(dataset: Dataset): Promise<number> {
  for await (const {channels} of dataset.views('pred')) return channels;
  return 0;
}

function labelsOrNull(target: View, channels: number, ignoreIndex: number | null): Labels | null {
  try {
    return classLabels(target, {channels, ignoreIndex, valid: null});
  } catch (error) {
    if (error instanceof SampleError) return null;
    throw error;
  }
}
