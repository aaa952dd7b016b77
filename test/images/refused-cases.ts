import {fixture} from './fixtures.js';

const ftyp = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand}${brand}`, 'latin1');
const magic = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(200, 0xee)]);

/** Files of formats that are not read: what they are and what the refusal must call them. */
export const REFUSED_CASES: readonly (readonly [name: string, bytes: Buffer, called: string])[] = [
  ['GIF', fixture('refused/image.gif'), 'a GIF'],
  ['JPEG 2000', fixture('refused/image.jp2'), 'a JPEG 2000'],
  ['JPEG XL', fixture('refused/image.jxl'), 'a JPEG XL'],
  ['JPEG XR', magic('II\xbc\x01'), 'a JPEG XR'],
  ['AVIF sequence', fixture('refused/sequence.avif'), 'an AVIF sequence'],
  ['HEIC', ftyp('heic'), 'a HEIC'],
  ['Canon CR3', ftyp('crx '), 'a Canon raw'],
  ['MP4', ftyp('isom'), 'a video'],
  ['Matroska, WebM', magic('\x1a\x45\xdf\xa3'), 'a video'],
  ['AVI', magic('RIFF\0\0\0\0AVI '), 'a video'],
  ['OpenEXR', magic('\x76\x2f\x31\x01'), 'an OpenEXR'],
  ['Radiance HDR', fixture('refused/image.hdr'), 'a Radiance HDR'],
  ['Photoshop', magic('8BPS\0\x01'), 'a Photoshop'],
  ['DDS', magic('DDS '), 'a DDS'],
  ['QOI', magic('qoif'), 'a QOI'],
  ['ICO', magic('\0\0\x01\0'), 'an icon'],
  ['DICOM', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(60)]), 'a DICOM'],
  ['FITS', Buffer.from('SIMPLE  =                    T'), 'a FITS'],
  [
    'SVG',
    Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
    'an SVG',
  ],
  ['PDF', Buffer.from('%PDF-1.7\n'), 'a PDF'],
  ['PostScript', Buffer.from('%!PS-Adobe-3.0\n'), 'a PostScript'],
  ['MATLAB', magic('MATLAB 5.0 MAT-file'), 'a MATLAB'],
  ['HDF5', magic('\x89HDF\r\n\x1a\n'), 'an HDF5'],
  ['gzip', magic('\x1f\x8b\x08'), 'a gzip'],
  ['7-Zip', magic('\x37\x7a\xbc\xaf'), 'a 7-Zip'],
  ['ZIP of other files', fixture('npz/no-array.npz'), 'a ZIP archive without an array'],
  ['text', Buffer.from('not an image at all\n'), 'is text'],
  ['an empty file', Buffer.alloc(0), 'is empty'],
  ['anything else', Buffer.from([0, 1, 2, 3, 250, 251, 252, 253]), 'no known image format'],
];
