import type {PixelData} from '../kernels/view.js';
import {elements, toMachineOrder} from './elements.js';
import {type NpyHeader, readNpyHeader} from './npy-header.js';
import type {Raster} from './raster.js';
import type {Reading} from './reading.js';

/**
 * Decodes an NPY file: `[h, w]` or `[h, w, c]`, either byte order, C or Fortran order, values exactly as stored
 * (`elements`). Throws SampleError `decode-failed`, `dtype`, `shape`, `too-many-pixels`.
 */
export function decodeNpy(bytes: Buffer, path: string, reading: Reading, maxPixels: number): Raster {
  const header = readNpyHeader(bytes, bytes.length, maxPixels, path);
  const {height, width, channels, dtype} = header;
  // A copy: typed arrays need aligned bytes, and the file's buffer need not outlive its decoding.
  const own = new Uint8Array(header.length);
  own.set(bytes.subarray(header.offset));
  toMachineOrder(own, header.length / (height * width * channels), header.bigEndian);
  const {data, maximum} = elements(own.buffer, dtype, reading, path);
  return {data: header.fortran ? toRowMajor(data, header) : data, height, width, channels, maximum};
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
