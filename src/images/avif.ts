import type {Raster} from './raster.js';
import {type DecodeOptions, decodeWithSharp} from './sharp.js';
import {checkPixels, type StoredImage} from './stored.js';

/**
 * Decodes a still AVIF of 8, 10 or 12 bits, at that depth (`maximum` 255, 1023 or 4095); a monochrome one has one
 * channel. Its rotation and mirroring are part of the format and always applied.
 * Throws as `decodeWithSharp` does. Reference: AV1-ISOBMFF, section 2.3 (the av1C box).
 */
export async function decodeAvif(bytes: Buffer, path: string, options: DecodeOptions): Promise<StoredImage> {
  for (const at of placesOf('ispe', bytes)) {
    // The box's version and flags, then the size.
    if (at + 16 <= bytes.length)
      checkPixels(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12), options.maxPixels, path);
  }
  const stored = await decodeWithSharp(bytes, path, 'AVIF', options);
  const {bits, monochrome} = readAv1Configurations(bytes);
  const {raster, alpha} = stored;
  // libvips aligns 10 and 12 bits with the top of 16.
  const exact = raster.maximum === 65_535 ? narrow(raster, bits) : raster;
  return {...stored, raster: monochrome ? firstOfThree(exact, alpha) : exact};
}

/** What the codec's configurations in a file say, one of which is the alpha's: the most bits, and whether all are monochrome. */
function readAv1Configurations(bytes: Buffer): {bits: number; monochrome: boolean} {
  let bits = 8;
  let monochrome = true;
  for (const at of placesOf('av1C\x81', bytes)) {
    const flags = bytes[at + 6] ?? 0;
    const depth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
    bits = Math.max(bits, depth);
    monochrome &&= (flags & 0x10) !== 0;
  }
  return {bits, monochrome};
}

function placesOf(text: string, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text, 0, 'latin1'); at >= 0; at = bytes.indexOf(text, at + text.length, 'latin1')) {
    places.push(at);
  }
  return places;
}

function narrow(raster: Raster, bits: number): Raster {
  const shift = 16 - bits;
  return {...raster, data: (raster.data as Uint16Array).map((value) => value >> shift), maximum: 2 ** bits - 1};
}

function firstOfThree(raster: Raster, alpha: boolean): Raster {
  const {data, channels} = raster;
  const kept = alpha ? [0, channels - 1] : [0];
  const out = data.filter((_, i) => kept.includes(i % channels)) as Raster['data'];
  return {...raster, data: out, channels: kept.length};
}
