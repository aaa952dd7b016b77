import {SampleError} from '../../errors.js';
import type {View} from '../../kernels/view.js';
import {classLabels, IGNORED} from '../pixel/class-labels.js';
import {openScores, quantizedSumTolerance, type ScoreInput, type Scores} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';

/** The masks of a sample as a network takes them. */
export interface MaskPair extends MaskLabels {
  /** Foreground probabilities. */
  readonly x: View;
}

/** The labels of a sample as a network takes them. */
export interface MaskLabels {
  /** 0 and 1. */
  readonly y: View;
  /** Null when no pixel can be ignored. */
  readonly valid: Uint8Array | null;
  /** Valid pixels. */
  readonly count: number;
}

/**
 * Reads scores of one channel and their labels. Throws SampleError `channels` for scores of several, and what reading
 * scores and labels throws.
 */
export function readMaskPair(
  sample: SampleViews,
  {input, ignoreIndex}: {readonly input: ScoreInput; readonly ignoreIndex: number | null},
): MaskPair {
  const scores = openScores(sample.view('pred'), {role: 'pred', input, sumTolerance: quantizedSumTolerance});
  if (scores.channels !== 1) {
    throw new SampleError(
      'channels',
      `topology compares masks of one foreground class, pred has ${scores.channels} channels`,
    );
  }
  const labels = readMaskLabels(sample, ignoreIndex);
  return {x: mask(sample, foreground(scores, labels)), ...labels};
}

/** Reads labels of one foreground class. Throws SampleError `labels` for an id that is none. */
export function readMaskLabels(sample: SampleViews, ignoreIndex: number | null): MaskLabels {
  const labels = classLabels(sample.view('target'), {channels: 1, ignoreIndex, valid: sample.valid()});
  const valid = Uint8Array.from(labels, (label) => (label === IGNORED ? 0 : 1));
  return {
    y: mask(
      sample,
      Uint8Array.from(labels, (label) => (label === 1 ? 1 : 0)),
    ),
    valid: ignoreIndex === null && sample.valid() === null ? null : valid,
    count: valid.reduce((sum, one) => sum + one, 0),
  };
}

function mask({height, width}: SampleViews, data: Float32Array | Uint8Array): View {
  return {data, height, width, channels: 1, scale: 1, offset: 0, integer: data instanceof Uint8Array};
}

/** The foreground probability of every valid pixel, 0 elsewhere. */
function foreground(scores: Scores, {y, valid}: MaskLabels): Float32Array {
  const pixel = new Float64Array(1);
  return Float32Array.from(y.data, (_, i) => {
    if (valid?.[i] === 0) return 0;
    scores.read(i, pixel);
    const [score] = pixel as unknown as [number];
    return scores.logits ? 1 / (1 + Math.exp(-score)) : score;
  });
}
