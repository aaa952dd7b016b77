import type {PngLayout} from './png-chunks.js';
import type {KnownHeader} from './sharp.js';

/** What libvips says of a PNG, from its chunks; null where it must be asked: for a profile, and transparency without a channel of its own. */
export function knownHeader({width, height, depth, colourType, transparent, profiled}: PngLayout): KnownHeader | null {
  if (profiled || transparent) return null;
  const grey = colourType === 0 || colourType === 4;
  const wide = depth === 16;
  return {
    width,
    height,
    space: grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb',
    hasAlpha: colourType === 4 || colourType === 6,
    depth: wide ? 'ushort' : 'uchar',
  };
}
