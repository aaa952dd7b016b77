import {RunError} from '../../errors.js';
import {errorCode, storageError} from '../../storage/storage-error.js';
import type {ConfiguredLoss} from '../configured-loss.js';
import {fusedCells, nameCells} from '../loss-cells.js';
import {timed} from '../profile.js';
import {asFailure, type LossOutcome, letOthersRun, type ScoreOptions} from '../score.js';
import type {StoredImages} from './stored-sample.js';

/**
 * One loss of a sample whose images lie in files: the bits of `scoreLoss`. Throws RunError where the disk is full, and the
 * signal's reason when aborted.
 */
export async function scoreStored(
  loss: ConfiguredLoss,
  images: StoredImages,
  {profile, signal}: Pick<ScoreOptions, 'profile' | 'signal'>,
): Promise<LossOutcome> {
  const outcome = await timed(profile, loss.id, () => computed(loss, images));
  await letOthersRun(signal);
  return outcome;
}

function computed(loss: ConfiguredLoss, images: StoredImages): LossOutcome {
  const {instance, readings} = loss;
  try {
    const sample = images.under(readings, instance.view);
    if (sample.height === 0 || sample.width === 0) {
      return {cells: nameCells(loss, () => ({undefined: 'crop_border leaves no pixel'}))};
    }
    return {cells: fusedCells(loss, instance.stored?.(sample) ?? {})};
  } catch (error) {
    if (error instanceof RunError) throw error;
    // What is not the loss's own: the disk that its images lie on.
    if (errorCode(error)?.startsWith('E') && error instanceof Error && 'syscall' in error) {
      throw storageError(error, 'the decoded pixels');
    }
    return {failure: asFailure(loss, error)};
  }
}
