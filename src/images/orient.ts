import type {PixelData} from '../kernels/view.js';
import type {Raster} from './raster.js';

/**
 * Turns an image upright. `orientation` is that of EXIF and TIFF: where row 0 and column 0 of the file belong,
 * 1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, 7 right bottom, 8 left bottom;
 * any other value counts as 1. Reference: Adobe, TIFF 6.0, section 8.
 */
export function orientRaster(raster: Raster, orientation: number): Raster {
  if (!(orientation >= 2 && orientation <= 8)) return raster;
  const {channels} = raster;
  const turned = orientation >= 5;
  const height = turned ? raster.width : raster.height;
  const width = turned ? raster.height : raster.width;
  // In the upright image: whether the file's rows run up or leftwards, its columns leftwards or up.
  const rows = along(raster.height, turned ? 1 : width, [3, 4, 6, 7].includes(orientation));
  const columns = along(raster.width, turned ? width : 1, [2, 3, 7, 8].includes(orientation));
  const data = new (raster.data.constructor as new (length: number) => PixelData)(raster.data.length);
  for (let from = 0, row = 0; row < raster.height; row++) {
    for (let column = 0; column < raster.width; column++, from += channels) {
      const to = (rows.start + row * rows.step + columns.start + column * columns.step) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = raster.data[from + c] as number;
    }
  }
  return {...raster, data, height, width};
}

function along(length: number, step: number, reversed: boolean): {start: number; step: number} {
  return reversed ? {start: (length - 1) * step, step: -step} : {start: 0, step};
}
