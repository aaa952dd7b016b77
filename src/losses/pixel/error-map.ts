import type {PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';

/** The error of pred − target at every pixel, the mean over channels; NaN where a pixel weighs 0. */
export function errorMap(sample: SampleViews, errorOf: (difference: number) => number): PixelMap {
  const {data: x, scale: xScale, offset: xOffset, channels} = sample.view('pred');
  const {data: y, scale: yScale, offset: yOffset} = sample.view('target');
  const {height, width} = sample;
  const weights = sample.weights();
  const values = new Float64Array(height * width).fill(Number.NaN);
  for (let p = 0; p < values.length; p++) {
    if (weights?.[p] === 0) continue;
    let sum = 0;
    for (let i = p * channels; i < (p + 1) * channels; i++) {
      sum += errorOf((x[i] as number) * xScale + xOffset - ((y[i] as number) * yScale + yOffset));
    }
    values[p] = sum / channels;
  }
  return {height, width, values, weights};
}
