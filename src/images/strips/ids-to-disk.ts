import {createWriteStream} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createInflate} from 'node:zlib';
import {SampleError} from '../../errors.js';
import type {PixelData} from '../../kernels/view.js';
import {storageError} from '../../storage/storage-error.js';
import type {ImageOptions} from '../decode.js';
import {idsByIndex} from '../palette.js';
import {type PngLayout, readPngLayout} from '../png-chunks.js';
import {uninflated} from '../png-lines.js';
import {checkPixels, choosePage} from '../stored.js';
import type {StoredRaster} from './decode-to-disk.js';
import {convertedElements} from './derived-elements.js';
import {FileElements} from './file-elements.js';
import {IdLines} from './id-lines.js';
import {readingSource} from './source-bytes.js';
import type {StripFolder} from './strip-folder.js';

/** Bytes that are inflated at once. */
const STRETCH = 2 ** 20;

/**
 * Writes the numbers that a grey or palette PNG stores to a file of the folder, line by line: the values of `decodeImage` for
 * readings of ids, which it also throws as. Only for files that `readStripFile` found no reason to read whole. Throws SampleError
 * `unreadable-file` for one that the system does not give, RunError where the folder has no room.
 */
export async function idsToDisk(
  path: string,
  shown: string,
  options: Pick<ImageOptions, 'page' | 'maxPixels' | 'palette'>,
  folder: StripFolder,
): Promise<StoredRaster> {
  choosePage(1, options.page, shown);
  return readingSource(path, shown, folder.room, async (bytes) => {
    const layout = readPngLayout(bytes, shown);
    const {width, height, depth} = layout;
    checkPixels(width, height, options.maxPixels, shown);
    const array = depth === 16 ? Uint16Array : Uint8Array;
    const length = width * height;
    await folder.reserve(length * array.BYTES_PER_ELEMENT, shown);
    const name = folder.name('.ids');
    await writeIds(layout, name, shown);
    const data = new FileElements({file: folder.open(name, 'r'), offset: 0, array, length}, folder.room);
    const ids = {data, height, width, channels: 1, maximum: 2 ** depth - 1};
    const of = options.palette && layout.palette.length > 0 ? idsByIndex(layout.palette, options.palette) : null;
    if (!of) return ids;
    const convert = (indices: PixelData) => Uint16Array.from(indices, of);
    return {...ids, data: convertedElements(data, {array: Uint16Array, from: 1, to: 1, convert}), maximum: 65_535};
  });
}

async function writeIds(layout: PngLayout, file: string, shown: string): Promise<void> {
  const lines = new IdLines(layout, shown);
  const numbers = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) yield* lines.of(piece);
    lines.end();
  };
  const inflate = createInflate({chunkSize: STRETCH});
  const source = Readable.from(copies(layout.data()));
  // No part of the pipeline: that takes it for a fault when bytes are left over, which PNG allows.
  source.on('error', (error) => inflate.destroy(error)).pipe(inflate);
  try {
    await pipeline(inflate, numbers, createWriteStream(file, {flags: 'wx', mode: 0o600}));
  } catch (error) {
    if (error instanceof SampleError) throw error;
    // What the system says of the file that is read is a SampleError by now.
    throw error instanceof Error && 'syscall' in error ? storageError(error, file) : uninflated(shown, error);
  } finally {
    source.destroy();
  }
}

/** A piece lies in memory until the next one, and the inflater asks for that before it is done. */
function* copies(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const piece of pieces) yield Uint8Array.from(piece);
}
