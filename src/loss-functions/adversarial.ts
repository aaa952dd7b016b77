import {ganMinimax as ganMinimaxLoss} from '../losses/adversarial/gan-minimax.js';
import {ganNonSaturating as ganNonSaturatingLoss} from '../losses/adversarial/gan-non-saturating.js';
import {hingeGan as hingeGanLoss} from '../losses/adversarial/hinge-gan.js';
import {lsgan as lsganLoss} from '../losses/adversarial/lsgan.js';
import {wgan as wganLoss} from '../losses/adversarial/wgan.js';
import {ganLoss} from './make.js';
import type {GanLoss, OptionsOf} from './types.js';

/** The minimax objectives of a GAN, of logits. Gives `discriminator` and `generator`. */
export const ganMinimax: GanLoss<OptionsOf<typeof ganMinimaxLoss>, 'discriminator'> = ganLoss(ganMinimaxLoss);

/** The non-saturating objectives of a GAN, of logits. Gives `discriminator` and `generator`. */
export const ganNonSaturating: GanLoss<OptionsOf<typeof ganNonSaturatingLoss>, 'discriminator'> = ganLoss(
  ganNonSaturatingLoss,
);

/** The least squares objectives of a GAN. Gives `discriminator` and `generator`. */
export const lsgan: GanLoss<OptionsOf<typeof lsganLoss>, 'discriminator'> = ganLoss(lsganLoss);

/** The objectives of a Wasserstein GAN. Gives `critic` and `generator`. */
export const wgan: GanLoss<OptionsOf<typeof wganLoss>, 'critic'> = ganLoss(wganLoss);

/** The hinge objectives of a GAN. Gives `discriminator` and `generator`. */
export const hingeGan: GanLoss<OptionsOf<typeof hingeGanLoss>, 'discriminator'> = ganLoss(hingeGanLoss);
