import {ssimMap} from '../../kernels/ssim-map.js';
import {type SsimConstants, WINDOW_SIZE} from '../../kernels/ssim-windows.js';
import {type Form, inForm} from '../form.js';
import type {PixelMap} from '../pixel-map.js';
import type {SampleViews} from '../sample-contract.js';
import {imagePair} from './similarity.js';

/** What a similarity's map shows in its form. */
export function similarityShows(name: string, form: Form): string {
  return form === 'metric' ? name : `1 - ${name}`;
}

/**
 * SSIM at the centre of every window, NaN in the border that no window is centred on. Where the images were first shrunk
 * by `factor`, a window's value fills the f×f pixels of its centre. Images must not be smaller than the window.
 */
export function windowMap(sample: SampleViews, constants: SsimConstants, factor: number, form: Form): PixelMap {
  const {height, width} = sample;
  const map = ssimMap(imagePair(sample), constants, factor);
  const values = new Float64Array(height * width).fill(Number.NaN);
  const weights = map.weights && new Float64Array(height * width);
  const border = (WINDOW_SIZE - 1) / 2;
  for (let row = 0; row < map.rows * factor; row++) {
    for (let column = 0; column < map.columns * factor; column++) {
      const window = Math.floor(row / factor) * map.columns + Math.floor(column / factor);
      const pixel = (row + border * factor) * width + column + border * factor;
      values[pixel] = inForm(map.values[window] as number, {form});
      if (weights) weights[pixel] = map.weights?.[window] as number;
    }
  }
  return {height, width, values, weights};
}
