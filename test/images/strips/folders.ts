import {createHash} from 'node:crypto';
import {onTestFinished} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import type {StoredRaster} from '../../../src/images/strips/decode-to-disk.js';
import {StripFolder} from '../../../src/images/strips/strip-folder.js';
import {isStored} from '../../../src/kernels/elements.js';
import type {PixelData} from '../../../src/kernels/view.js';

/** A folder of the running test; rooms of more than `smallBytes` are files. */
export async function stripFolder(smallBytes = 0): Promise<StripFolder> {
  const folder = await StripFolder.make(smallBytes);
  onTestFinished(() => folder.close());
  return folder;
}

/** Elements in a form that is quick to compare. */
export function hashed(data: PixelData): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${data.constructor.name} ${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The same pixels in a file of a folder of the running test. */
export async function stored(raster: Raster): Promise<StoredRaster> {
  const {data} = raster;
  const room = (await stripFolder()).room(data.constructor as Uint8ArrayConstructor, data.length);
  if (!isStored(room)) throw new TypeError('expected a file');
  room.set(data, 0);
  return {...raster, data: room};
}
