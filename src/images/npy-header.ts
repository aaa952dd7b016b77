import {SampleError} from '../errors.js';
import {printable} from '../printable.js';
import type {Dtype} from './elements.js';
import {checkValues, damaged} from './stored.js';

/** What an NPY file says before its values. */
export interface NpyHeader {
  readonly dtype: Dtype;
  readonly bigEndian: boolean;
  /** Whether the first index varies fastest. */
  readonly fortran: boolean;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Where the values begin. */
  readonly offset: number;
  /** Bytes of the values. */
  readonly length: number;
}

const DTYPE = /^[<>|](b1|u[1248]|i[1248]|f[248])$/;
const READ_DTYPES = 'bool, int8 to int64, uint8 to uint64, float16, float32, float64';
const LONGEST_HEADER = 65_536;
const AXES_SHOWN = 8;

/** Bytes that must be there for `readNpyHeader`; null while there are too few to say. Throws as that does. */
export function npyHeaderLength(bytes: Buffer, path: string): number | null {
  if (bytes.length < 12) return null;
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw damaged(path, 'the array is not in NPY format');
  const version = bytes[6] as number;
  if (version < 1 || version > 3) throw damaged(path, `NPY version ${version} is unknown; versions 1 to 3 can be read`);
  const length = version === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8);
  if (length > LONGEST_HEADER) throw damaged(path, `the NPY header claims ${length} bytes`);
  return length;
}

/** What an NPY header says, whatever the array is for. */
export interface NpyArray {
  /** As it is written; null for a structured array. */
  readonly descr: string | null;
  /** Null for a type that is not read. */
  readonly dtype: Dtype | null;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
}

/** Parses the header of an NPY file (versions 1 to 3). Throws SampleError `decode-failed`. Reference: NumPy NEP 1. */
export function parseNpyHeader(bytes: Buffer, path: string): NpyArray {
  const offset = npyHeaderLength(bytes, path);
  if (offset === null || offset > bytes.length) throw damaged(path, 'the NPY header is cut short');
  const text = bytes.toString('latin1', bytes[6] === 1 ? 10 : 12, offset);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? null;
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (order === undefined || shape === undefined || !text.includes("'descr'")) {
    throw damaged(path, 'the NPY header is damaged');
  }
  const dtype = (DTYPE.exec(descr ?? '')?.[1] as Dtype | undefined) ?? null;
  const sizes = (shape.match(/\d+/g) ?? []).map(Number);
  return {descr, dtype, bigEndian: descr?.[0] === '>', fortran: order === 'True', shape: sizes, offset};
}

/**
 * The type and the length in bytes of an array of `count` values. Throws SampleError `dtype` for a type that is not read,
 * and `decode-failed` when the file has another length.
 */
export function checkNpyLength(
  {descr, dtype, offset}: NpyArray,
  count: number,
  fileLength: number,
  path: string,
): {readonly dtype: Dtype; readonly length: number} {
  if (dtype === null) {
    const got = descr === null ? 'a structured array' : `dtype '${printable(descr)}'`;
    throw new SampleError('dtype', `${path}: ${got} cannot be read; expected ${READ_DTYPES}`);
  }
  const length = count * Number(dtype[1]);
  if (offset + length !== fileLength) {
    throw damaged(path, `the NPY header claims ${length} bytes of values, the file has ${fileLength - offset}`);
  }
  return {dtype, length};
}

/**
 * Reads the header of an NPY file as an image and holds it against the file's size and the pixel cap.
 * Throws SampleError `decode-failed`, `dtype`, `shape`, `too-many-pixels`.
 */
export function readNpyHeader(bytes: Buffer, fileLength: number, maxPixels: number, path: string): NpyHeader {
  const array = parseNpyHeader(bytes, path);
  const [height, width, channels] = imageShape(array.shape, path);
  checkValues(width, height, channels, maxPixels, path);
  const {dtype, length} = checkNpyLength(array, height * width * channels, fileLength, path);
  const {bigEndian, fortran, offset} = array;
  return {dtype, bigEndian, fortran, height, width, channels, offset, length};
}

function imageShape(shape: readonly number[], path: string): [number, number, number] {
  const [first = 0, second = 0, third = 1] = shape;
  const more = shape.length > AXES_SHOWN ? ', …' : '';
  const shown = `shape [${shape.slice(0, AXES_SHOWN).join(', ')}${more}]`;
  const fail = (hint: string) =>
    new SampleError('shape', `${path}: ${shown} is no image; expected [h, w] or [h, w, c]${hint}`);
  if (shape.length === 4 && first === 1) throw fail(': drop the batch axis, array[0]');
  if (shape.length !== 2 && shape.length !== 3) throw fail('');
  if (third === 0) throw fail('');
  // No image has so few rows and so many channels, and scored as [h, w, c] it would give wrong values in silence.
  if ([1, 3, 4].includes(first) && second >= 16 && third >= 16) {
    throw fail(': channels come last, numpy.moveaxis(array, 0, -1)');
  }
  return [first, second, third];
}
