import * as z from 'zod';
import {sumOf} from '../../statistics/sum.js';
import {defineLoss, type LossColumn, type LossColumns} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {pixelWeightRoles} from '../view-options.js';
import {maskInputs} from './mask-options.js';
import {probabilityOptions, readProbabilities} from './probability-options.js';
import {nothingWeighed, type WeighedMasks} from './soft-counts.js';

/**
 * Expected calibration error: pixels by confidence in bins of equal width, ((m − 1)/M, m/M]; the mean over pixels of
 * |accuracy − confidence| of their bin. Confidence is the probability of the predicted class, the largest one; of a binary
 * run max(p, 1 − p), or with `confidence: foreground` p itself, against the part that is foreground. A bin's column `gap_m`
 * is Σ w·(right − confidence) and `pixels` Σ w, so that the aggregate `dataset` is exact.
 */
export const ece = defineLoss({
  id: 'ece',
  family: 'mask',
  better: 'lower',
  summary: 'Expected calibration error of the predicted probabilities',
  formula: 'sum over bins of (pixels in bin / pixels) |accuracy - mean confidence|',
  range: '0 to 1; 0 where confidence is accuracy',
  use: 'Whether a probability means what it says. A network can be well calibrated and bad, so read it with a loss of overlap; brier has both in one.',
  reference: 'Naeini et al. 2015; Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3',
  undefinedWhen: 'no pixel is valid or has a weight',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'itself',
  options: z.strictObject({
    ...probabilityOptions,
    bins: z.int().min(1).max(1024).default(15).describe('bins of equal width'),
    confidence: z
      .enum(['predicted', 'foreground'])
      .default('predicted')
      .describe(
        "binary: predicted is max(p, 1 − p) and whether that class is right; foreground is p and the target's foreground",
      ),
  }),
  create: (options, {classes}) =>
    sampleLoss({
      columns: columnsOf(options.bins),
      view: scoreView(options),
      cells(sample) {
        const masks = readProbabilities(sample, options, classes);
        const gaps = gapsOf(masks, options);
        const reason = nothingWeighed(masks);
        return {
          '': reason ? {undefined: reason} : calibrationError(gaps, masks.total),
          pixels: masks.total,
          ...Object.fromEntries(Array.from(gaps, (gap, bin) => [gapPart(bin), gap])),
        };
      },
    }),
  aggregate(columns, {bins}) {
    const gaps = Float64Array.from({length: bins}, (_, bin) => total(columns, gapPart(bin)));
    const pixels = total(columns, 'pixels');
    return {dataset: pixels > 0 ? calibrationError(gaps, pixels) : null};
  },
});

function columnsOf(bins: number): LossColumn[] {
  const parts = ['pixels', ...Array.from({length: bins}, (_, bin) => gapPart(bin))];
  return [{part: '', better: 'lower'}, ...parts.map((part): LossColumn => ({part, better: 'none'}))];
}

function gapPart(bin: number): string {
  return `gap.${bin + 1}`;
}

function total(columns: LossColumns, part: string): number {
  const numbers = columns.numbers(part);
  return sumOf(numbers.length, (row) => numbers[row] as number);
}

function calibrationError(gaps: Float64Array, pixels: number): number {
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / pixels;
}

/** Σ w·(right − confidence) of each bin. */
function gapsOf(
  {channels, read, target, weights}: WeighedMasks,
  {bins, confidence}: {readonly bins: number; readonly confidence: 'predicted' | 'foreground'},
): Float64Array {
  const gaps = new Float64Array(bins);
  const pixel = new Float64Array(channels);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    if (weight === 0) continue;
    read(i, pixel);
    const {probability, predicted} =
      channels > 1 ? largest(pixel) : binaryConfidence(pixel[0] as number, confidence === 'foreground');
    const bin = binOf(probability, bins);
    gaps[bin] = (gaps[bin] as number) + weight * (Number(predicted === target[i]) - probability);
  }
  return gaps;
}

function binaryConfidence(p: number, foreground: boolean): {probability: number; predicted: number} {
  return foreground || p > 0.5 ? {probability: p, predicted: 1} : {probability: 1 - p, predicted: 0};
}

function largest(pixel: Float64Array): {probability: number; predicted: number} {
  let predicted = 0;
  for (let c = 1; c < pixel.length; c++) if ((pixel[c] as number) > (pixel[predicted] as number)) predicted = c;
  return {probability: pixel[predicted] as number, predicted};
}

/** The bin ((m − 1)/M, m/M] of a probability, from 0; the first one holds 0 too. */
function binOf(probability: number, bins: number): number {
  let bin = Math.min(bins, Math.max(1, Math.ceil(probability * bins)));
  // The product may round across an edge.
  if (bin > 1 && probability <= (bin - 1) / bins) bin--;
  else if (bin < bins && probability > bin / bins) bin++;
  return bin - 1;
}
