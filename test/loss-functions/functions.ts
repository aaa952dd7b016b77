import type {PairLoss} from '../../src/loss-functions/index.js';
import * as functions from '../../src/loss-functions/index.js';
import type {InputKind} from '../losses/conformance/inputs.js';
import type {LossConfig} from '../losses/score.js';

/** A loss function with options, the random samples that it takes, and the config of the same loss. */
export interface FunctionCase {
  readonly name: string;
  readonly config: LossConfig;
  readonly inputs: InputKind;
  /** Channels of images; 2 unless given. */
  readonly channels?: number;
  /** The smallest side that has a value; 4 unless given. */
  readonly smallest?: number;
  /** Whether one call takes seconds: then one sample without roles is tried. */
  readonly slow?: boolean;
  /** Whether the target has a gradient as well. */
  readonly ofTarget?: boolean;
  /** Makes it of the options that differ from the config's: `mode: soft` is the functions' only one. */
  make(batch: 'mean' | 'sum' | 'none'): PairLoss;
}

type Options = Readonly<Record<string, unknown>>;

const makers = functions as unknown as Record<string, (options: Options) => PairLoss>;

function functionCase(
  name: string,
  {type, ...options}: LossConfig,
  inputs: InputKind,
  more: Partial<FunctionCase> = {},
  fixed: Options = {},
): FunctionCase {
  const make = (batch: string) => (makers[name] as (given: Options) => PairLoss)({...options, batch});
  return {name, config: {type, ...options, ...fixed}, inputs, make, ...more};
}

const image = (name: string, type: string, options: Options = {}, more: Partial<FunctionCase> = {}) =>
  functionCase(name, {type, ...options}, 'images', {ofTarget: true, ...more});

function scored(name: string, type: string, options: Options = {}, fixed: Options = {}): FunctionCase[] {
  const mask = ['dice', 'iou', 'tversky', 'focalTversky', 'generalisedDice', 'lovasz', 'boundary', 'brier', 'clDice'];
  const kinds = mask.includes(name)
    ? (['binary-mask-probabilities', 'class-mask-probabilities'] as const)
    : (['binary-probabilities', 'class-probabilities'] as const);
  return [
    ...kinds.map((inputs) => functionCase(name, {type, ...options, input: 'probabilities'}, inputs, {}, fixed)),
    ...(['binary-logits', 'class-logits'] as const).map((inputs) =>
      functionCase(name, {type, ...options, input: 'logits'}, inputs, {}, fixed),
    ),
  ];
}

const SOFT = {mode: 'soft'};

/** Every loss function of images and scores, with options that take each way through it. */
export const CASES: readonly FunctionCase[] = [
  image('mse', 'mse'),
  image('mse', 'mse', {color: 'luma', crop_border: 1}, {channels: 3}),
  image('mse', 'mse', {color: 'ycbcr-y', range: [-1, 1]}, {channels: 3}),
  image('rmse', 'rmse', {color: 'luma'}, {channels: 1}),
  image('mae', 'mae'),
  image('huber', 'huber', {delta: 0.1}),
  image('charbonnier', 'charbonnier'),
  image('logCosh', 'log-cosh'),
  image('psnr', 'psnr'),
  image('ssim', 'ssim', {form: 'loss'}, {smallest: 12}),
  image('ssim', 'ssim', {color: 'luma', k2: 0.1}, {smallest: 12, channels: 3}),
  image('msSsim', 'ms-ssim', {form: 'loss'}, {smallest: 161, channels: 1, slow: true, ofTarget: false}),
  ...['anisotropic', 'isotropic', 'squared'].map((mode) =>
    functionCase('totalVariation', {type: 'total-variation', mode, reduction: 'mean'}, 'image'),
  ),
  ...scored('crossEntropy', 'cross-entropy'),
  ...scored('weightedCrossEntropy', 'weighted-cross-entropy', {class_weights: 'balanced'}),
  ...scored('focal', 'focal'),
  functionCase('klDivergence', {type: 'kl-divergence', input: 'probabilities'}, 'distributions'),
  functionCase('hinge', {type: 'hinge'}, 'signs'),
  ...scored('dice', 'dice', {form: 'loss', background: false}, SOFT),
  ...scored('iou', 'iou', {}, SOFT),
  ...scored('tversky', 'tversky', {}, SOFT),
  ...scored('focalTversky', 'focal-tversky', {}, SOFT),
  ...scored('generalisedDice', 'generalised-dice', {form: 'loss'}, SOFT),
  ...scored('lovasz', 'lovasz'),
  functionCase('lovasz', {type: 'lovasz', input: 'logits', mode: 'hinge'}, 'binary-logits'),
  ...scored('boundary', 'boundary'),
  ...scored('brier', 'brier'),
  ...scored('clDice', 'cl-dice', {form: 'loss', iterations: 2}, SOFT),
];
