import type {Raster} from './raster.js';
import type {Reading} from './reading.js';

/**
 * Whether an image holds ids, which nothing may mix, or a hard decision for each pixel. Of a `mask` or `scores` of one
 * channel: in a run of several classes always, in a binary one where integers take no more than two values; a grey image
 * of more values is a map of probabilities.
 */
export function isLabelMap({data, channels, maximum}: Raster, reading: Reading, multiClass: boolean): boolean {
  if (reading === 'labels' || reading === 'instances') return true;
  if (reading !== 'mask' && reading !== 'scores') return false;
  if (channels > 1) return false;
  if (multiClass && reading === 'mask') return true;
  return maximum !== null && !hasThirdValue(data);
}

function hasThirdValue(data: ArrayLike<number>): boolean {
  const first = data[0];
  let second = first;
  for (let i = 1; i < data.length; i++) {
    const value = data[i];
    if (value === first || value === second) continue;
    if (second !== first) return true;
    second = value;
  }
  return false;
}
