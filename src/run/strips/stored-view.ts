import {toGrey} from '../../images/colour.js';
import type {StoredRaster} from '../../images/strips/decode-to-disk.js';
import {convertedElements, innerElements} from '../../images/strips/derived-elements.js';
import type {Elements} from '../../kernels/elements.js';
import type {View} from '../../kernels/view.js';
import type {Reading, ViewOptions} from '../../losses/sample-contract.js';

/** What `makeView` makes of pixels and ids that memory holds, of those in a file. Throws as that does. */
export function storedView(raster: StoredRaster, reading: Reading, options: ViewOptions): View<Elements> {
  const {maximum, ...cropped} = crop(raster, options.cropBorder);
  const largest = maximum as number;
  if (reading !== 'pixels') {
    return {...cropped, scale: reading === 'mask' ? 1 / largest : 1, offset: 0, integer: true};
  }
  const {color, range} = options;
  const [low, high] = range;
  const {data, channels} = cropped;
  if (color === 'rgb') return {...cropped, scale: (high - low) / largest, offset: low, integer: true};
  const grey = convertedElements(data, {
    array: Float64Array,
    from: channels,
    to: 1,
    convert: (pixels) => toGrey((i) => (pixels[i] as number) / largest, pixels.length / channels, channels, color),
  });
  return {...cropped, data: grey, channels: 1, scale: high - low, offset: low, integer: true};
}

function crop(raster: StoredRaster, border: number): StoredRaster {
  if (border === 0) return raster;
  const {data, channels} = raster;
  const height = Math.max(0, raster.height - 2 * border);
  const width = Math.max(0, raster.width - 2 * border);
  const inner = innerElements(data, {line: raster.width * channels, edge: border * channels, rows: border});
  return {...raster, data: inner, height, width};
}
