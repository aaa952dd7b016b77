import {SampleError} from '../errors.js';

/** The formats that can be read. */
export type Format = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff' | 'bmp' | 'pnm' | 'npy' | 'npz';

/** Their names, as errors list them. */
const SUPPORTED_FORMATS = 'PNG, JPEG, WebP, AVIF, TIFF, BMP, PNM, PFM, NPY, NPZ';

type Test = (bytes: Buffer) => boolean;

const starts =
  (...signature: number[]): Test =>
  (bytes) =>
    signature.every((byte, i) => bytes[i] === byte);

const text =
  (expected: string, at = 0): Test =>
  (bytes) =>
    bytes.toString('latin1', at, at + expected.length) === expected;

/** Sizes of the header that follows a BMP's first 14 bytes. */
const BMP_HEADERS = [12, 16, 40, 52, 56, 64, 108, 124];

/** Whether an ISO media file (ftyp) names one of the brands, or has it as its major one alone. */
const brand =
  (brands: RegExp, where: 'major' | 'any'): Test =>
  (bytes) => {
    if (!text('ftyp', 4)(bytes)) return false;
    const end = where === 'major' ? 12 : Math.min(bytes.readUInt32BE(0), bytes.length, 256);
    for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) {
      if (brands.test(bytes.toString('latin1', at, at + 4))) return true;
    }
    return false;
  };

const READ: readonly [Format, Test][] = [
  ['png', starts(0x89, 0x50, 0x4e, 0x47)],
  ['jpeg', starts(0xff, 0xd8, 0xff)],
  ['webp', (bytes) => text('RIFF')(bytes) && (text('WEBP', 8)(bytes) || bytes.length < 12)],
  ['avif', (bytes) => brand(/^avif$/, 'any')(bytes) && !brand(/^avis$/, 'major')(bytes)],
  ['tiff', (bytes) => /^(II[*+]\0|MM\0[*+])/.test(bytes.toString('latin1', 0, 4))],
  ['npy', starts(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)],
  ['npz', (bytes) => text('PK\x03\x04')(bytes) || text('PK\x05\x06')(bytes)],
  ['bmp', (bytes) => text('BM')(bytes) && bytes.length >= 18 && BMP_HEADERS.includes(bytes.readUInt32LE(14))],
  ['pnm', (bytes) => /^(P[1-7Ff][\s#]+[\d#]|P7\s+[A-Z#])/.test(bytes.toString('latin1', 0, 64))],
];

const REFUSED: readonly [string, Test][] = [
  ['an AVIF sequence', brand(/^avis$/, 'any')],
  ['a HEIC image', brand(/^(hei[a-z]|hev[a-z]|mif1|msf1)$/, 'any')],
  ['a Canon raw image', brand(/^crx $/, 'any')],
  ['a video', text('ftyp', 4)],
  ['a video', (bytes) => starts(0x1a, 0x45, 0xdf, 0xa3)(bytes) || (text('RIFF')(bytes) && text('AVI ', 8)(bytes))],
  ['a GIF image', text('GIF8')],
  ['a PDF document', text('%PDF')],
  ['a PostScript document', text('%!PS')],
  ['an OpenEXR image', starts(0x76, 0x2f, 0x31, 0x01)],
  ['a Radiance HDR image', text('#?R')],
  ['a JPEG XL image', (bytes) => starts(0xff, 0x0a)(bytes) || text('JXL ', 4)(bytes)],
  ['a JPEG 2000 image', (bytes) => text('jP  ', 4)(bytes) || starts(0xff, 0x4f, 0xff, 0x51)(bytes)],
  ['a JPEG XR image', starts(0x49, 0x49, 0xbc)],
  ['a Photoshop document', text('8BPS')],
  ['a DDS texture', text('DDS ')],
  ['a QOI image', text('qoif')],
  ['an icon', starts(0, 0, 1, 0)],
  ['a DICOM image', text('DICM', 128)],
  ['a FITS image', text('SIMPLE  =')],
  ['a gzip archive', starts(0x1f, 0x8b)],
  ['a 7-Zip archive', starts(0x37, 0x7a, 0xbc, 0xaf)],
  ['a MATLAB file', text('MATLAB ')],
  ['an HDF5 file', starts(0x89, 0x48, 0x44, 0x46)],
  ['an SVG drawing', (bytes) => isText(bytes) && /<svg[\s>]/i.test(bytes.toString('utf8', 0, 4096))],
];

/**
 * A file's format, by its content alone: names lie.
 * Throws SampleError `empty-file`, `not-an-image` (text), or `unsupported-format`, which names the format where it is known.
 */
export function recogniseFormat(bytes: Buffer, path: string): Format {
  if (bytes.length === 0) throw new SampleError('empty-file', `${path}: the file is empty`);
  const format = READ.find(([, test]) => test(bytes))?.[0];
  if (format) return format;
  const refused = REFUSED.find(([, test]) => test(bytes))?.[0];
  if (refused) throw unsupported(path, `${refused} cannot be read`);
  if (isText(bytes)) {
    throw new SampleError(
      'not-an-image',
      `${path}: its content is text, not an image; supported formats: ${SUPPORTED_FORMATS}`,
    );
  }
  if (text('BM')(bytes)) return 'bmp';
  throw unsupported(path, 'its content is of no known image format');
}

/** The error of a file that is whole but cannot be read. */
export function unsupported(path: string, why: string): SampleError {
  return new SampleError('unsupported-format', `${path}: ${why}; supported formats: ${SUPPORTED_FORMATS}`);
}

function isText(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 1024);
  if (starts(0xff, 0xfe)(start) || starts(0xfe, 0xff)(start)) return true;
  try {
    const decoded = new TextDecoder('utf-8', {fatal: true}).decode(start, {stream: true});
    return !/\p{Cc}/u.test(decoded.replace(/[\t\n\v\f\r]/g, ''));
  } catch {
    return false;
  }
}
