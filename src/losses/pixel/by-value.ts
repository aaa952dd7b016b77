import type {PixelData} from '../../kernels/view.js';
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
  if (data instanceof Uint8Array || data instanceof Uint16Array) fillByValue(labels, data, left, of);
  else for (let i = 0; i < labels.length; i++) labels[i] = left?.[i] === IGNORED ? IGNORED : of(i);
  return labels;
}

/** Labels less than `count`, all 0: as narrow as they may be, since memory is what reading them costs. */
export function newLabels(length: number, count: number): Labels {
  return count <= 128 ? new Int8Array(length) : new Int32Array(length);
}

const UNKNOWN = -2;

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
