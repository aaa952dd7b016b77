import type {Tensor4D} from '@tensorflow/tfjs-core';
import {countByLabel, LABELS} from '../../kernels/label-counts.js';
import type {View} from '../../kernels/view.js';
import type {LossContext, LossInstance, TensorLibrary} from '../contract.js';
import type {Batch, SampleViews, ViewOptions} from '../sample-contract.js';
import {classCount, classLabels, IGNORED, type Labels} from './class-labels.js';
import {pixelMean} from './pixel-mean.js';
import {meanWeights, type PixelWeights} from './pixel-weights.js';
import {countedTensor} from './score-tensor.js';
import {openScores, quantizedSumTolerance, type ScoreInput, type Scores} from './scores.js';
import {pixelTruth, type Truth, type TruthFeeds, truthTensors} from './truth.js';

/** A sample's pixels by class. */
export interface LabelledSample {
  readonly sample: SampleViews;
  /** The class of every pixel, IGNORED where it is left out. */
  readonly labels: Labels;
  /** Channels of the scores; 1 is binary. */
  readonly channels: number;
  readonly classes: number;
}

/** A loss of scores against labels: what each pixel weighs, and its term. */
export interface LabelledFormula {
  readonly view: ViewOptions;
  readonly input: ScoreInput;
  readonly ignoreIndex: number | null;
  /** What each pixel weighs; by default `meanWeights` with the factors below. */
  weigh?(labelled: LabelledSample): PixelWeights;
  /** What the term of each class is multiplied by. Throws SampleError where the options do not fit the channels. */
  factors?(channels: number): readonly number[] | undefined;
  /** What its map shows. */
  readonly shows: string;
  /** The term of every pixel, `[n, h, w, 1]`, of its labelled class. */
  tensor(truth: Truth<Tensor4D>, tf: TensorLibrary): Tensor4D;
  /** The same of one pixel in float64. */
  value(truth: Truth<number>): number;
}

interface Prepared extends PixelWeights {
  readonly pred: View;
  readonly scores: Scores;
  readonly labels: Labels;
}

/** Makes the instance of a loss that reads the roles `pred` (scores) and `target` (labels). */
export function labelledPixelLoss(context: LossContext, formula: LabelledFormula): LossInstance {
  const {view, input, ignoreIndex, factors, shows, tensor, value} = formula;
  const weigh = formula.weigh ?? (({sample, labels, channels}) => meanWeights(sample, labels, factors?.(channels)));
  const {tf} = context;
  return pixelMean<Prepared>(context, {
    view,
    shows,
    // Feeds, masked scores, exponentials: six maps of k channels; a dozen of one.
    memory: (height, width, channels) => 4 * height * width * (6 * channels + 12),
    prepare(sample) {
      const pred = sample.view('pred');
      const scores = openScores(pred, {role: 'pred', input, sumTolerance: quantizedSumTolerance});
      const {channels} = scores;
      const labels = classLabels(sample.view('target'), {channels, ignoreIndex, valid: sample.valid()});
      return {pred, scores, labels, ...weigh({sample, labels, channels, classes: classCount(channels)})};
    },
    ...(formula.weigh ? {} : {counted: (sample: SampleViews) => countedTerms(sample, formula)}),
    feed: (batch, prepared) => ({...truthFeeds(tf, batch, prepared)}),
    terms: (feeds) => tensor(truthTensors(tf, feeds as unknown as TruthFeeds), tf),
    pixelTerm({scores, labels}) {
      const truth = pixelTruth(scores.logits);
      const pixel = new Float64Array(scores.channels);
      return (i) => {
        scores.read(i, pixel);
        truth.set(pixel, labels[i] as number);
        return value(truth);
      };
    },
    repeats: ({pred: {data}, scores, labels}) =>
      scores.channels === 1 ? (i) => data[i] === data[i - 1] && labels[i] === labels[i - 1] : () => false,
  });
}

/** Of 8-bit probabilities of one channel whose pixels all weigh the same: each value and label once. */
function countedTerms(sample: SampleViews, {input, ignoreIndex, factors, value}: LabelledFormula) {
  const pred = sample.view('pred');
  const {data, channels} = pred;
  if (sample.weights() || channels !== 1 || !(data instanceof Uint8Array)) return null;
  const scores = openScores(pred, {role: 'pred', input, sumTolerance: quantizedSumTolerance});
  const ofClass = factors?.(channels);
  const labels = classLabels(sample.view('target'), {channels, ignoreIndex, valid: null});
  if (!(labels instanceof Int8Array)) return null;
  const counts = countByLabel(data, labels);
  const truth = pixelTruth(scores.logits);
  const pixel = new Float64Array(channels);
  let [sum, total] = [0, 0];
  for (const [entry, count] of counts.entries()) {
    const label = (entry % LABELS) - 1;
    if (count === 0 || label === IGNORED) continue;
    scores.read(data.indexOf(Math.floor(entry / LABELS)), pixel);
    truth.set(pixel, label);
    sum += count * (ofClass ? (ofClass[label] as number) : 1) * value(truth);
    total += count;
  }
  return {sum, total, valid: total};
}

function truthFeeds(tf: TensorLibrary, batch: Batch, prepared: (sample: SampleViews) => Prepared): TruthFeeds {
  const {channels, logits} = prepared(batch.samples[0] as SampleViews).scores;
  const filled = batch.fill(
    'scores',
    channels,
    (sample, out) => fillScores(prepared(sample), out),
    () => countedTensor(tf, batch, batch.tensor('pred'), (sample) => prepared(sample).weights),
  );
  const labels = batch.fill('labels', channels, (sample, out) => fillLabels(prepared(sample), out));
  if (logits) return {logits: filled, labels};
  if (channels > 1) return {probabilities: filled, labels};
  const rounding = batch.fill(
    'rounding',
    1,
    (sample, out) => fillRounding(prepared(sample), out),
    () => tf.zerosLike(batch.tensor('pred')),
  );
  return {probabilities: filled, rounding, labels};
}

/** The scores of every pixel that weighs, 0 elsewhere. */
export function fillScores({scores, weights}: PixelWeights & {readonly scores: Scores}, out: Float32Array): void {
  const {channels} = scores;
  const pixel = new Float64Array(channels);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    scores.read(i, pixel);
    out.set(pixel, i * channels);
  }
}

function fillLabels({scores: {channels}, labels}: Prepared, out: Float32Array): void {
  for (let i = 0; i < labels.length; i++) {
    const label = Math.max(0, labels[i] as number);
    if (channels === 1) out[i] = label;
    else out[i * channels + label] = 1;
  }
}

/** 1 − p less what float32 makes of it: without this, 1 − 1e-7 would be 1 − 1.19e-7. */
function fillRounding({scores, weights}: Prepared, out: Float32Array): void {
  const pixel = new Float64Array(1);
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    scores.read(i, pixel);
    const p = pixel[0] as number;
    out[i] = 1 - p - Math.fround(1 - Math.fround(p));
  }
}
