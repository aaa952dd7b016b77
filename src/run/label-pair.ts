import {SampleError} from '../errors.js';
import type {ClassName} from '../losses/contract.js';
import type {MaskReading} from '../losses/mask/mask-options.js';
import {type HardMasks, hardMasks} from '../losses/mask/masks.js';
import type {Reading} from '../losses/sample-contract.js';
import {type DecodedSample, sampleViews} from './batch.js';
import type {ConfiguredLoss} from './configured-loss.js';

/**
 * Prediction and target of a sample as label maps, as the run's first loss of masks reads them; null where none does, or
 * where they cannot be read so.
 */
export function labelPairOf(
  losses: readonly ConfiguredLoss[],
  classes: readonly ClassName[] | null,
  decoded: DecodedSample,
): HardMasks | null {
  const loss = losses.find(({readings}) => isOfMasks(readings));
  if (!loss) return null;
  const {input = 'auto', ignore_index = null, threshold = 0.5} = loss.options as Partial<MaskReading>;
  const view = {...loss.instance.view, cropBorder: 0};
  try {
    return hardMasks(sampleViews(decoded, loss.readings, view), {input, ignore_index, threshold}, classes);
  } catch (error) {
    // What cannot be read as masks is shown as images are.
    if (error instanceof SampleError) return null;
    throw error;
  }
}

function isOfMasks({pred, target}: Readonly<Record<string, Reading>>): boolean {
  return target === 'labels' && (pred === 'mask' || pred === 'scores');
}
