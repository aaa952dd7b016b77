import {endianness} from 'node:os';

const FOREIGN = endianness() === 'BE';

/** The little-endian bytes of float32 values. */
export function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return FOREIGN ? Buffer.from(bytes).swap32() : bytes;
}

/** The float32 values of little-endian bytes, which are taken over; they must begin at a multiple of 4 in their buffer. */
export function fromLittleEndian(bytes: Buffer): Float32Array {
  if (FOREIGN) bytes.swap32();
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
