import {losses} from '../../../src/losses/registry.js';
import type {Tolerance} from '../close.js';
import {charbonnier} from '../reference/charbonnier.js';
import {huber} from '../reference/huber.js';
import {logCosh} from '../reference/log-cosh.js';
import {mae} from '../reference/mae.js';
import {mse} from '../reference/mse.js';
import {psnr} from '../reference/psnr.js';
import {rmse} from '../reference/rmse.js';
import type {Options, ReferenceForm} from '../reference/sample.js';
import {totalVariation} from '../reference/total-variation.js';
import type {InputKind} from './inputs.js';

/** One way to configure a loss, and what must hold for it on values of the unit range. */
export interface Variant {
  readonly inputs: InputKind;
  readonly options?: Options;
  /** The value where the prediction says what the target says (of a flat image, for a loss of the prediction alone); null where it depends on the sample. */
  readonly identity: number | null;
  readonly bounds: readonly [low: number, high: number];
  /** The tensors of its program that have a gradient, where they are not the declaration's. */
  readonly differentiable?: readonly string[];
}

type WeightRule = 'mean' | 'sum' | 'scaled' | 'none';

/** What the conformance tests know of a loss. A new loss adds one. */
export interface Declaration {
  readonly variants: readonly Variant[];
  /** Whether pred and target may change places. */
  readonly symmetric: boolean;
  /**
   * How the roles weight and ignore act. `mean`: `linear(value)` is the mean over pixels, by weight.
   * `sum`: the value is the sum over pixels, by weight. `scaled`: only the ratios of the weights matter. `none`: the
   * loss knows no role weight.
   */
  readonly weights: WeightRule | ((options: Options) => WeightRule);
  readonly linear?: (value: number) => number;
  /** The tensors of its program that have a gradient; none for a loss that is no tensor program. */
  readonly differentiable: readonly string[];
  /** The smallest side that has a value; 1 unless given. */
  readonly smallest?: number;
  /** Random cases a property of the tensor form, where 1,000 of the smallest size would take minutes. */
  readonly tensorCases?: number;
  /** The share of pixels ignored in the gradient tests; 0.1 unless so few pixels are left that there is no value. */
  readonly ignored?: number;
  /** How much shorter the steps of the gradient tests are than usual, for a loss that bends more; 1 unless given. */
  readonly gradientStep?: number;
  /** Tolerance of the tensor form, where float32 cannot keep 1e-5 relative and 1e-7 absolute. */
  readonly tensorTolerance?: Tolerance;
  /** A float64 form written from the definition. */
  readonly reference?: ReferenceForm;
}

const {LN10, LN2, SQRT2} = Math;
const LN_COSH_1 = Math.log(Math.cosh(1));
/** −ln 1e-7, where the logarithm of a probability is capped. */
const CAP = 7 * LN10;

const difference = {symmetric: true, weights: 'mean', differentiable: ['difference']} as const;

const probabilities = {
  options: {input: 'probabilities'},
  identity: 0,
  bounds: [0, CAP],
  differentiable: ['probabilities'],
} as const;
const logits = {options: {input: 'logits'}, identity: 0, bounds: [0, Infinity], differentiable: ['logits']} as const;

/** Scores against labels, in every form they may have. */
const scoreVariants: readonly Variant[] = [
  {inputs: 'binary-probabilities', ...probabilities},
  {inputs: 'binary-logits', ...logits},
  {inputs: 'class-probabilities', ...probabilities},
  {inputs: 'class-logits', ...logits},
];

/** The windowed tensor forms are held to what a GPU is: a single flat window's variance cancels in float32 to about 1e-7 / c2. The CPU runs the fused ones. */
const windowed = {
  symmetric: true,
  weights: 'scaled',
  differentiable: ['pred', 'target'],
  tensorTolerance: {relative: 2e-4, floor: 5e-6},
} as const;

/** A loss of the shape of masks: pixels have no weight, and the hard forms are no tensor program. */
const shape = {symmetric: true, weights: 'scaled', differentiable: []} as const;

/** Masks, of one class and of several. */
function masks(identity: number | null, bounds: readonly [number, number], options: Options = {}): readonly Variant[] {
  return (['binary-masks', 'class-masks'] as const).map((inputs) => ({inputs, identity, bounds, options}));
}

/** Probabilities against masks, of one class and of several. */
function softMasks(
  identity: number | null,
  bounds: readonly [number, number],
  options: Options = {},
): readonly Variant[] {
  return (['binary-mask-probabilities', 'class-mask-probabilities'] as const).map((inputs) => ({
    inputs,
    identity,
    bounds,
    options: {...options, input: 'probabilities'},
    differentiable: ['probabilities'],
  }));
}

/** A loss of counted pixels, each with its weight. */
const counts = {symmetric: false, weights: 'scaled', differentiable: [], smallest: 2} as const;

/** Sums of probabilities, of one class and of several; smoothing would see more than the ratios of the weights. */
function overlap(identity: number, options: Options = {}): readonly Variant[] {
  return softMasks(identity, [0, 1], {...options, mode: 'soft', smooth: 0});
}

/** Probabilities of a loss that is no tensor program. */
function ranked(identity: number, options: Options = {}): readonly Variant[] {
  return softMasks(identity, [0, 1], options).map((variant) => ({...variant, differentiable: []}));
}

/** A loss of features: activations are thousands, of which float32 keeps 1e-6. No pixel of so small an image may be ignored. */
const features = {
  weights: 'none',
  differentiable: ['image'],
  smallest: 9,
  ignored: 0,
  tensorCases: 200,
  tensorTolerance: {relative: 1e-4, floor: 1e-2},
} as const;

const vgg = (layers: Options, network: 'vgg16' | 'vgg19' = 'vgg16'): Options => {
  return {network, weights: {hashed: 0}, layers};
};

/** Options of content-style that small images have layers for. */
const fewLayers = (options: Options): Options => {
  return {content_layers: {fire3: 1}, style_layers: {relu_conv1: 0.5, fire2: 0.5}, ...options};
};

/** By loss id. Ids of the pixel and structural families that are not registered fail the tests of the fixtures' cases. */
export const declarations: Readonly<Record<string, Declaration>> = {
  mse: {...difference, variants: [{inputs: 'images', identity: 0, bounds: [0, 1]}], reference: mse},
  rmse: {
    ...difference,
    variants: [{inputs: 'images', identity: 0, bounds: [0, 1]}],
    linear: (value) => value ** 2,
    reference: rmse,
  },
  mae: {...difference, variants: [{inputs: 'images', identity: 0, bounds: [0, 1]}], reference: mae},
  huber: {
    ...difference,
    variants: [
      {inputs: 'images', identity: 0, bounds: [0, 0.5]},
      {inputs: 'images', options: {delta: 0.1}, identity: 0, bounds: [0, 0.095]},
    ],
    reference: huber,
  },
  charbonnier: {
    ...difference,
    variants: [
      {inputs: 'images', identity: 1e-3, bounds: [1e-3, 1.000001]},
      {inputs: 'images', options: {epsilon: 0.5}, identity: 0.5, bounds: [0.5, Math.hypot(1, 0.5)]},
    ],
    reference: charbonnier,
  },
  'log-cosh': {
    ...difference,
    variants: [{inputs: 'images', identity: 0, bounds: [0, LN_COSH_1]}],
    reference: logCosh,
  },
  psnr: {
    ...difference,
    variants: [{inputs: 'images', identity: Infinity, bounds: [0, Infinity]}],
    linear: (value) => 10 ** (-value / 10),
    // A relative error of 1e-7 in the mean is one of 4e-7 dB, also near 0 dB.
    tensorTolerance: {relative: 1e-5, floor: 2e-6},
    reference: psnr,
  },
  'total-variation': {
    variants: [
      {inputs: 'image', identity: 0, bounds: [0, Infinity]},
      {inputs: 'image', options: {mode: 'isotropic'}, identity: 0, bounds: [0, Infinity]},
      {inputs: 'image', options: {mode: 'squared'}, identity: 0, bounds: [0, Infinity]},
      {inputs: 'image', options: {reduction: 'mean'}, identity: 0, bounds: [0, 2]},
      {inputs: 'image', options: {mode: 'isotropic', reduction: 'mean'}, identity: 0, bounds: [0, SQRT2]},
      {inputs: 'image', options: {mode: 'squared', reduction: 'mean'}, identity: 0, bounds: [0, 2]},
    ],
    symmetric: false,
    weights: ({reduction}) => (reduction === 'mean' ? 'mean' : 'sum'),
    differentiable: ['dx', 'dy'],
    reference: totalVariation,
  },
  'cross-entropy': {
    variants: scoreVariants,
    symmetric: false,
    weights: 'mean',
    differentiable: [],
  },
  'weighted-cross-entropy': {
    variants: scoreVariants,
    symmetric: false,
    weights: 'mean',
    differentiable: [],
  },
  focal: {
    variants: scoreVariants,
    symmetric: false,
    weights: 'mean',
    differentiable: [],
  },
  'kl-divergence': {
    variants: [{inputs: 'distributions', options: {input: 'probabilities'}, identity: 0, bounds: [0, CAP + LN2]}],
    symmetric: false,
    weights: 'mean',
    differentiable: ['probabilities'],
  },
  hinge: {
    variants: [{inputs: 'signs', identity: 0, bounds: [0, Infinity]}],
    symmetric: false,
    weights: 'mean',
    differentiable: ['scores'],
  },
  ssim: {
    variants: [{inputs: 'images', identity: 1, bounds: [-1, 1]}],
    ...windowed,
    smallest: 11,
  },
  'ms-ssim': {
    variants: [{inputs: 'images', identity: 1, bounds: [0, 1]}],
    ...windowed,
    smallest: 161,
    tensorCases: 50,
  },
  gmsd: {
    variants: [{inputs: 'images', identity: 0, bounds: [0, 1]}],
    ...windowed,
    smallest: 4,
    ignored: 0.02,
  },
  perceptual: {
    variants: [
      {inputs: 'images', identity: 0, bounds: [0, Infinity]},
      {
        inputs: 'images',
        options: {...vgg({relu1_1: 1, relu2_1: 0.5}), pooling: 'average'},
        identity: 0,
        bounds: [0, Infinity],
      },
    ],
    symmetric: true,
    ...features,
  },
  'content-style': {
    variants: [
      {inputs: 'styled-images', identity: 0, bounds: [0, Infinity], options: fewLayers({})},
      {
        inputs: 'styled-images',
        identity: 0,
        bounds: [0, Infinity],
        options: fewLayers({statistic: 'gram', normalization: 'johnson', alpha: 0.5, beta: 2}),
      },
      {inputs: 'styled-images', identity: null, bounds: [0, Infinity], options: fewLayers({gamma: 1e4})},
    ],
    symmetric: false,
    ...features,
  },
  texture: {
    variants: [
      {inputs: 'images', identity: 0, bounds: [0, Infinity], options: {layers: {relu_conv1: 1, fire2: 0.5}}},
      {
        inputs: 'images',
        identity: 0,
        bounds: [0, Infinity],
        options: {...vgg({relu2_1: 1}, 'vgg19'), normalization: 'none'},
      },
      {
        inputs: 'styled-images',
        identity: 0,
        bounds: [0, Infinity],
        options: {layers: {relu_conv1: 1}, normalization: 'volume'},
      },
    ],
    symmetric: false,
    ...features,
  },
  topology: {
    variants: [
      ...scoreVariants.slice(0, 2).map((variant) => ({...variant, bounds: [0, Infinity] as const})),
      {
        inputs: 'binary-logits',
        options: {...vgg({relu1_2: 1, relu2_2: 0.5}), input: 'logits', bce: 'sum', network_input: 'unit', mu: 2},
        identity: 0,
        bounds: [0, Infinity],
        differentiable: ['logits'],
      },
    ],
    symmetric: false,
    ...features,
  },
  lpips: {
    variants: (['alex', 'squeeze'] as const).map((net) => ({
      inputs: 'images',
      options: {net, weights: {hashed: 0}},
      identity: 0,
      bounds: [0, Infinity],
    })),
    symmetric: true,
    ...features,
    smallest: 31,
    tensorCases: 100,
    tensorTolerance: {relative: 1e-4, floor: 1e-7},
  },
  dists: {
    variants: [{inputs: 'images', options: {weights: {hashed: 0}}, identity: 0, bounds: [0, 2]}],
    symmetric: true,
    ...features,
    tensorCases: 50,
    tensorTolerance: {relative: 1e-4, floor: 1e-6},
    // Channels that are nearly silent everywhere turn within a step.
    gradientStep: 0.2,
  },
  dice: {variants: [...masks(1, [0, 1]), ...masks(0, [0, 1], {form: 'loss'}), ...overlap(1)], ...counts},
  iou: {variants: [...masks(1, [0, 1]), ...overlap(1)], ...counts},
  tversky: {variants: [...masks(1, [0, 1]), ...overlap(0, {form: 'loss', background: false})], ...counts},
  'focal-tversky': {variants: [...masks(0, [0, 1]), ...overlap(0)], ...counts},
  'generalised-dice': {
    variants: [
      ...masks(1, [0, 1]),
      ...masks(1, [0, 1], {background: false}),
      ...overlap(1),
      ...overlap(0, {form: 'loss'}),
    ],
    ...counts,
  },
  precision: {variants: masks(1, [0, 1]), ...counts},
  recall: {variants: masks(1, [0, 1]), ...counts},
  specificity: {variants: masks(1, [0, 1]), ...counts},
  accuracy: {variants: masks(1, [0, 1]), ...counts, symmetric: true, weights: 'mean'},
  'f-beta': {variants: [...masks(1, [0, 1]), ...masks(0, [0, 1], {form: 'loss', beta: 2})], ...counts},
  mcc: {variants: masks(1, [-1, 1]), ...counts, symmetric: true},
  kappa: {variants: masks(1, [-1, 1]), ...counts, symmetric: true},
  confusion: {variants: masks(null, [0, Infinity]), ...counts},
  lovasz: {
    variants: [
      ...softMasks(0, [0, 1]),
      {inputs: 'binary-logits', options: {input: 'logits', mode: 'hinge'}, identity: 0, bounds: [0, Infinity]},
    ],
    symmetric: false,
    weights: 'scaled',
    differentiable: ['logits'],
    smallest: 2,
  },
  boundary: {
    variants: softMasks(null, [-15, 15]),
    symmetric: false,
    weights: 'mean',
    differentiable: ['probabilities'],
    smallest: 2,
    // Distances of both signs cancel.
    tensorTolerance: {relative: 1e-5, floor: 1e-5},
  },
  hausdorff: {
    variants: [...masks(0, [0, Infinity]), ...masks(0, [0, Infinity], {percentile: 95, spacing: [0.5, 2]})],
    ...shape,
  },
  assd: {variants: masks(0, [0, Infinity]), ...shape},
  'surface-dice': {
    variants: [...masks(1, [0, 1]), ...masks(0, [0, 1], {form: 'loss', tolerance: 2, background: false})],
    ...shape,
  },
  'boundary-iou': {variants: [...masks(1, [0, 1]), ...masks(1, [0, 1], {dilation: 2})], ...shape},
  'boundary-f': {variants: [...masks(1, [0, 1]), ...masks(1, [0, 1], {tolerance: 2})], ...shape, smallest: 2},
  'cl-dice': {
    variants: [...masks(1, [0, 1]), ...softMasks(1, [0, 1], {mode: 'soft'})],
    ...shape,
    symmetric: false,
  },
  auroc: {variants: ranked(1, {bins: 4}), ...counts},
  'average-precision': {variants: ranked(1), ...counts},
  ece: {variants: ranked(0), ...counts},
  brier: {variants: softMasks(0, [0, 2]), ...counts, weights: 'mean'},
  'best-threshold': {variants: ranked(1, {bins: 3}).slice(0, 1), ...counts},
  betti: {variants: [...masks(0, [0, Infinity]), ...masks(0, [0, Infinity], {connectivity: '4/8'})], ...shape},
};

/** A loss's declaration; a registered loss without one fails. */
function declarationOf(id: string): Declaration {
  const declaration = Object.hasOwn(declarations, id) ? declarations[id] : undefined;
  if (!declaration) throw new Error(`loss '${id}' has no entry in test/losses/conformance/declarations.ts`);
  return declaration;
}

/** Every loss of a prediction, with its declaration; a loss of other roles has tests of its own. */
export const declaredLosses = losses.filter(({inputs}) => 'pred' in inputs).map(({id}) => ({id, ...declarationOf(id)}));
