import {toMachineOrder} from './elements.js';
import type {TiffLayout} from './tiff-layout.js';

/**
 * Undoes a strip's or tile's predictor and brings its values into the machine's order, in place. `rowValues` are the
 * values of a row, `stride` those of a pixel.
 * Reference: Adobe, TIFF 6.0, section 14; Photoshop TIFF Technical Note 3 (floats).
 */
export function undoPredictor(
  bytes: Uint8Array<ArrayBuffer>,
  {bits, predictor}: TiffLayout,
  bigEndian: boolean,
  rowValues: number,
  stride: number,
): void {
  const size = bits / 8;
  if (predictor === 3) {
    const rowBytes = rowValues * size;
    for (let at = 0; at < bytes.length; at += rowBytes) joinFloats(bytes.subarray(at, at + rowBytes), size, stride);
    toMachineOrder(bytes, size, true);
    return;
  }
  toMachineOrder(bytes, size, bigEndian);
  if (predictor === 2) sumRows(bytes, size, rowValues, stride);
}

/** Each value is the difference to the same sample of the pixel before. */
function sumRows(bytes: Uint8Array<ArrayBuffer>, size: number, rowValues: number, stride: number): void {
  if (size === 8) {
    const values = new BigUint64Array(bytes.buffer);
    for (let row = 0; row < values.length; row += rowValues) {
      for (let i = row + stride; i < row + rowValues; i++) {
        values[i] = (values[i] as bigint) + (values[i - stride] as bigint);
      }
    }
    return;
  }
  const Values = size === 1 ? Uint8Array : size === 2 ? Uint16Array : Uint32Array;
  const values = new Values(bytes.buffer);
  for (let row = 0; row < values.length; row += rowValues) {
    for (let i = row + stride; i < row + rowValues; i++)
      values[i] = (values[i] as number) + (values[i - stride] as number);
  }
}

/** A row holds the first, most significant bytes of all floats, then the second ones, …, as differences. */
function joinFloats(row: Uint8Array, size: number, stride: number): void {
  for (let i = stride; i < row.length; i++) row[i] = (row[i] as number) + (row[i - stride] as number);
  const planes = row.slice();
  const count = row.length / size;
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < size; byte++) row[i * size + byte] = planes[byte * count + i] as number;
  }
}
