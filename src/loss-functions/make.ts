import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {type FunctionOf, sampleFunction} from './sample-function.js';
import {type SetLoss, setFunction} from './set-function.js';
import type {GanLoss, MakeImageLoss, MakePairLoss, MakeScoreLoss, PixelRoles, VectorLoss} from './types.js';

type Descriptor = FunctionOf['descriptor'];
type Fixed = Omit<FunctionOf, 'descriptor'>;

/** The maker of a loss of prediction and target. */
export function pairLoss<Options>(descriptor: Descriptor, fixed: Fixed = {}): MakePairLoss<Options> {
  const make = (options: object = {}) => {
    const loss = sampleFunction({descriptor, ...fixed}, options);
    return (pred: Tensor, target: Tensor, roles: PixelRoles = {}) => loss({pred, target, ...roles});
  };
  return make as MakePairLoss<Options>;
}

/** The same of scores, which say what they are. */
export function scoreLoss<Options>(descriptor: Descriptor, fixed: Fixed = {}): MakeScoreLoss<Options> {
  return pairLoss(descriptor, fixed) as MakeScoreLoss<Options>;
}

/** The maker of a loss of the prediction alone. */
export function imageLoss<Options>(descriptor: Descriptor): MakeImageLoss<Options> {
  const make = (options: object = {}) => {
    const loss = sampleFunction({descriptor}, options);
    return (pred: Tensor, roles: PixelRoles = {}) => loss({pred, ...roles});
  };
  return make as MakeImageLoss<Options>;
}

/** The maker of a loss of vectors, from its feeds to a scalar. */
export function vectorLoss<Options extends object, Feeds extends string>(
  descriptor: SetLoss,
  feeds: readonly Feeds[],
): VectorLoss<Options, Feeds> {
  return (options) => {
    const loss = setFunction(descriptor, feeds, options ?? {});
    return (tensors) => loss(tensors)[''] as Scalar;
  };
}

/** The maker of the two objectives of a GAN, from the raw scores of real and generated items. */
export function ganLoss<Options extends object, Judge extends string>(descriptor: SetLoss): GanLoss<Options, Judge> {
  return (options) => {
    const loss = setFunction(descriptor, ['real', 'fake'], options ?? {});
    return (scores) => loss(scores) as Record<Judge | 'generator', Scalar>;
  };
}
