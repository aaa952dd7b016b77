import {cycleConsistency} from './adversarial/cycle-consistency.js';
import type {LossDescriptor} from './contract.js';
import {contentStyle} from './feature/content-style.js';
import {dists} from './feature/dists.js';
import {lpips} from './feature/lpips.js';
import {perceptual} from './feature/perceptual.js';
import {texture} from './feature/texture.js';
import {topology} from './feature/topology.js';
import {accuracy} from './mask/accuracy.js';
import {assd} from './mask/assd.js';
import {auroc} from './mask/auroc.js';
import {averagePrecision} from './mask/average-precision.js';
import {bestThreshold} from './mask/best-threshold.js';
import {betti} from './mask/betti.js';
import {boundary} from './mask/boundary.js';
import {boundaryF} from './mask/boundary-f.js';
import {boundaryIou} from './mask/boundary-iou.js';
import {brier} from './mask/brier.js';
import {clDice} from './mask/cl-dice.js';
import {confusion} from './mask/confusion.js';
import {dice} from './mask/dice.js';
import {ece} from './mask/ece.js';
import {fBeta} from './mask/f-beta.js';
import {focalTversky} from './mask/focal-tversky.js';
import {generalisedDice} from './mask/generalised-dice.js';
import {hausdorff} from './mask/hausdorff.js';
import {iou} from './mask/iou.js';
import {kappa} from './mask/kappa.js';
import {lovasz} from './mask/lovasz.js';
import {mcc} from './mask/mcc.js';
import {precision} from './mask/precision.js';
import {recall} from './mask/recall.js';
import {specificity} from './mask/specificity.js';
import {surfaceDice} from './mask/surface-dice.js';
import {tversky} from './mask/tversky.js';
import {charbonnier} from './pixel/charbonnier.js';
import {crossEntropy} from './pixel/cross-entropy.js';
import {focal} from './pixel/focal.js';
import {hinge} from './pixel/hinge.js';
import {huber} from './pixel/huber.js';
import {klDivergence} from './pixel/kl-divergence.js';
import {logCosh} from './pixel/log-cosh.js';
import {mae} from './pixel/mae.js';
import {mse} from './pixel/mse.js';
import {psnr} from './pixel/psnr.js';
import {rmse} from './pixel/rmse.js';
import {totalVariation} from './pixel/total-variation.js';
import {weightedCrossEntropy} from './pixel/weighted-cross-entropy.js';
import {gmsd} from './structural/gmsd.js';
import {msSsim} from './structural/ms-ssim.js';
import {ssim} from './structural/ssim.js';

/** Every built-in loss, in the order that lists and docs show. */
export const losses: readonly LossDescriptor[] = [
  mse,
  rmse,
  mae,
  huber,
  charbonnier,
  logCosh,
  psnr,
  crossEntropy,
  weightedCrossEntropy,
  focal,
  klDivergence,
  hinge,
  totalVariation,
  ssim,
  msSsim,
  gmsd,
  perceptual,
  contentStyle,
  texture,
  topology,
  lpips,
  dists,
  dice,
  iou,
  tversky,
  focalTversky,
  generalisedDice,
  precision,
  recall,
  specificity,
  accuracy,
  fBeta,
  mcc,
  kappa,
  confusion,
  lovasz,
  boundary,
  hausdorff,
  assd,
  surfaceDice,
  boundaryIou,
  boundaryF,
  clDice,
  betti,
  auroc,
  averagePrecision,
  ece,
  brier,
  bestThreshold,
  cycleConsistency,
];

/** Whether a loss is one of these, and not one of a caller or a plugin. */
export function isBuiltIn(descriptor: LossDescriptor): boolean {
  return losses.includes(descriptor);
}
