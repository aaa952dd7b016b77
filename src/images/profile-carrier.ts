import type {Raster} from './raster.js';
import {TAGS} from './tiff-directory.js';

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;
const RGB = 2;
const CMYK = 5;
const HEADER = 8;

/** An uncompressed TIFF of 8 bits in 3 or 4 (CMYK) channels with a profile: how pixels and a profile reach libvips. */
export function wrapInTiff(
  {data, height, width, channels}: Raster & {readonly data: Uint8Array},
  profile: Buffer,
): Buffer {
  const entries: (readonly [tag: number, type: number, count: number, value: number])[] = [];
  const directoryEnd = HEADER + 2 + 12 * 11 + 4;
  const depthsAt = directoryEnd;
  const profileAt = depthsAt + 2 * channels + (channels % 2) * 2;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  entries.push(
    [TAGS.width, LONG, 1, width],
    [TAGS.height, LONG, 1, height],
    [TAGS.bits, SHORT, channels, depthsAt],
    [TAGS.compression, SHORT, 1, 1],
    [TAGS.photometric, SHORT, 1, channels === 4 ? CMYK : RGB],
    [TAGS.stripOffsets, LONG, 1, pixelsAt],
    [TAGS.samples, SHORT, 1, channels],
    [TAGS.rowsPerStrip, LONG, 1, height],
    [TAGS.stripByteCounts, LONG, 1, data.length],
    [TAGS.planar, SHORT, 1, 1],
    [TAGS.profile, UNDEFINED, profile.length, profileAt],
  );
  const file = Buffer.alloc(pixelsAt + data.length);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(HEADER, 4);
  file.writeUInt16LE(entries.length, HEADER);
  entries.forEach(([tag, type, count, value], i) => {
    const at = HEADER + 2 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  for (let c = 0; c < channels; c++) file.writeUInt16LE(8, depthsAt + 2 * c);
  profile.copy(file, profileAt);
  file.set(data, pixelsAt);
  return file;
}
