import {setImmediate} from 'node:timers/promises';
import type {StoredElements} from '../../kernels/elements.js';
import {checkOpaque} from '../alpha.js';
import type {ImageOptions} from '../decode.js';
import {unsupported} from '../format.js';
import {type PngLayout, readPngLayout} from '../png-chunks.js';
import type {Raster} from '../raster.js';
import {failedWithSharp, openWithSharp} from '../sharp.js';
import {checkPixels, choosePage} from '../stored.js';
import {firstElements} from './derived-elements.js';
import {FileElements} from './file-elements.js';
import {readingSource} from './source-bytes.js';
import type {StripFile} from './strip-file.js';
import type {StripFolder} from './strip-folder.js';

/** A raster whose pixels lie in a file. */
export type StoredRaster = Raster<StoredElements>;

/** Pixels that are held against opacity at once. */
const STRETCH = 2 ** 20;

/**
 * Decodes the pixels of a PNG or JPEG to a file of the folder, row by row: the values of `decodeImage`, which it also throws
 * as. Only for files that `readStripFile` found no reason to read whole. Throws SampleError `unreadable-file` for a PNG that the
 * system does not give, RunError where the folder has no room.
 */
export async function decodeToDisk(
  path: string,
  shown: string,
  {format}: Pick<StripFile, 'format'>,
  options: ImageOptions,
  folder: StripFolder,
): Promise<StoredRaster> {
  choosePage(1, options.page, shown);
  if (format !== 'png') return decode({path, shown, name: 'JPEG'}, options, folder);
  return readingSource(path, shown, folder.room, (bytes) => {
    const layout = readPngLayout(bytes, shown);
    checkPixels(layout.width, layout.height, options.maxPixels, shown);
    return decode({path, shown, name: 'PNG', layout}, options, folder);
  });
}

/** What is decoded; of a PNG also what it says before its pixels. */
interface Source {
  readonly path: string;
  readonly shown: string;
  readonly name: string;
  readonly layout?: PngLayout;
}

async function decode(
  {path, shown, name, layout}: Source,
  options: ImageOptions,
  folder: StripFolder,
): Promise<StoredRaster> {
  const opened = await openWithSharp(path, shown, name, {orient: false, maxPixels: options.maxPixels});
  const {image, wide, greyAlpha, space, metadata} = opened;
  if (space === 'cmyk') {
    const remedy = metadata.icc ? ', or set image.icc to convert for pixels: it has a profile' : '';
    throw unsupported(shown, `a CMYK image must be converted to RGB or grey${remedy}`);
  }
  const elements = (space === 'b-w' && !greyAlpha) || space === 'grey16' ? 1 : 3;
  const size = (elements + Number(metadata.hasAlpha)) * (wide ? 2 : 1);
  await folder.reserve(metadata.width * metadata.height * size, shown);
  const file = folder.name('.v');
  await image.toFile(file).catch((cause: unknown) => {
    // Where a checksum is wrong, that says more than the decoder does.
    layout?.data();
    failedWithSharp(shown, name, cause);
  });
  const {data, height, width, bands} = readPixels(folder.open(file, 'r'), wide, folder);
  const maximum = wide ? 65_535 : 255;
  if (!metadata.hasAlpha) return {data, height, width, channels: bands, maximum};
  if (options.alpha !== 'drop') await requireOpaque(data, bands, maximum, shown);
  const channels = greyAlpha ? 1 : bands - 1;
  return {data: firstElements(data, bands, channels), height, width, channels, maximum};
}

/** Bytes of the header of libvips's own format, in the machine's byte order: magic, width, height, bands, unused, type. */
const HEADER = 64;
const TYPES = {wide: 2, narrow: 0};

function readPixels(file: number, wide: boolean, folder: StripFolder) {
  const header = new FileElements({file, offset: 0, array: Uint32Array, length: HEADER / 4}, folder.room);
  const [, width = 0, height = 0, bands = 0, , type] = header.subarray(0, 6);
  if (type !== (wide ? TYPES.wide : TYPES.narrow)) throw new TypeError(`pixels of type ${type} were decoded`);
  const array = wide ? Uint16Array : Uint8Array;
  const length = width * height * bands;
  const data = new FileElements({file, offset: HEADER, array, length}, folder.room);
  return {data, width, height, bands};
}

async function requireOpaque(data: StoredElements, bands: number, maximum: number, shown: string): Promise<void> {
  const step = STRETCH * bands;
  for (let at = 0; at < data.length; at += step) {
    checkOpaque(data.subarray(at, Math.min(data.length, at + step)), bands, maximum, shown);
    await setImmediate();
  }
}
