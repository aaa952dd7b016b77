import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {elements, toMachineOrder} from '../images/elements.js';
import {checkNpyLength, parseNpyHeader} from '../images/npy-header.js';
import {unpackNpz} from '../images/npz.js';
import {reading, type SourceFile, shown} from './source-file.js';

/** An array of numbers, an item a row. */
export interface ItemArray {
  readonly items: number;
  /** Numbers of an item. */
  readonly width: number;
  /** Row-major, items × width. */
  readonly values: Float64Array;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/**
 * Reads an NPY file, or an NPZ of one array: float16 to float64, integers of any size, either byte order, C or Fortran
 * order. The first axis counts the items, the others are laid flat. `accept` sees the shape before the values are
 * converted, and throws where it does not fit. Throws UsageError for a file that cannot be read.
 */
export function readArray(
  file: SourceFile,
  format: 'npy' | 'npz',
  accept: (shape: readonly number[]) => void,
): Promise<ItemArray> {
  return reading(file, async () => {
    const name = shown(file.name);
    const stored = await readFile(file.path);
    const sha256 = createHash('sha256').update(stored).digest('hex');
    const check = (start: Buffer, length: number) => {
      const array = parseNpyHeader(start, name);
      accept(array.shape);
      return {array, ...checkNpyLength(array, sizeOf(array.shape), length, name)};
    };
    const bytes = format === 'npz' ? await unpackNpz(stored, name, check) : stored;
    const {array, dtype, length} = check(bytes, bytes.length);
    const own = new Uint8Array(length);
    own.set(bytes.subarray(array.offset));
    toMachineOrder(own, Number(dtype[1]), array.bigEndian);
    const {data} = elements(own.buffer, dtype, 'labels', name);
    const values = data instanceof Float64Array ? data : new Float64Array(data);
    const [items = 0, ...rest] = array.shape;
    const width = sizeOf(rest);
    return {items, width, sha256, values: array.fortran && width > 1 ? transposed(values, items, width) : values};
  });
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** From the first index varying fastest to the last doing so; of several inner axes, in another order among themselves. */
function transposed(values: Float64Array, items: number, width: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let column = 0; column < width; column++) {
    for (let item = 0; item < items; item++) out[item * width + column] = values[column * items + item] as number;
  }
  return out;
}

/** The place of the first value that is not finite, `[item, column]`; null when all are. */
export function firstNotFinite({values, width}: ItemArray): readonly [number, number] | null {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return [Math.floor(i / width), i % width];
  }
  return null;
}
