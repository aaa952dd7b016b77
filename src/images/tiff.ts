import {SampleError} from '../errors.js';
import {elements} from './elements.js';
import {unsupported} from './format.js';
import {orientRaster} from './orient.js';
import type {Raster} from './raster.js';
import {type Reading, readsIds} from './reading.js';
import {choosePage, damaged, type StoredImage} from './stored.js';
import {readTiffFile, TAGS, type TiffDirectory} from './tiff-directory.js';
import {dtypeOf, readTiffLayout, type TiffLayout} from './tiff-layout.js';
import {readTiffSamples} from './tiff-samples.js';

/**
 * Decodes one page of a TIFF or BigTIFF: integers of 1, 2, 4, 8, 16, 32 and 64 bits, floats of 16, 32 and 64; grey,
 * RGB, palette and any number of bands; strips and tiles, interleaved or planar; none, PackBits, LZW or deflate.
 * Values are those stored, but: white-is-zero greys are turned round, a palette gives its colours (its indices to
 * readings of ids), and with `orient` pixels are turned as the orientation tag says. CMYK comes with its four inks.
 * Throws SampleError `decode-failed`, `unsupported-format`, `too-many-pixels`, `page`, `dtype`, `alpha`.
 */
export async function decodeTiff(
  file: Buffer,
  path: string,
  reading: Reading,
  options: {readonly page: number | null; readonly orient: boolean; readonly maxPixels: number},
): Promise<StoredImage> {
  const {bigEndian, pages} = readTiffFile(file, path);
  const directory = pages[choosePage(pages.length, options.page, path)] as TiffDirectory;
  const layout = readTiffLayout(directory, path, options.maxPixels);
  const {height, width, samples, bits} = layout;
  if (layout.colour === 'white-is-zero') checkTurnable(layout, reading, path);
  const bytes = await readTiffSamples(file, layout, bigEndian, path);
  const values =
    bits < 8 ? {data: new Uint8Array(bytes), maximum: 2 ** bits - 1} : elements(bytes, dtypeOf(layout), reading, path);
  const stored: Raster = {...values, height, width, channels: samples};
  const shown = show(stored, layout, directory, reading, path);
  if (layout.alpha === 'premultiplied') checkOpaque(shown, path);
  const orientation = options.orient && reading === 'pixels' ? (directory.numbers(TAGS.orientation)[0] ?? 1) : 1;
  return {
    raster: orientRaster(shown, orientation),
    alpha: layout.alpha !== 'none',
    profile: directory.content(TAGS.profile),
    cmyk: layout.colour === 'cmyk',
  };
}

function checkTurnable({kind, samples}: TiffLayout, reading: Reading, path: string): void {
  if (readsIds(reading)) {
    throw unsupported(path, `a TIFF with white stored as 0 is ambiguous as ${reading}; save it with black as 0`);
  }
  if (kind !== 'u' || samples > 1) {
    throw unsupported(path, 'a TIFF with white stored as 0 can be read as unsigned grey only');
  }
}

function show(stored: Raster, layout: TiffLayout, directory: TiffDirectory, reading: Reading, path: string): Raster {
  if (layout.colour === 'white-is-zero') {
    const maximum = stored.maximum as number;
    return {...stored, data: stored.data.map((value) => maximum - value)};
  }
  if (layout.colour !== 'palette' || readsIds(reading)) return stored;
  if (layout.kind !== 'u' || layout.bits > 16 || layout.samples > 1) {
    throw unsupported(path, 'a palette TIFF must have one channel of at most 16 bits');
  }
  return colourIndices(stored, directory.numbers(TAGS.colorMap), 2 ** layout.bits, path);
}

/** Indices as the RGB of a colour map: all reds, then all greens and blues, of 16 bits. */
function colourIndices(indices: Raster, map: readonly number[], colours: number, path: string): Raster {
  if (map.length !== 3 * colours) throw damaged(path, `the TIFF is damaged: a palette of ${map.length} values`);
  const step = scaleOf(map);
  const data = step === 1 ? new Uint16Array(indices.data.length * 3) : new Uint8Array(indices.data.length * 3);
  for (let i = 0; i < indices.data.length; i++) {
    const index = indices.data[i] as number;
    for (let c = 0; c < 3; c++) data[3 * i + c] = (map[c * colours + index] as number) / step;
  }
  return {...indices, data, channels: 3, maximum: step === 1 ? 65_535 : 255};
}

/** What 8-bit colours were multiplied by to fill 16: 257 in the standard, 256 by some writers; 1 where they are 16-bit. */
function scaleOf(map: readonly number[]): number {
  return [257, 256].find((step) => map.every((value) => value % step === 0)) ?? 1;
}

function checkOpaque({data, channels, maximum}: Raster, path: string): void {
  for (let i = channels - 1; i < data.length; i += channels) {
    if (data[i] !== (maximum ?? 1)) {
      throw new SampleError(
        'alpha',
        `${path}: the colours are multiplied by the alpha, which cannot be undone exactly; save it with straight alpha`,
      );
    }
  }
}
