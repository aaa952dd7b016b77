import {SampleError} from '../../errors.js';
import type {View} from '../../kernels/view.js';
import type {ClassName} from '../contract.js';
import {labelsByValue, newLabels} from '../pixel/by-value.js';
import {classLabels, IGNORED, type Labels} from '../pixel/class-labels.js';
import {openScores, place, quantizedSumTolerance} from '../pixel/scores.js';
import type {SampleViews} from '../sample-contract.js';
import type {MaskReading} from './mask-options.js';

/** What masks are read from. */
export type MaskViews = Pick<SampleViews, 'height' | 'width' | 'has' | 'view' | 'valid'>;

/** Two label maps of a sample, as class indices. */
export interface HardMasks {
  readonly height: number;
  readonly width: number;
  /** Class index of every pixel (binary: 1 is foreground). */
  readonly pred: Labels;
  /** The same of the target, IGNORED where a pixel is left out. */
  readonly target: Labels;
  /** Null for a binary run. */
  readonly classes: readonly ClassName[] | null;
}

/** A prediction as probabilities, and the target's classes. */
export interface SoftMasks {
  readonly height: number;
  readonly width: number;
  /** 1 for a binary run (the foreground's probability), else one a class. */
  readonly channels: number;
  /** Writes the probabilities of one pixel (softmax or sigmoid of logits). Throws SampleError `scores` as `openScores`. */
  read(pixel: number, out: Float64Array): void;
  /** Class index of every pixel (binary: 0 or 1), IGNORED where it is left out. */
  readonly target: Labels;
  readonly classes: readonly ClassName[] | null;
}

/**
 * Prediction and target as label maps. Binary: foreground is p > threshold; an integer prediction is
 * value / maximum, one of only 0 and 1 is taken as it is. Multi-class: ids of a label map, or the arg max of
 * scores (the first of equal ones), which need not say what they are.
 * The arrays are shared, not to be written to.
 * Throws SampleError `labels` for an id that is no class, `scores` where scores make no sense.
 */
export function hardMasks(sample: MaskViews, options: MaskReading, classes: readonly ClassName[] | null): HardMasks {
  const [pred, target] = [sample.view('pred'), sample.view('target')];
  const ignore = sample.has('ignore') ? sample.view('ignore') : null;
  const {input, ignore_index, threshold} = options;
  const of = known.get(pred) ?? [];
  const same = of.find(
    (one) =>
      one.target === target &&
      one.ignore === ignore &&
      one.masks.classes === classes &&
      one.options.input === input &&
      one.options.ignore_index === ignore_index &&
      one.options.threshold === threshold,
  );
  if (same) return same.masks;
  const masks = readHardMasks(sample, options, classes);
  known.set(pred, [...of, {target, ignore, options, masks}]);
  return masks;
}

/** Masks already read of a prediction's view: every loss of a run shares them while the sample lives. */
const known = new WeakMap<
  View,
  {readonly target: View; readonly ignore: View | null; readonly options: MaskReading; readonly masks: HardMasks}[]
>();

function readHardMasks(sample: MaskViews, options: MaskReading, classes: readonly ClassName[] | null): HardMasks {
  const {height, width} = sample;
  const view = sample.view('pred');
  const target = targetClasses(sample, options, classes);
  if (classes && view.channels === 1)
    return {height, width, classes, target, pred: idClasses('pred', view, classes, target)};
  const {input} = options;
  const raw = input === 'auto' || (input === 'logits' && !view.integer);
  const {read, channels} = classes && raw ? rawScores(view, classes) : probabilities(view, options, classes);
  const pixel = new Float64Array(channels);
  if (channels === 1) {
    const pred = labelsByValue(view.data, target, 2, (i) => {
      read(i, pixel);
      return Number((pixel[0] as number) > options.threshold);
    });
    return {height, width, classes, target, pred};
  }
  const pred = newLabels(target.length, channels);
  for (let i = 0; i < pred.length; i++) {
    if (target[i] === IGNORED) continue;
    read(i, pixel);
    pred[i] = argMax(pixel);
  }
  return {height, width, classes, target, pred};
}

/**
 * Prediction as probabilities, target as classes. A multi-class prediction that is a label map is certain of its
 * ids. Throws as `hardMasks`.
 */
export function softMasks(sample: SampleViews, options: MaskReading, classes: readonly ClassName[] | null): SoftMasks {
  const {height, width} = sample;
  const view = sample.view('pred');
  const target = targetClasses(sample, options, classes);
  if (classes && view.channels === 1) {
    const pred = idClasses('pred', view, classes, target);
    const read = (pixel: number, out: Float64Array) => {
      out.fill(0);
      out[pred[pixel] as number] = 1;
    };
    return {height, width, classes, target, channels: classes.length, read};
  }
  return {height, width, classes, target, ...probabilities(view, options, classes)};
}

/** The target as classes, which is what `hardMasks` reads first. Throws as that does. */
export function targetClasses(
  sample: MaskViews,
  {ignore_index}: MaskReading,
  classes: readonly ClassName[] | null,
): Labels {
  const valid = sample.valid();
  const view = sample.view('target');
  if (!classes) return classLabels(view, {channels: 1, ignoreIndex: ignore_index, valid});
  const left = new Int8Array(view.data.length);
  const ignored = ignore_index ?? 255;
  for (let i = 0; i < left.length; i++) if (view.data[i] === ignored || (valid && !valid[i])) left[i] = IGNORED;
  return idClasses('target', view, classes, left);
}

/** Ids as class indices, IGNORED where `left` has it. */
function idClasses(role: string, view: View, classes: readonly ClassName[], left: Labels): Labels {
  const {data} = view;
  const indices = new Map(classes.map(({id}, index) => [id, index]));
  return labelsByValue(data, left, classes.length, (i) => {
    const index = indices.get(data[i] as number);
    if (index !== undefined) return index;
    throw new SampleError(
      'labels',
      `${role} has id ${data[i]} at ${place(i, view)}, which is none of the ${classes.length} classes; add it to classes${role === 'target' ? ' or set ignore_index' : ''}`,
    );
  });
}

type Readable = Pick<SoftMasks, 'channels' | 'read'>;

/** Scores of several classes as they are: what they are does not change which is largest. */
function rawScores(view: View, classes: readonly ClassName[]): Readable {
  checkChannels(view, classes);
  const {data, channels} = view;
  return {
    channels,
    read(pixel, out) {
      for (let c = 0; c < channels; c++) out[c] = data[pixel * channels + c] as number;
      refuseNaN(out, pixel, view);
    },
  };
}

function probabilities(view: View, {input}: MaskReading, classes: readonly ClassName[] | null): Readable {
  checkChannels(view, classes);
  const scores = openScores(view, {role: 'pred', input, sumTolerance: quantizedSumTolerance});
  if (!scores.logits) return scores;
  return {
    channels: scores.channels,
    read(pixel, out) {
      scores.read(pixel, out);
      refuseNaN(out, pixel, view);
      if (out.length === 1) out[0] = 1 / (1 + Math.exp(-(out[0] as number)));
      else softmax(out);
    },
  };
}

function checkChannels({channels}: View, classes: readonly ClassName[] | null): void {
  if (channels === (classes?.length ?? 1)) return;
  throw new SampleError(
    'scores',
    classes
      ? `pred has ${channels} channels, the run has ${classes.length} classes`
      : `pred has ${channels} channels; a binary run needs one: set classes, or palette for a mask in colours`,
  );
}

function refuseNaN(scores: Float64Array, pixel: number, view: View): void {
  if (scores.some(Number.isNaN)) throw new SampleError('scores', `pred has NaN at ${place(pixel, view)}`);
}

function softmax(scores: Float64Array): void {
  const peak = Math.max(...scores);
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp((scores[c] as number) - peak);
    sum += scores[c] as number;
  }
  for (let c = 0; c < scores.length; c++) scores[c] = (scores[c] as number) / sum;
}

function argMax(values: Float64Array): number {
  let best = 0;
  for (let c = 1; c < values.length; c++) if ((values[c] as number) > (values[best] as number)) best = c;
  return best;
}
