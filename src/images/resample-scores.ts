import type {Raster} from './raster.js';
import {resample} from './resample.js';

/**
 * Scores in another size. What lies in [0, 1] stays there: probabilities are clamped after the filter, which swings over,
 * and where that adds to the sum of a pixel's classes it is taken off again in proportion. Other floats (logits) are only
 * resampled, integers keep to their type.
 */
export function resampleScores(raster: Raster, height: number, width: number): Raster {
  const scaled = resample(raster, height, width);
  if (raster.maximum !== null || !raster.data.every((value) => value >= 0 && value <= 1)) return scaled;
  const {data, channels} = scaled;
  for (let at = 0; at < data.length; at += channels) {
    let before = 0;
    let after = 0;
    for (let i = at; i < at + channels; i++) {
      const value = data[i] as number;
      before += value;
      data[i] = Math.min(1, Math.max(0, value));
      after += data[i] as number;
    }
    if (channels === 1 || after <= before || after === 0) continue;
    const share = Math.max(0, before) / after;
    for (let i = at; i < at + channels; i++) data[i] = (data[i] as number) * share;
  }
  return scaled;
}
