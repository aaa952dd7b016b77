import {SampleError} from '../errors.js';
import type {LossMap, PixelMap} from '../losses/pixel-map.js';
import {type DecodedSample, sampleViews} from './batch.js';
import type {ConfiguredLoss} from './configured-loss.js';
import {oneLine} from './error-text.js';

/** A loss of the run that is drawn over images. */
export interface MappedLoss {
  readonly loss: ConfiguredLoss;
  readonly map: LossMap;
}

/** The losses that have a map, in the run's order. */
export function mappedLosses(losses: readonly ConfiguredLoss[]): MappedLoss[] {
  return losses.flatMap((loss) => (loss.instance.pixelMap ? [{loss, map: loss.instance.pixelMap}] : []));
}

/**
 * The map of a sample at the size of its images: NaN in the border that the loss cuts off. Throws SampleError where the
 * sample has none.
 */
export async function pixelMapOf({loss, map}: MappedLoss, decoded: DecodedSample): Promise<PixelMap> {
  const {view} = loss.instance;
  try {
    const views = sampleViews(decoded, loss.readings, view);
    if (views.height === 0 || views.width === 0) throw new SampleError('crop', 'crop_border leaves no pixel');
    const made = await map.of(views);
    if (made.values.length !== views.height * views.width) {
      throw new SampleError(
        'map',
        `pixelMap gave ${made.values.length} values for ${views.width}×${views.height} pixels`,
      );
    }
    return bordered({...made, height: views.height, width: views.width}, view.cropBorder);
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    throw new SampleError('map', `${loss.id}: ${oneLine(error)}`, {cause: error});
  }
}

function bordered(map: PixelMap, border: number): PixelMap {
  if (border === 0) return map;
  const [height, width] = [map.height + 2 * border, map.width + 2 * border];
  const values = new Float64Array(height * width).fill(Number.NaN);
  for (let row = 0; row < map.height; row++) {
    const own = map.values.subarray(row * map.width, (row + 1) * map.width);
    values.set(own, (row + border) * width + border);
  }
  return {height, width, values, weights: null};
}
