import type {LossDescriptor} from './contract.js';
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
];
