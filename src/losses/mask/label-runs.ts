import {IGNORED} from '../pixel/class-labels.js';
import type {HardMasks} from './masks.js';

/**
 * Calls with each run of valid pixels of a row whose labels are the same in both maps: of the target, of the prediction,
 * the row, and the columns from the first to before the last. Neighbours are mostly alike: there are far fewer runs than pixels.
 */
export function eachRun(
  {pred, target, height, width}: HardMasks,
  visit: (truth: number, said: number, y: number, from: number, to: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let [truth, said, from] = [IGNORED, IGNORED, 0];
    for (let x = 0; x < width; x++) {
      if (target[start + x] === truth && pred[start + x] === said) continue;
      if (truth !== IGNORED) visit(truth, said, y, from, x);
      truth = target[start + x] as number;
      said = pred[start + x] as number;
      from = x;
    }
    if (truth !== IGNORED) visit(truth, said, y, from, width);
  }
}
