import type {Raster} from '../images/raster.js';
import type {Reading} from '../losses/sample-contract.js';
import type {DecodedSample} from './batch.js';
import type {ConfiguredLoss} from './configured-loss.js';

/** Readings from the one that is most like what a viewer shows. */
const READINGS: readonly Reading[] = ['pixels', 'mask', 'scores', 'labels', 'instances', 'weights'];

/** Prediction and target of a sample as images to look at; null where it has none. */
export function shownRasters(
  losses: readonly ConfiguredLoss[],
  decoded: DecodedSample,
): {readonly pred: Raster | null; readonly target: Raster | null} {
  const raster = (role: string) => {
    if (!decoded.has(role)) return null;
    const asked = new Set(losses.map(({readings}) => readings[role]));
    const reading = READINGS.find((one) => asked.has(one));
    return reading ? decoded.raster(role, reading) : null;
  };
  return {pred: raster('pred'), target: raster('target')};
}
