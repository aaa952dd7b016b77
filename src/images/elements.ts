import {SampleError} from '../errors.js';
import {fromHalfFloats} from '../kernels/half-float.js';
import type {PixelData} from '../kernels/view.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';
import {damaged} from './stored.js';

/** The element types that are read: boolean, unsigned, signed or float, and the bytes of one. */
export type Dtype = 'b1' | 'u1' | 'u2' | 'u4' | 'u8' | 'i1' | 'i2' | 'i4' | 'i8' | 'f2' | 'f4' | 'f8';

interface Element {
  readonly make: (bytes: ArrayBuffer) => PixelData;
  readonly maximum: number | null;
}

const ELEMENTS: Readonly<Record<Exclude<Dtype, 'f2' | 'i8' | 'u8'>, Element>> = {
  b1: {make: (bytes) => new Uint8Array(bytes), maximum: 1},
  u1: {make: (bytes) => new Uint8Array(bytes), maximum: 255},
  u2: {make: (bytes) => new Uint16Array(bytes), maximum: 65_535},
  u4: {make: (bytes) => new Uint32Array(bytes), maximum: 4_294_967_295},
  i1: {make: (bytes) => new Int8Array(bytes), maximum: 127},
  i2: {make: (bytes) => new Int16Array(bytes), maximum: 32_767},
  i4: {make: (bytes) => new Int32Array(bytes), maximum: 2_147_483_647},
  f4: {make: (bytes) => new Float32Array(bytes), maximum: null},
  f8: {make: (bytes) => new Float64Array(bytes), maximum: null},
};

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Brings elements of `size` bytes into the machine's order, in place: little-endian but on s390x. */
export function toMachineOrder(bytes: Uint8Array, size: number, bigEndian: boolean): void {
  if (size === 1 || bigEndian !== MACHINE_IS_LITTLE_ENDIAN) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/**
 * Bytes in the machine's order as values, exactly (float16 as Float32Array). 64-bit integers are read as ids only,
 * where they fit 32 bits or are safe integers: as quantities they would be divided by 2^63.
 * Throws SampleError `dtype`, and `decode-failed` for booleans other than 0 and 1.
 */
export function elements(
  bytes: ArrayBuffer,
  dtype: Dtype,
  reading: Reading,
  path: string,
): Pick<Raster, 'data' | 'maximum'> {
  if (dtype === 'f2') return {data: fromHalfFloats(new Uint16Array(bytes)), maximum: null};
  if (dtype !== 'i8' && dtype !== 'u8') {
    const data = ELEMENTS[dtype].make(bytes);
    if (dtype === 'b1' && data.some((value) => value > 1)) {
      throw damaged(path, 'the array is damaged: a boolean that is neither 0 nor 1');
    }
    return {data, maximum: ELEMENTS[dtype].maximum};
  }
  const name = dtype === 'i8' ? 'int64' : 'uint64';
  if (!readsIds(reading)) {
    throw new SampleError(
      'dtype',
      `${path}: ${name} has no usable range for ${reading}; save the array as uint8, uint16 or float32`,
    );
  }
  const values = dtype === 'i8' ? new BigInt64Array(bytes) : new BigUint64Array(bytes);
  const data = safeIntegers(values);
  if (!data) throw new SampleError('dtype', `${path}: the ${name} array holds ids beyond 2^53`);
  return {data, maximum: dtype === 'i8' ? 2 ** 63 : 2 ** 64};
}

function safeIntegers(values: BigInt64Array | BigUint64Array): Int32Array | Float64Array | null {
  let widest = 0;
  const wide = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    wide[i] = value;
    widest = Math.max(widest, Math.abs(value));
  }
  if (widest > Number.MAX_SAFE_INTEGER) return null;
  return widest < 2 ** 31 ? Int32Array.from(wide) : wide;
}
