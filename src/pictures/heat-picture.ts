import type {LossMap, PixelMap} from '../losses/pixel-map.js';
import {COLOUR_LEVELS} from './colour-map.js';
import type {HeatScale} from './heat-scale.js';
import {type Picture, paint} from './picture.js';

const COLOURS = COLOUR_LEVELS.length / 3;

/** The grey of pixels that do not count, which is no colour of the map. */
const NOTHING = 128;

/** A map in colours, bright where the loss is bad; values past an end of the scale have its colour. */
export function heatPicture(
  map: Pick<PixelMap, 'height' | 'width'> & {readonly values: Float64Array | Float32Array},
  {low, high}: HeatScale,
  better: LossMap['better'],
): Picture {
  const {values} = map;
  const factor = COLOURS / (high - low);
  return paint(map, (pixel, out, at) => {
    const value = values[pixel] as number;
    if (Number.isNaN(value)) {
      out.fill(NOTHING, at, at + 3);
      return;
    }
    const distance = better === 'lower' ? value - low : high - value;
    const colour = 3 * Math.min(COLOURS - 1, Math.max(0, Math.floor(distance * factor)));
    for (let c = 0; c < 3; c++) out[at + c] = COLOUR_LEVELS[colour + c] as number;
  });
}
