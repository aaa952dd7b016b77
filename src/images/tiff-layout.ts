import type {Dtype} from './elements.js';
import {unsupported} from './format.js';
import {checkValues, damaged} from './stored.js';
import {TAGS, type TiffDirectory} from './tiff-directory.js';

/** What an image of a TIFF says before its pixels. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  /** Values of a pixel, alpha included. */
  readonly samples: number;
  /** Bits of a value. */
  readonly bits: number;
  readonly kind: 'u' | 'i' | 'f';
  readonly colour: 'white-is-zero' | 'grey' | 'rgb' | 'palette' | 'cmyk';
  /** Whether the last sample is an alpha, and whether the colours were multiplied by it. */
  readonly alpha: 'none' | 'straight' | 'premultiplied';
  readonly compression: 'none' | 'LZW' | 'deflate' | 'PackBits';
  /** 1 none, 2 differences along a row, 3 differences of the bytes of floats. */
  readonly predictor: number;
  /** Whether each sample has its own strips or tiles. */
  readonly planar: boolean;
  readonly tiled: boolean;
  /** Size of a strip or tile; the last strip may be lower. */
  readonly chunkWidth: number;
  readonly chunkHeight: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const COMPRESSIONS: Readonly<Record<number, TiffLayout['compression']>> = {
  1: 'none',
  5: 'LZW',
  8: 'deflate',
  32946: 'deflate',
  32773: 'PackBits',
};
const OTHER_COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT RLE',
  3: 'CCITT group 3',
  4: 'CCITT group 4',
  6: 'old-style JPEG',
  7: 'JPEG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
};
const COLOURS: Readonly<Record<number, TiffLayout['colour']>> = {
  0: 'white-is-zero',
  1: 'grey',
  2: 'rgb',
  3: 'palette',
  5: 'cmyk',
};
const OTHER_COLOURS: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  6: 'YCbCr',
  8: 'CIELab',
  9: 'ICCLab',
  10: 'ITULab',
  32803: 'raw sensor values',
  32844: 'LogL',
  32845: 'LogLuv',
  34892: 'raw sensor values',
};
const KINDS: Readonly<Record<number, TiffLayout['kind']>> = {1: 'u', 2: 'i', 3: 'f', 4: 'u'};
const DEPTHS: Readonly<Record<TiffLayout['kind'], readonly number[]>> = {
  u: [1, 2, 4, 8, 16, 32, 64],
  i: [8, 16, 32, 64],
  f: [16, 32, 64],
};
const NAMES = {u: 'unsigned integers', i: 'signed integers', f: 'floats'};

/** Samples that the colours take, before any extra ones. */
const BASE = {'white-is-zero': 1, grey: 1, rgb: 3, palette: 1, cmyk: 4};

/** The name of an element of at least 8 bits, in numpy's terms. */
export function dtypeOf({kind, bits}: TiffLayout): Dtype {
  return `${kind}${bits / 8}` as Dtype;
}

/**
 * Reads an image's tags and holds them against the pixel cap.
 * Throws SampleError `decode-failed`, `too-many-pixels`, `unsupported-format`, which names the compression, colour or depth.
 */
export function readTiffLayout(directory: TiffDirectory, path: string, maxPixels: number): TiffLayout {
  const number = (tag: number, otherwise: number) => directory.numbers(tag)[0] ?? otherwise;
  const width = number(TAGS.width, 0);
  const height = number(TAGS.height, 0);
  const samples = number(TAGS.samples, 1);
  checkValues(width, height, samples, maxPixels, path);
  const compression = named(COMPRESSIONS, OTHER_COMPRESSIONS, number(TAGS.compression, 1));
  if (!compression.known) {
    throw unsupported(path, `a TIFF with ${compression.name} compression cannot be read; save it with LZW or deflate`);
  }
  const colour = named(COLOURS, OTHER_COLOURS, number(TAGS.photometric, -1));
  if (!colour.known) throw unsupported(path, `a TIFF of ${colour.name} colours cannot be read; save it as RGB or grey`);
  if (number(TAGS.fillOrder, 1) !== 1) throw unsupported(path, 'a TIFF whose bits run backwards cannot be read');
  const depth = readDepth(directory, samples, path);
  const predictor = number(TAGS.predictor, 1);
  const predictable =
    predictor === 1 || (predictor === 2 && depth.kind !== 'f') || (predictor === 3 && depth.kind === 'f');
  if (!predictable || (predictor !== 1 && depth.bits < 8)) {
    throw unsupported(
      path,
      `a TIFF of ${depth.bits}-bit ${NAMES[depth.kind]} with predictor ${predictor} cannot be read`,
    );
  }
  const layout = {
    width,
    height,
    samples,
    ...depth,
    colour: colour.known,
    alpha: readAlpha(directory, colour.known, samples, path),
    compression: compression.known,
    predictor,
    planar: samples > 1 && number(TAGS.planar, 1) === 2,
    ...readChunks(directory, width, height),
  };
  checkChunks(layout, maxPixels, path);
  return layout;
}

function named<Known>(known: Readonly<Record<number, Known>>, others: Readonly<Record<number, string>>, value: number) {
  return {known: known[value], name: others[value] ?? `unknown (${value})`};
}

function readDepth(directory: TiffDirectory, samples: number, path: string): Pick<TiffLayout, 'bits' | 'kind'> {
  const depths = new Set(directory.numbers(TAGS.bits));
  const formats = new Set(directory.numbers(TAGS.sampleFormat));
  if (depths.size > 1 || formats.size > 1)
    throw unsupported(path, 'a TIFF whose channels differ in type cannot be read');
  const [bits = 1] = depths;
  const [format = 1] = formats;
  const kind = KINDS[format];
  if (!kind)
    throw unsupported(
      path,
      format < 7 ? 'a TIFF of complex numbers cannot be read' : `a TIFF of sample format ${format} cannot be read`,
    );
  if (!DEPTHS[kind].includes(bits)) {
    const expected = DEPTHS[kind].join(', ');
    throw unsupported(path, `a TIFF of ${bits}-bit ${NAMES[kind]} cannot be read; expected ${expected} bits`);
  }
  if (bits < 8 && samples > 1) throw unsupported(path, `a TIFF of ${samples} channels of ${bits} bits cannot be read`);
  return {bits, kind};
}

function readAlpha(
  directory: TiffDirectory,
  colour: TiffLayout['colour'],
  samples: number,
  path: string,
): TiffLayout['alpha'] {
  const extra = directory.numbers(TAGS.extraSamples);
  const base = BASE[colour];
  // Some writers (OpenCV among them) leave the tag out where they store RGB and alpha.
  if (extra.length === 0 && colour === 'rgb' && samples === 4) return 'straight';
  // Without it, bands beyond the first of a grey image are bands like it.
  const exact = base + extra.length === samples || (base === 1 && extra.length === 0 && colour !== 'palette');
  if (!exact) {
    throw damaged(
      path,
      `the TIFF is damaged: ${samples} samples a pixel, ${extra.length} of them extra, for ${colour}`,
    );
  }
  const alphas = extra.filter((kind) => kind === 1 || kind === 2);
  if (alphas.length === 0) return 'none';
  if (alphas.length > 1 || alphas[0] !== extra.at(-1)) {
    throw unsupported(path, 'a TIFF whose alpha is not its last channel cannot be read');
  }
  return alphas[0] === 1 ? 'premultiplied' : 'straight';
}

function readChunks(directory: TiffDirectory, width: number, height: number) {
  const tiled = directory.numbers(TAGS.tileOffsets).length > 0;
  const rows = directory.numbers(TAGS.rowsPerStrip)[0] ?? height;
  return {
    tiled,
    chunkWidth: tiled ? (directory.numbers(TAGS.tileWidth)[0] ?? 0) : width,
    chunkHeight: tiled ? (directory.numbers(TAGS.tileHeight)[0] ?? 0) : Math.min(rows, height),
    offsets: directory.numbers(tiled ? TAGS.tileOffsets : TAGS.stripOffsets),
    byteCounts: directory.numbers(tiled ? TAGS.tileByteCounts : TAGS.stripByteCounts),
  };
}

/** Pixels that the tiles of a small image may pad it to, whatever the cap: 4096 x 4096. */
const PADDED_PIXELS = 2 ** 24;

function checkChunks(layout: TiffLayout, maxPixels: number, path: string): void {
  const {width, height, samples, planar, tiled, chunkWidth, chunkHeight, offsets, byteCounts} = layout;
  const what = tiled ? 'tiles' : 'strips';
  if (chunkWidth < 1 || chunkHeight < 1) {
    throw damaged(path, `the TIFF is damaged: ${what} of ${chunkWidth}x${chunkHeight}`);
  }
  const [across, down] = [Math.ceil(width / chunkWidth), Math.ceil(height / chunkHeight)];
  // What is decompressed, the padding of the tiles included.
  if (tiled && across * chunkWidth * down * chunkHeight > Math.max(maxPixels, PADDED_PIXELS)) {
    throw damaged(path, `the TIFF is damaged: ${what} of ${chunkWidth}x${chunkHeight} for ${width}x${height} pixels`);
  }
  const expected = across * down * (planar ? samples : 1);
  if (offsets.length !== expected || byteCounts.length !== expected) {
    throw damaged(path, `the TIFF is damaged: ${offsets.length} ${what}, its size needs ${expected}`);
  }
}
