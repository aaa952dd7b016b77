import {wordsOf} from '../../kernels/words.js';
import {IGNORED, type Labels} from '../pixel/class-labels.js';
import type {HardMasks} from './masks.js';

/**
 * Calls with each run of valid pixels of a row whose labels are the same in both maps: of the target, of the prediction,
 * the row, and the columns from the first to before the last. Neighbours are mostly alike: there are far fewer runs than pixels.
 */
export function eachRun(
  {pred, target, height, width}: HardMasks,
  visit: (truth: number, said: number, y: number, from: number, to: number) => void,
): void {
  const words = pred instanceof Int8Array && target instanceof Int8Array ? [wordsOf(pred), wordsOf(target)] : null;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    for (let x = 0; x < width; ) {
      const truth = target[start + x] as number;
      const end = runEnd(pred, target, start + x, start + width, words) - start;
      if (truth !== IGNORED) visit(truth, pred[start + x] as number, y, x, end);
      x = end;
    }
  }
}

/** Where the run that begins at `start` ends, four labels at a time where four bytes are a word. */
function runEnd(pred: Labels, target: Labels, start: number, end: number, words: Uint32Array[] | null): number {
  const [said, truth] = [pred[start] as number, target[start] as number];
  const [saidWord, truthWord] = [wordOf(said), wordOf(truth)];
  const [predWords, targetWords] = words ?? [];
  const alike = (k: number) => predWords?.[k] === saidWord && targetWords?.[k] === truthWord;
  let i = start + 1;
  while (i < end) {
    const whole = i % 4 === 0 && i + 4 <= end && alike(i >> 2);
    if (!whole && (pred[i] !== said || target[i] !== truth)) break;
    i += whole ? 4 : 1;
  }
  return i;
}

/** Four times the label as bytes. */
function wordOf(label: number): number {
  return (label & 0xff) * 0x01_01_01_01;
}
