import type {LossInput} from './schema.js';

/** The losses of a paper under one name. */
export interface Preset {
  /** One line for lists. */
  readonly summary: string;
  readonly task?: 'mask';
  readonly losses: readonly LossInput[];
}

/**
 * Johnson, Alahi & Fei-Fei 2016, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution" (ECCV 2016,
 * arXiv 1603.08155), section 3.2 and supplement: VGG-16, features at relu2_2, styles at relu1_2, relu2_2, relu3_3 and
 * relu4_3. Weights as in the authors' code (github.com/jcjohnson/fast-neural-style, train.lua): features 1, style 5,
 * total variation 1e-6. That code averages a Gram matrix's squared differences over its C² entries, where the paper and
 * `normalization: johnson` add them up: a layer weighs 1/C². Its total variation is ½ Σ(dx² + dy²) of pixels in 0..255:
 * ½ · 255² · 1e-6 on 0..1.
 */
const johnson2016 = {
  summary: 'style transfer of Johnson 2016: perceptual, texture, total variation (vgg16)',
  losses: [
    {type: 'perceptual', network: 'vgg16', layers: {relu2_2: 1}, weight: 1},
    {
      type: 'texture',
      network: 'vgg16',
      normalization: 'johnson',
      layers: {relu1_2: 1 / 64 ** 2, relu2_2: 1 / 128 ** 2, relu3_3: 1 / 256 ** 2, relu4_3: 1 / 512 ** 2},
      weight: 5,
    },
    {type: 'total-variation', mode: 'squared', reduction: 'sum', weight: 0.0325125},
  ],
} as const satisfies Preset;

/**
 * Gatys, Ecker & Bethge 2016, "Image Style Transfer Using Convolutional Neural Networks" (CVPR 2016), section 2 and
 * figure 3: VGG-19 with average pooling, content at conv4_2, style at conv1_1 … conv5_1 with w_l = 1/5, α/β = 1e-3.
 * The paper's content is ½ Σ(F − P)² (equation 1), that of `content-style` a mean over the C·H·W values, so α = 1e-3
 * becomes 1e-3 · ½ · C·H·W: the paper's loss for images of 512×512 pixels, where conv4_2 is 512·64·64.
 */
const gatys2016 = {
  summary: 'style transfer of Gatys 2016: content-style with Gram matrices (vgg19, average pooling)',
  losses: [
    {
      type: 'content-style',
      network: 'vgg19',
      pooling: 'average',
      statistic: 'gram',
      content_layers: {relu4_2: 1},
      style_layers: {relu1_1: 0.2, relu2_1: 0.2, relu3_1: 0.2, relu4_1: 0.2, relu5_1: 0.2},
      alpha: 1048.576,
      beta: 1,
      weight: 1,
    },
  ],
} as const satisfies Preset;

/**
 * Mosinska, Márquez-Neila, Koziński & Fua, "Beyond the Pixel-Wise Loss for Topology-Aware Delineation" (CVPR 2018,
 * arXiv 1712.02190, December 2017), sections 3.1 and 4: cross-entropy and μ = 0.1 times the differences at relu1_2,
 * relu2_2 and relu3_4 of VGG-19.
 */
const mosinska2017 = {
  summary: 'delineation of Mosinska 2017: topology on masks (vgg19)',
  task: 'mask',
  losses: [{type: 'topology', network: 'vgg19', layers: {relu1_2: 1, relu2_2: 1, relu3_4: 1}, mu: 0.1, weight: 1}],
} as const satisfies Preset;

/** The presets by name. */
export const PRESETS = {johnson2016, gatys2016, mosinska2017};

export const PRESET_NAMES = Object.keys(PRESETS) as readonly (keyof typeof PRESETS)[];
