import {charbonnier as charbonnierLoss} from '../losses/pixel/charbonnier.js';
import {huber as huberLoss} from '../losses/pixel/huber.js';
import {logCosh as logCoshLoss} from '../losses/pixel/log-cosh.js';
import {mae as maeLoss} from '../losses/pixel/mae.js';
import {mse as mseLoss} from '../losses/pixel/mse.js';
import {psnr as psnrLoss} from '../losses/pixel/psnr.js';
import {rmse as rmseLoss} from '../losses/pixel/rmse.js';
import {totalVariation as totalVariationLoss} from '../losses/pixel/total-variation.js';
import {gmsd as gmsdLoss} from '../losses/structural/gmsd.js';
import {msSsim as msSsimLoss} from '../losses/structural/ms-ssim.js';
import {ssim as ssimLoss} from '../losses/structural/ssim.js';
import {imageLoss, pairLoss} from './make.js';
import type {MakeImageLoss, MakePairLoss, OptionsOf} from './types.js';

/** Mean squared error. */
export const mse: MakePairLoss<OptionsOf<typeof mseLoss>> = pairLoss(mseLoss);

/** Root of the mean squared error; its slope is 0 where prediction and target are equal. */
export const rmse: MakePairLoss<OptionsOf<typeof rmseLoss>> = pairLoss(rmseLoss);

/** Mean absolute error; its slope is 0 where prediction and target are equal. */
export const mae: MakePairLoss<OptionsOf<typeof maeLoss>> = pairLoss(maeLoss);

/** Huber loss: squared below `delta`, linear above. */
export const huber: MakePairLoss<OptionsOf<typeof huberLoss>> = pairLoss(huberLoss);

/** Charbonnier loss, a smooth mean absolute error. */
export const charbonnier: MakePairLoss<OptionsOf<typeof charbonnierLoss>> = pairLoss(charbonnierLoss);

/** Mean of the logarithm of the hyperbolic cosine of the error. */
export const logCosh: MakePairLoss<OptionsOf<typeof logCoshLoss>> = pairLoss(logCoshLoss);

/** Peak signal-to-noise ratio in dB: higher is better, infinite for equal images. */
export const psnr: MakePairLoss<OptionsOf<typeof psnrLoss>> = pairLoss(psnrLoss);

/** Structural similarity, 1 for equal images; the loss 1 − SSIM with `form: 'loss'`. NaN below 11 pixels a side. */
export const ssim: MakePairLoss<OptionsOf<typeof ssimLoss>> = pairLoss(ssimLoss);

/** Multi-scale structural similarity; the loss with `form: 'loss'`. NaN below 161 pixels a side. */
export const msSsim: MakePairLoss<OptionsOf<typeof msSsimLoss>> = pairLoss(msSsimLoss);

/** Gradient magnitude similarity deviation, 0 for equal images; the slope passes the rounding of its 8-bit luminance as if it were none. */
export const gmsd: MakePairLoss<OptionsOf<typeof gmsdLoss>> = pairLoss(gmsdLoss);

/** Total variation of one image: how rough it is. `reduction` is over its pixels, `batch` over images. */
export const totalVariation: MakeImageLoss<OptionsOf<typeof totalVariationLoss>> = imageLoss(totalVariationLoss);
