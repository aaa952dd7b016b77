import {SampleError} from '../errors.js';
import type {Raster} from './raster.js';

/** From 0xrrggbb to the id it stands for. */
export type Palette = ReadonlyMap<number, number>;

/**
 * Ids of a colour-coded mask of 8 bits a channel. `lossy`: the format may have changed the colours.
 * Throws SampleError `labels` for a colour that the palette lacks, with its place.
 */
export function idsOfColours(
  {data, height, width, maximum}: Raster,
  palette: Palette,
  path: string,
  lossy: boolean,
): Raster {
  if (maximum !== 255) throw new SampleError('labels', `${path}: a mask in colours must have 8 bits a channel`);
  const ids = new Uint16Array(height * width);
  for (let p = 0; p < ids.length; p++) {
    const [red, green, blue] = [data[3 * p], data[3 * p + 1], data[3 * p + 2]] as [number, number, number];
    const colour = (red << 16) | (green << 8) | blue;
    const id = palette.get(colour);
    if (id === undefined) {
      const hex = colour.toString(16).padStart(6, '0');
      const why = lossy ? '; JPEG, WebP and AVIF change colours, save masks as PNG' : '';
      throw new SampleError(
        'labels',
        `${path}: colour #${hex} at x ${p % width}, y ${Math.floor(p / width)} is not in the palette${why}`,
      );
    }
    ids[p] = id;
  }
  return {data: ids, height, width, channels: 1, maximum: 65535};
}

/**
 * The id of each index of a mask of palette indices, as a palette of so many colours gives it; null where indices are ids, as in
 * Pascal VOC: unless all colours of the file are colours of the palette, whatever their order. Then the file is a colour-coded
 * mask that some program stored small.
 */
export function idsByIndex(colours: readonly number[], palette: Palette): ((index: number) => number) | null {
  // Writers fill up the end with one colour.
  const padding = colours.at(-1);
  const used = colours.findLastIndex((colour) => colour !== padding) + 2;
  const ids = colours.slice(0, used).map((colour) => palette.get(colour));
  return ids.includes(undefined) ? null : (index) => palette.get(colours[index] ?? -1) ?? index;
}

/** Ids of such a mask. */
export function idsOfIndices(indices: Raster, colours: readonly number[], palette: Palette): Raster {
  const of = idsByIndex(colours, palette);
  return of ? {...indices, data: Uint16Array.from(indices.data, of), maximum: 65535} : indices;
}
