import {wordsOf} from './words.js';

/** Calls with the index of every pixel of a mask that is not 0, ascending. Passes by four zeros at a time. */
export function eachSetPixel(mask: Uint8Array, visit: (i: number) => void): void {
  const words = wordsOf(mask);
  for (let k = 0; k < words.length; k++) {
    if (words[k] === 0) continue;
    for (let i = 4 * k; i < 4 * k + 4; i++) if (mask[i]) visit(i);
  }
  for (let i = 4 * words.length; i < mask.length; i++) if (mask[i]) visit(i);
}
