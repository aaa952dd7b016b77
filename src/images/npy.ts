import {SampleError} from '../errors.js';
import type {PixelData} from '../kernels/view.js';
import {type Dtype, type NpyHeader, readNpyHeader} from './npy-header.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';

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

/**
 * Decodes an NPY file: `[h, w]` or `[h, w, c]`, either byte order, C or Fortran order, values exactly as stored
 * (float16 as Float32Array). 64-bit integers are read as ids only, where they fit 32 bits or are safe integers:
 * as quantities they would be divided by 2^63.
 * Throws SampleError `decode-failed`, `dtype`, `shape`, `too-many-pixels`.
 */
export function decodeNpy(bytes: Buffer, path: string, reading: Reading, maxPixels: number): Raster {
  const header = readNpyHeader(bytes, bytes.length, maxPixels, path);
  const {height, width, channels, dtype} = header;
  // A copy: typed arrays need aligned bytes, and the file's buffer need not outlive its decoding.
  const own = new Uint8Array(header.length);
  own.set(bytes.subarray(header.offset));
  const size = header.length / (height * width * channels);
  // Typed arrays are in the machine's order, and every platform of Node is little-endian but s390x.
  if (size > 1 && header.bigEndian === MACHINE_IS_LITTLE_ENDIAN) swapBytes(own, size);
  const {data, maximum} = elements(own.buffer, dtype, reading, path);
  return {data: header.fortran ? toRowMajor(data, header) : data, height, width, channels, maximum};
}

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

function elements(bytes: ArrayBuffer, dtype: Dtype, reading: Reading, path: string): Pick<Raster, 'data' | 'maximum'> {
  if (dtype === 'f2') return {data: halfFloats(new Uint16Array(bytes)), maximum: null};
  if (dtype !== 'i8' && dtype !== 'u8') return {data: ELEMENTS[dtype].make(bytes), maximum: ELEMENTS[dtype].maximum};
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

/** IEEE 754 binary16 to float32, exactly. */
function halfFloats(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Infinity
            : Number.NaN
          : (1024 + fraction) * 2 ** (exponent - 25);
    out[i] = half >> 15 ? -magnitude : magnitude;
  }
  return out;
}

function toRowMajor(data: PixelData, {height, width, channels}: NpyHeader): PixelData {
  const out = new (data.constructor as new (length: number) => PixelData)(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) out[to++] = data[y + height * (x + width * c)] as number;
    }
  }
  return out;
}
