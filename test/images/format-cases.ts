import type {ImageOptions} from '../../src/images/decode.js';
import {
  coloured,
  numpy,
  peer,
  type Reference,
  sixtyFourths,
  stored,
  turnedRound,
  wideColours,
  wideIntegers,
  widened,
  withoutAlpha,
} from './references.js';

/** A file and its size where that is not 5 rows of 7 pixels. */
type Variant = string | readonly [file: string, height: number, width: number];

/** A row of the table in docs/formats.md: all its files must decode to their references, or be refused in the same words. */
export interface FormatCase {
  readonly format: string;
  readonly content: string;
  readonly files: readonly Variant[];
  /** Null: refused. */
  readonly pixels: Reference | null;
  /** Null: refused; undefined where ids are no question. */
  readonly ids?: Reference | null | undefined;
  readonly options?: Partial<ImageOptions>;
}

function row(
  format: string,
  content: string,
  files: readonly Variant[],
  pixels: Reference | null,
  ids?: Reference | null,
  options: Partial<ImageOptions> = {},
): FormatCase {
  return {format, content, files, pixels, ids, options};
}

const drop = {alpha: 'drop'} as const;
const maximum = (bits: number) => 2 ** bits - 1;
const exact = (channels: number, bits: number) => stored(channels, maximum(bits));
const opaque = (channels: number, bits: number) => withoutAlpha(channels, maximum(bits));

const png = [
  ...[1, 2, 4].map((bits) => row('PNG', `grey, ${bits} bit`, pngs(`grey-${bits}`), widened(bits), exact(1, bits))),
  ...[8, 16].map((bits) => row('PNG', `grey, ${bits} bit`, pngs(`grey-${bits}`), exact(1, bits), exact(1, bits))),
  ...[1, 2, 4, 8].map((bits) =>
    row('PNG', `palette, ${bits} bit`, pngs(`palette-${bits}`), coloured(bits), exact(1, bits)),
  ),
  ...[8, 16].flatMap((bits) => [
    row('PNG', `grey and alpha, ${bits} bit`, [`png/grey-alpha-${bits}.png`], opaque(2, bits), opaque(2, bits), drop),
    row('PNG', `RGB, ${bits} bit`, pngs(`rgb-${bits}`), exact(3, bits)),
    row('PNG', `RGB and alpha, ${bits} bit`, [`png/rgba-${bits}.png`], opaque(4, bits), undefined, drop),
  ]),
  row('PNG', 'animated', ['png/animated.png'], null, null),
];

function pngs(name: string): Variant[] {
  return [`png/${name}.png`, [`png/${name}-interlaced.png`, 11, 9]];
}

const icc = {icc: 'convert'} as const;

const photos = [
  row('JPEG', 'grey', ['jpeg/grey.jpg'], peer('jpeg/grey.jpg.npy'), peer('jpeg/grey.jpg.npy')),
  ...['rgb', 'rgb-444', 'rgb-progressive'].map((name, i) =>
    row('JPEG', `RGB, ${['4:2:0', '4:4:4', 'progressive'][i]}`, [`jpeg/${name}.jpg`], peer(`jpeg/${name}.jpg.npy`)),
  ),
  row('JPEG', 'CMYK', ['jpeg/cmyk.jpg'], null, null),
  row('JPEG', 'CMYK with a profile', ['icc/cmyk.jpg'], null, null),
  row('JPEG', 'CMYK with a profile, `icc: convert`', ['icc/cmyk.jpg'], peer('icc/cmyk.jpg.npy', 1), null, icc),
  row('JPEG', '12 bit', ['refused/bits-12.jpg'], null, null),
  row('JPEG', 'lossless', ['refused/lossless.jpg'], null, null),
  row('WebP', 'RGB, lossless', ['webp/rgb-lossless.webp'], exact(3, 8)),
  row('WebP', 'RGB and alpha, lossless', ['webp/rgba-lossless.webp'], opaque(4, 8), undefined, drop),
  row('WebP', 'RGB, lossy', ['webp/rgb-lossy.webp'], peer('webp/rgb-lossy.webp.npy')),
  row('WebP', 'animated', ['webp/animated.webp'], null, null),
  ...[8, 10, 12].flatMap((bits) => [
    row('AVIF', `grey, ${bits} bit, lossless`, [[`avif/grey-${bits}.avif`, 16, 24]], exact(1, bits), exact(1, bits)),
    row('AVIF', `RGB, ${bits} bit, lossless`, [[`avif/rgb-${bits}.avif`, 16, 24]], exact(3, bits)),
    row(
      'AVIF',
      `RGB and alpha, ${bits} bit, lossless`,
      [[`avif/rgba-${bits}.avif`, 16, 24]],
      opaque(4, bits),
      undefined,
      drop,
    ),
  ]),
  row('AVIF', 'RGB, lossy, 4:4:4', ['avif/lossy-444.avif'], peer('avif/lossy-444.avif.npy', 1)),
  row('AVIF', 'RGB, lossy, 4:2:0', ['avif/lossy-420.avif'], peer('avif/lossy-420.avif.npy', 15)),
];

const NAMES = {i1: 'int8', i2: 'int16', i4: 'int32', u4: 'uint32', f4: 'float32', f8: 'float64'} as const;

const rgb8: Variant[] = [
  ...['rgb-8', 'rgb-8-big', 'rgb-8-predictor', 'pillow-rgb-8-packbits'].map((name) => `tiff/${name}.tif`),
  ...['strips', 'tiles', 'lzw-tiles', 'deflate-tiles', 'packbits-tiles'].map(
    (name) => [`tiff/rgb-8-${name}.tif`, 19, 37] as const,
  ),
];
const rgb16: Variant[] = [
  ...['', '-big', '-bigtiff', '-bigtiff-big', '-planar', '-predictor', '-predictor-big'].map(
    (name) => `tiff/rgb-16${name}.tif`,
  ),
  'tiff/opencv-rgb-16-lzw.tif',
  ...['lzw', 'deflate', 'packbits', 'tiles-planar'].map((name) => [`tiff/rgb-16-${name}.tif`, 19, 37] as const),
];
const rgba8 = ['rgba-8', 'pillow-rgba-8-deflate', 'opencv-rgba-8-lzw'].map((name) => `tiff/${name}.tif`);
const predicted = new Set(['u4', 'i2', 'f4', 'f8']);

const tiff = [
  row('TIFF', 'grey, 1 bit', ['tiff/grey-1.tif', 'tiff/pillow-grey-1-lzw.tif'], exact(1, 1), exact(1, 1)),
  ...[2, 4, 8].map((bits) =>
    row('TIFF', `grey, ${bits} bit`, [`tiff/grey-${bits}.tif`], exact(1, bits), exact(1, bits)),
  ),
  row('TIFF', 'grey, 16 bit', ['tiff/grey-16.tif', 'tiff/pillow-grey-16.tif'], exact(1, 16), exact(1, 16)),
  row('TIFF', 'grey, white stored as 0, 1 bit', ['tiff/white-is-zero-1.tif'], turnedRound(1), null),
  ...[8, 16].map((bits) =>
    row('TIFF', `grey, white stored as 0, ${bits} bit`, [`tiff/white-is-zero-${bits}.tif`], turnedRound(bits), null),
  ),
  ...[1, 2, 4].map((bits) =>
    row('TIFF', `palette, ${bits} bit`, [`tiff/palette-${bits}.tif`], coloured(bits), exact(1, bits)),
  ),
  row(
    'TIFF',
    'palette, 8 bit',
    ['tiff/palette-8-times-256.tif', 'tiff/palette-8-times-257.tif', 'tiff/pillow-palette-8.tif'],
    coloured(8),
    exact(1, 8),
  ),
  row('TIFF', 'palette of 16-bit colours, 8 bit', ['tiff/palette-8-wide.tif'], wideColours, exact(1, 8)),
  row('TIFF', 'RGB, 8 bit', rgb8, exact(3, 8)),
  row('TIFF', 'RGB, 16 bit', rgb16, exact(3, 16)),
  ...[8, 16].flatMap((bits) => [
    row('TIFF', `grey and alpha, ${bits} bit`, [`tiff/grey-alpha-${bits}.tif`], opaque(2, bits), opaque(2, bits), drop),
    row(
      'TIFF',
      `RGB and alpha, ${bits} bit`,
      bits === 8 ? rgba8 : ['tiff/rgba-16.tif'],
      opaque(4, bits),
      undefined,
      drop,
    ),
    row('TIFF', `5 bands, ${bits} bit`, [`tiff/bands-${bits}.tif`], exact(5, bits)),
  ]),
  row('TIFF', 'RGB and an unnamed band, 8 bit', ['tiff/rgb-spare-8.tif'], exact(4, 8)),
  row('TIFF', 'RGB and premultiplied alpha', ['tiff/rgba-premultiplied-8.tif'], null, undefined, drop),
  ...(Object.keys(NAMES) as (keyof typeof NAMES)[]).map((dtype) => {
    const names = ['', '-big', ...(predicted.has(dtype) ? ['-predictor'] : [])];
    return row(
      'TIFF',
      `RGB, ${NAMES[dtype]}`,
      names.map((name) => `tiff/rgb-${dtype}${name}.tif`),
      numpy(dtype),
    );
  }),
  row(
    'TIFF',
    'RGB, float16',
    ['', '-big', '-predictor'].map((name) => `tiff/rgb-f2${name}.tif`),
    sixtyFourths(3),
  ),
  row('TIFF', 'RGB and alpha, float32', ['tiff/rgba-f4.tif'], withoutAlpha(4, 255, 256), undefined, drop),
  row('TIFF', '3 channels, int64', ['tiff/rgb-i8.tif', 'tiff/rgb-i8-big.tif'], null, wideIntegers(-(2 ** 50))),
  row(
    'TIFF',
    '3 channels, uint64',
    ['tiff/rgb-u8.tif', 'tiff/rgb-u8-big.tif', 'tiff/rgb-u8-predictor.tif'],
    null,
    wideIntegers(0),
  ),
  row('TIFF', 'three pages', ['tiff/pages.tif'], null, null),
  row('TIFF', 'three pages, `page: 1`', [['tiff/pages.tif', 6, 7]], exact(1, 8), exact(1, 8), {page: 1}),
  row('TIFF', 'an image and smaller copies of it', ['tiff/pyramid.tif'], exact(1, 8), exact(1, 8)),
  row('TIFF', 'CMYK with a profile', ['icc/cmyk.tif'], null, null),
  row('TIFF', 'CMYK with a profile, `icc: convert`', ['icc/cmyk.tif'], peer('icc/cmyk.tif.npy', 1), null, icc),
  row('TIFF', 'CIELab', ['tiff/refused-lab.tif'], null, null),
  row('TIFF', '12 bit', ['tiff/refused-12-bit.tif'], null, null),
  row('TIFF', 'complex numbers', ['tiff/refused-complex.tif'], null, null),
  row('TIFF', 'JPEG inside', ['tiff/refused-jpeg.tif'], null, null),
  row('TIFF', 'Zstandard', ['tiff/refused-zstd.tif'], null, null),
  row('TIFF', 'CCITT group 4', ['tiff/refused-group-4.tif'], null, null),
];

const others = [
  row('BMP', 'grey, 1 bit', ['bmp/grey-1.bmp'], widened(1), exact(1, 1)),
  row('BMP', 'grey, 8 bit', ['bmp/grey-8.bmp', 'bmp/opencv-grey-8.bmp'], exact(1, 8), exact(1, 8)),
  row('BMP', 'palette, 8 bit', ['bmp/palette-8.bmp'], coloured(8), exact(1, 8)),
  row('BMP', 'RGB, 24 bit', ['bmp/rgb-24.bmp', 'bmp/opencv-rgb-24.bmp'], exact(3, 8)),
  row('BMP', 'RGB and alpha, 32 bit', ['bmp/rgba-32.bmp', 'bmp/opencv-rgba-32.bmp'], opaque(4, 8), undefined, drop),
  row('PNM', 'PBM, 1 bit, text or raw', ['pnm/bits-text.pbm', 'pnm/bits-raw.pbm'], exact(1, 1), exact(1, 1)),
  ...[8, 16].flatMap((bits) => [
    row(
      'PNM',
      `PGM or PAM, grey, ${bits} bit`,
      [`pnm/grey-${bits}-text.pgm`, `pnm/grey-${bits}-raw.pgm`, `pnm/grey-${bits}.pam`],
      exact(1, bits),
      exact(1, bits),
    ),
    row(
      'PNM',
      `PPM or PAM, RGB, ${bits} bit`,
      [`pnm/rgb-${bits}-text.ppm`, `pnm/rgb-${bits}-raw.ppm`, `pnm/rgb-${bits}.pam`],
      exact(3, bits),
    ),
    row('PNM', `PAM, RGB and alpha, ${bits} bit`, [`pnm/rgba-${bits}.pam`], opaque(4, bits), undefined, drop),
  ]),
  row('PFM', 'grey, float32', ['pnm/grey-pillow.pfm'], sixtyFourths(1), sixtyFourths(1)),
  row('PFM', 'RGB, float32', ['pnm/rgb-opencv.pfm', 'pnm/rgb-big.pfm'], sixtyFourths(3)),
  row('NPY', '3 channels, bool', npys('b1'), numpy('b1')),
  row('NPY', '3 channels, uint8', npys('u1'), numpy('u1')),
  row('NPY', '3 channels, uint16', npys('u2'), numpy('u2')),
  ...(Object.keys(NAMES) as (keyof typeof NAMES)[]).map((dtype) =>
    row('NPY', `3 channels, ${NAMES[dtype]}`, npys(dtype), numpy(dtype)),
  ),
  row('NPY', '3 channels, float16', npys('f2'), sixtyFourths(3)),
  row('NPY', '3 channels, int64', npys('i8'), null, wideIntegers(-(2 ** 50))),
  row('NPY', '3 channels, uint64', npys('u8'), null, wideIntegers(0)),
  row('NPY', 'structured', ['npy/structured.npy'], null, null),
  row('NPY', 'complex numbers', ['npy/complex.npy'], null, null),
  row('NPY', 'Python objects', ['npy/object.npy'], null, null),
  row('NPZ', 'one array', ['npz/stored.npz'], exact(3, 16)),
  row('NPZ', 'two arrays', ['npz/two.npz'], null, null),
];

function npys(dtype: string): Variant[] {
  const orders = dtype.endsWith('1') ? ['little-c', 'little-f'] : ['little-c', 'little-f', 'big-c', 'big-f'];
  return orders.map((order) => `npy/${dtype}-${order}.npy`);
}

/** Every format, depth and number of channels that is read, and the kinds that are refused. */
export const FORMAT_CASES: readonly FormatCase[] = [...png, ...photos, ...tiff, ...others];
