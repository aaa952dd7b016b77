/** An NPY file of float32 values, `[h, w]` or `[h, w, c]`. */
export function npyFloats(shape: readonly number[], values: ArrayLike<number>): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(padded.length, 8);
  return Buffer.concat([start, Buffer.from(padded), Buffer.from(Float32Array.from(values).buffer)]);
}
