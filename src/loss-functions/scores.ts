import {boundary as boundaryLoss} from '../losses/mask/boundary.js';
import {brier as brierLoss} from '../losses/mask/brier.js';
import {clDice as clDiceLoss} from '../losses/mask/cl-dice.js';
import {dice as diceLoss} from '../losses/mask/dice.js';
import {focalTversky as focalTverskyLoss} from '../losses/mask/focal-tversky.js';
import {generalisedDice as generalisedDiceLoss} from '../losses/mask/generalised-dice.js';
import {iou as iouLoss} from '../losses/mask/iou.js';
import {lovasz as lovaszLoss} from '../losses/mask/lovasz.js';
import {tversky as tverskyLoss} from '../losses/mask/tversky.js';
import {crossEntropy as crossEntropyLoss} from '../losses/pixel/cross-entropy.js';
import {focal as focalLoss} from '../losses/pixel/focal.js';
import {hinge as hingeLoss} from '../losses/pixel/hinge.js';
import {klDivergence as klDivergenceLoss} from '../losses/pixel/kl-divergence.js';
import {weightedCrossEntropy as weightedCrossEntropyLoss} from '../losses/pixel/weighted-cross-entropy.js';
import {pairLoss, scoreLoss} from './make.js';
import type {MakePairLoss, MakeScoreLoss, OptionsOf} from './types.js';

const SOFT = {fixed: {mode: 'soft'}, unused: ['threshold']};
const UNCUT = {unused: ['threshold']};

/** Cross-entropy of scores `[n, h, w, k]` against a label map of class indices (k = 1: 0 and 1). */
export const crossEntropy: MakeScoreLoss<OptionsOf<typeof crossEntropyLoss>> = scoreLoss(crossEntropyLoss);

/** Cross-entropy weighted by class, by nearness to borders and by the map `weight`. */
export const weightedCrossEntropy: MakeScoreLoss<OptionsOf<typeof weightedCrossEntropyLoss, 'over'>> = scoreLoss(
  weightedCrossEntropyLoss,
  {fixed: {over: 'sample'}},
);

/** Focal loss of scores against a label map. */
export const focal: MakeScoreLoss<OptionsOf<typeof focalLoss>> = scoreLoss(focalLoss);

/** Kullback–Leibler divergence of the predicted from the target class distributions, both `[n, h, w, k]`; differentiable in the target too. */
export const klDivergence: MakeScoreLoss<OptionsOf<typeof klDivergenceLoss>> = scoreLoss(klDivergenceLoss);

/** Hinge loss of raw scores of one channel against −1 and 1 (or 0 and 1). */
export const hinge: MakePairLoss<OptionsOf<typeof hingeLoss>> = pairLoss(hingeLoss);

/** Dice of probabilities, 1 for a certain and right prediction; the loss with `form: 'loss'`. */
export const dice: MakeScoreLoss<OptionsOf<typeof diceLoss, 'mode' | 'threshold'>> = scoreLoss(diceLoss, SOFT);

/** Intersection over union of probabilities; the loss with `form: 'loss'`. */
export const iou: MakeScoreLoss<OptionsOf<typeof iouLoss, 'mode' | 'threshold'>> = scoreLoss(iouLoss, SOFT);

/** Tversky index of probabilities; the loss with `form: 'loss'`. */
export const tversky: MakeScoreLoss<OptionsOf<typeof tverskyLoss, 'mode' | 'threshold'>> = scoreLoss(tverskyLoss, SOFT);

/** Focal Tversky loss of probabilities. */
export const focalTversky: MakeScoreLoss<OptionsOf<typeof focalTverskyLoss, 'mode' | 'threshold'>> = scoreLoss(
  focalTverskyLoss,
  SOFT,
);

/** Generalised Dice of probabilities; the loss with `form: 'loss'`. */
export const generalisedDice: MakeScoreLoss<OptionsOf<typeof generalisedDiceLoss, 'mode' | 'threshold'>> = scoreLoss(
  generalisedDiceLoss,
  SOFT,
);

/** Lovász extension of the Jaccard loss. Reads the prediction back to sort its errors. */
export const lovasz: MakeScoreLoss<OptionsOf<typeof lovaszLoss, 'threshold'>> = scoreLoss(lovaszLoss, UNCUT);

/** Boundary loss: probabilities weighted by the signed distance to the target. Reads the prediction back. */
export const boundary: MakeScoreLoss<OptionsOf<typeof boundaryLoss, 'threshold'>> = scoreLoss(boundaryLoss, UNCUT);

/** Brier score: mean squared error of the probabilities. */
export const brier: MakeScoreLoss<OptionsOf<typeof brierLoss>> = scoreLoss(brierLoss);

/** Soft clDice of thin structures, from soft skeletons; the loss with `form: 'loss'`. Reads the prediction back. */
export const clDice: MakeScoreLoss<OptionsOf<typeof clDiceLoss, 'mode' | 'threshold'>> = scoreLoss(clDiceLoss, SOFT);
