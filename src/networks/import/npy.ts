import type {TensorDescription} from '../weights/tensor-file.js';

/** Where an NPY array's values begin, and what they are. */
export interface NpyHeader extends TensorDescription {
  readonly offset: number;
}

const LONGEST_HEADER = 65_536;
const DTYPES: ReadonlyMap<string | undefined, string> = new Map([
  ['<f4', 'F32'],
  ['<f8', 'F64'],
  ['<f2', 'F16'],
  ['<i4', 'I32'],
  ['<i8', 'I64'],
]);

/**
 * Reads the header of an NPY array (versions 1 to 3) from its first bytes; null while there are too few.
 * Throws RangeError for what is no NPY array, and for columns first, in which no network writes its kernels.
 * Reference: NumPy NEP 1.
 */
export function readNpyHeader(bytes: Buffer): NpyHeader | null {
  if (bytes.length < 12) return null;
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw new RangeError('it is no NPY array');
  const textAt = bytes[6] === 1 ? 10 : 12;
  const offset = textAt + (bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (offset > LONGEST_HEADER) throw new RangeError(`its NPY header claims ${offset} bytes`);
  if (bytes.length < offset) return null;
  const text = bytes.toString('latin1', textAt, offset);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (shape === undefined) throw new RangeError('its NPY header is damaged');
  const sides = shape
    .split(',')
    .map((side) => side.trim())
    .filter((side) => side !== '')
    .map(Number);
  const isColumns = /'fortran_order':\s*True/.test(text) && sides.length > 1;
  const dtype = DTYPES.get(descr) ?? descr ?? 'structured';
  return {dtype: isColumns ? `${dtype}, columns first,` : dtype, shape: sides, offset};
}
