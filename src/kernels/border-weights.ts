import {nearestInstances} from './nearest-instances.js';

/**
 * U-Net's border weights: w0·exp(−(d1 + d2)² / 2σ²) on background pixels (id 0), d1 and d2 the Euclidean
 * distances in pixels to the nearest pixels of the two nearest instances; 0 inside instances and where there
 * are fewer than two. `ids` is row-major, `height * width` long.
 *
 * Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation" (2015), equation 2.
 */
export function borderWeights(
  ids: Int32Array,
  height: number,
  width: number,
  {w0, sigma}: {readonly w0: number; readonly sigma: number},
): Float64Array {
  const {nearest, second} = nearestInstances(ids, height, width);
  return nearest.map((squared, i) => {
    if (ids[i] !== 0) return 0;
    const sum = Math.sqrt(squared) + Math.sqrt(second[i] as number);
    return w0 * Math.exp(-(sum * sum) / (2 * sigma * sigma));
  });
}
