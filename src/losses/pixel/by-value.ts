import type {PixelData} from '../../kernels/view.js';
import {wordsOf} from '../../kernels/words.js';
import {IGNORED, type Labels} from './class-labels.js';

/**
 * The label, less than `count`, that `of` gives every pixel, IGNORED without asking where `left` has it. `of` must depend on
 * the pixel's value alone: of 8- and 16-bit data it is asked for the first pixel of each value only.
 */
export function labelsByValue(
  data: PixelData,
  left: Labels | null,
  count: number,
  of: (pixel: number) => number,
): Labels {
  const labels = newLabels(data.length, count);
  if (labels instanceof Int8Array && data instanceof Uint8Array && !(left instanceof Int32Array)) {
    fillWords(labels, data, left, of);
  } else if (data instanceof Uint8Array || data instanceof Uint16Array) fillByValue(labels, data, left, of);
  else for (let i = 0; i < labels.length; i++) labels[i] = left?.[i] === IGNORED ? IGNORED : of(i);
  return labels;
}

/** Labels less than `count`, all 0: as narrow as they may be, since memory is what reading them costs. */
export function newLabels(length: number, count: number): Labels {
  return count <= 128 ? new Int8Array(length) : new Int32Array(length);
}

const UNKNOWN = -2;

/** Four pixels at once where they repeat the four before, as they mostly do in masks. */
function fillWords(labels: Int8Array, data: Uint8Array, left: Int8Array | null, of: (pixel: number) => number): void {
  const known = new Int16Array(256).fill(UNKNOWN);
  const fill = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const value = data[i] as number;
      const out = left !== null && left[i] === IGNORED;
      if (known[value] === UNKNOWN && !out) known[value] = of(i);
      labels[i] = out ? IGNORED : (known[value] as number);
    }
  };
  const [words, made] = [wordsOf(data), wordsOf(labels)];
  const others = left ? wordsOf(left) : words;
  for (let k = 0; k < words.length; k++) {
    if (k > 0 && words[k] === words[k - 1] && others[k] === others[k - 1]) made[k] = made[k - 1] as number;
    else fill(4 * k, 4 * k + 4);
  }
  fill(4 * words.length, data.length);
}

function fillByValue(
  labels: Labels,
  data: Uint8Array | Uint16Array,
  left: Labels | null,
  of: (pixel: number) => number,
): void {
  const known = new Int32Array(2 ** (8 * data.BYTES_PER_ELEMENT)).fill(UNKNOWN);
  for (let i = 0; i < labels.length; i++) {
    const value = data[i] as number;
    const out = left !== null && left[i] === IGNORED;
    if (known[value] === UNKNOWN && !out) known[value] = of(i);
    labels[i] = out ? IGNORED : (known[value] as number);
  }
}
