import type {SampleError} from '../errors.js';
import {type FilteredLines, unfilterLines} from '../kernels/unfilter.js';
import {damaged} from './stored.js';

/** The error of pixels that are damaged, or more than the header says. */
export function uninflated(path: string, cause: unknown): SampleError {
  return damaged(path, 'the PNG pixels do not inflate to the size in the header', cause);
}

/** The error of pixels that are fewer. */
export function tooFew(path: string): SampleError {
  return damaged(path, 'the PNG has fewer pixels than its header says');
}

/** Undoes the filters of lines in place, as `unfilterLines`. Throws SampleError `decode-failed` for a filter that there is not. */
export function undoFilters(data: Uint8Array, lines: FilteredLines, path: string): void {
  const unknown = unfilterLines(data, lines);
  if (unknown !== null) throw damaged(path, `the PNG is damaged: filter type ${unknown}`);
}

/** Spreads the packed values of a line over the image, from `at` in steps of `step`. */
export function unpack(
  line: Uint8Array,
  depth: number,
  columns: number,
  out: Uint8Array | Uint16Array,
  at: number,
  step: number,
): void {
  if (depth === 8 && step === 1) {
    out.set(line, at);
    return;
  }
  if (depth === 16) {
    for (let i = 0; i < columns; i++) {
      out[at + i * step] = ((line[2 * i] as number) << 8) | (line[2 * i + 1] as number);
    }
    return;
  }
  const mask = 2 ** depth - 1;
  for (let i = 0; i < columns; i++) {
    const bit = i * depth;
    out[at + i * step] = ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & mask;
  }
}
