import {kernels, regions} from './wasm.js';

/** Bytes of lines that are laid before the kernel at once: what they become stays in a core's cache until it is copied back. */
const BLOCK_BYTES = 256 * 2 ** 10;

/** Lines of an image as PNG stores them: each is a byte that names its filter, and `length` bytes more. */
export interface FilteredLines {
  readonly rows: number;
  readonly length: number;
  /** Bytes of a pixel, 1 to 8; 1 where several share one. */
  readonly pixelBytes: number;
  /** The undone line above the first; zeros, as above an image, by default. */
  readonly above?: Uint8Array;
}

/**
 * Undoes the filters of lines in place and moves the lines together: the first `rows` × `length` bytes of `data` are the
 * image's afterwards. Gives null, or the first filter that is none of PNG's five (W3C PNG, section 9), `data` undone in part.
 */
export function unfilterLines(
  data: Uint8Array,
  {rows, length, pixelBytes, above}: FilteredLines,
  blockBytes = BLOCK_BYTES,
): number | null {
  const line = 1 + length;
  const most = Math.min(rows, Math.max(1, Math.floor(blockBytes / line)));
  const [lines, out] = regions(most * line, (most + 1) * length) as [number, number];
  const {memory, unfilter} = kernels();
  const memoryBytes = new Uint8Array(memory.buffer);
  memoryBytes.fill(0, out, out + length);
  if (above) memoryBytes.set(above, out);
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row);
    memoryBytes.set(data.subarray(row * line, (row + count) * line), lines);
    const undone = unfilter(lines, count, length, pixelBytes, out);
    if (undone < count) return data[(row + undone) * line] as number;
    data.set(memoryBytes.subarray(out + length, out + (count + 1) * length), row * length);
    memoryBytes.copyWithin(out, out + count * length, out + (count + 1) * length);
  }
  return null;
}
