import type {PixelData} from '../../kernels/view.js';
import {IGNORED} from '../pixel/class-labels.js';

/**
 * What `of` makes of every pixel but those that `target` has as IGNORED, which get `ignored`. `of` is given a pixel and must
 * depend on its value alone: of 8- and 16-bit data it is asked for the first pixel of each value only.
 */
export function byValue(
  data: PixelData,
  target: Int32Array,
  ignored: number,
  of: (pixel: number) => number,
): Int32Array {
  if (data instanceof Uint8Array || data instanceof Uint16Array) return byKnownValue(data, target, ignored, of);
  const found = new Int32Array(data.length);
  for (let i = 0; i < found.length; i++) found[i] = target[i] === IGNORED ? ignored : of(i);
  return found;
}

const UNKNOWN = -2;

function byKnownValue(
  data: Uint8Array | Uint16Array,
  target: Int32Array,
  ignored: number,
  of: (pixel: number) => number,
): Int32Array {
  const found = new Int32Array(data.length);
  const known = new Int32Array(2 ** (8 * data.BYTES_PER_ELEMENT)).fill(UNKNOWN);
  for (let i = 0; i < found.length; i++) {
    const value = data[i] as number;
    if (known[value] === UNKNOWN && target[i] !== IGNORED) known[value] = of(i);
    found[i] = target[i] === IGNORED ? ignored : (known[value] as number);
  }
  return found;
}
