import {wordsOf} from './words.js';

/** Entries of a value in the table of counts. */
export const LABELS = 4;

/**
 * How many pixels have each value and label, labels from −1 to 2: entry `LABELS·value + label + 1`. Neighbours in masks are
 * mostly alike, so four of them are looked at once where they repeat the four before.
 */
export function countByLabel(values: Uint8Array, labels: Int8Array): Uint32Array {
  const counts = new Uint32Array(256 * LABELS);
  const add = (i: number, times: number) => {
    const entry = LABELS * (values[i] as number) + (labels[i] as number) + 1;
    counts[entry] = (counts[entry] as number) + times;
  };
  const [valueWords, labelWords] = [wordsOf(values), wordsOf(labels)];
  for (let start = 0; start < valueWords.length; ) {
    let end = start + 1;
    while (valueWords[end] === valueWords[start] && labelWords[end] === labelWords[start] && end < valueWords.length)
      end++;
    for (let i = 4 * start; i < 4 * start + 4; i++) add(i, end - start);
    start = end;
  }
  for (let i = 4 * valueWords.length; i < values.length; i++) add(i, 1);
  return counts;
}
