import type {ElementArray, StoredElements} from '../../kernels/elements.js';
import type {PixelData} from '../../kernels/view.js';

/** How pixels become others, each by itself. */
export interface PixelConversion {
  readonly array: ElementArray;
  /** Elements of a pixel before and after. */
  readonly from: number;
  readonly to: number;
  /** A stretch of whole pixels; what it gives may be `pixels` itself. */
  convert(pixels: PixelData): PixelData;
}

/** Elements that are made of others as they are asked for. */
export function convertedElements(source: StoredElements, conversion: PixelConversion): StoredElements {
  const {array, from, to, convert} = conversion;
  return {
    array,
    length: (source.length / from) * to,
    room: source.room,
    subarray(start, end) {
      const first = Math.floor(start / to);
      const made = convert(source.subarray(first * from, Math.ceil(end / to) * from));
      return made.subarray(start - first * to, end - first * to);
    },
  };
}

/** The first `kept` elements of every pixel. */
export function firstElements(source: StoredElements, channels: number, kept: number): StoredElements {
  if (channels === kept) return source;
  const {array} = source;
  const convert = (pixels: PixelData) => {
    const out = new array((pixels.length / channels) * kept);
    for (let from = 0, to = 0; from < pixels.length; from += channels) {
      for (let channel = 0; channel < kept; channel++) out[to++] = pixels[from + channel] as number;
    }
    return out;
  };
  return convertedElements(source, {array, from: channels, to: kept, convert});
}

/** The elements of an image of `line` elements a row without `edge` of them at each side, and without `rows` at top and bottom. */
export function innerElements(
  source: StoredElements,
  {line, edge, rows}: {readonly line: number; readonly edge: number; readonly rows: number},
): StoredElements {
  const {array} = source;
  const inner = Math.max(0, line - 2 * edge);
  const height = Math.max(0, source.length / line - 2 * rows);
  return {
    array,
    length: inner * height,
    room: source.room,
    subarray(start, end) {
      const out = new array(end - start);
      for (let at = start; at < end; ) {
        const row = Math.floor(at / inner);
        const stop = Math.min(end, (row + 1) * inner);
        const from = (row + rows) * line + edge - row * inner;
        out.set(source.subarray(from + at, from + stop), at - start);
        at = stop;
      }
      return out;
    },
  };
}
