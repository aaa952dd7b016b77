import {SampleError} from '../errors.js';
import type {Raster} from './raster.js';

/** From 0xrrggbb to the id it stands for. */
export type Palette = ReadonlyMap<number, number>;

/** Ids of a colour-coded mask of 8 bits. Throws SampleError `labels` for a colour that the palette lacks, with its place. */
export function idsOfColours({data, height, width, maximum}: Raster, palette: Palette, path: string): Raster {
  if (maximum !== 255) throw new SampleError('labels', `${path}: a mask in colours must have 8 bits a channel`);
  const ids = new Uint16Array(height * width);
  for (let p = 0; p < ids.length; p++) {
    const [red, green, blue] = [data[3 * p], data[3 * p + 1], data[3 * p + 2]] as [number, number, number];
    const colour = (red << 16) | (green << 8) | blue;
    const id = palette.get(colour);
    if (id === undefined) {
      const hex = colour.toString(16).padStart(6, '0');
      throw new SampleError(
        'labels',
        `${path}: colour #${hex} at x ${p % width}, y ${Math.floor(p / width)} is not in the palette`,
      );
    }
    ids[p] = id;
  }
  return {data: ids, height, width, channels: 1, maximum: 65535};
}
