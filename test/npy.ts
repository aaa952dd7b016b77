import {readFileSync} from 'node:fs';
import type {Raster} from '../src/images/raster.js';

/** A fixture's NPY array (little-endian u1 or f4, C order, `[h, w]` or `[h, w, c]`) as a decoder would give it. */
export function readNpy(path: string | URL): Raster {
  const file = readFileSync(path);
  const headerLength = file.readUInt16LE(8);
  const header = file.toString('latin1', 10, 10 + headerLength);
  const kind = /'descr': '[|<](u1|f4)'/.exec(header)?.[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]?.split(',').filter(Boolean).map(Number);
  if (!kind || !shape || header.includes("'fortran_order': True")) throw new Error(`${path}: ${header}`);
  const [height = 1, width = 1, channels = 1] = shape;
  const bytes = file.subarray(10 + headerLength);
  const size = {height, width, channels};
  if (kind === 'u1') return {...size, data: Uint8Array.from(bytes), maximum: 255};
  const data = new Float32Array(height * width * channels);
  for (let i = 0; i < data.length; i++) data[i] = bytes.readFloatLE(4 * i);
  return {...size, data, maximum: null};
}
