import type {PixelData} from '../kernels/view.js';
import {printable} from '../printable.js';
import {elements, toMachineOrder} from './elements.js';
import {unsupported} from './format.js';
import {isBlank, nextWord, type PnmHeader, pixelBytes, readPnmHeader} from './pnm-header.js';
import {damaged, type StoredImage} from './stored.js';

/**
 * Decodes PBM, PGM, PPM and PAM, text or raw, with any maximum up to 65535, and PFM of either byte order. Integers
 * come as stored with the file's own maximum; PBM, where a 1 is ink, as black 0 and white 1, as every reader shows
 * it. PFM rows run from the bottom up; the size of its scale is a unit, which is not applied.
 * Throws SampleError `decode-failed`, `too-many-pixels`, `unsupported-format`.
 */
export function decodePnm(bytes: Buffer, path: string, maxPixels: number): StoredImage {
  const header = readPnmHeader(bytes, path, maxPixels);
  const {height, width, channels, coding, alpha} = header;
  const maximum = coding === 'floats' ? null : header.maximum;
  const data = readValues(bytes, header, path);
  if (maximum !== null && (coding === 'ascii' || coding === 'bytes') && data.some((value) => value > maximum)) {
    throw damaged(path, `the PNM is damaged: a value above its maximum of ${maximum}`);
  }
  return {raster: {data, height, width, channels, maximum}, alpha};
}

function readValues(bytes: Buffer, header: PnmHeader, path: string): PixelData {
  if (header.coding === 'ascii') return readNumbers(bytes, header, path);
  if (header.coding === 'ascii-bits') return readDigits(bytes, header, path);
  const end = header.offset + pixelBytes(header);
  checkEnd(bytes, end, path);
  const pixels = bytes.subarray(header.offset, end);
  if (header.coding === 'bits') return unpackBits(pixels, header);
  if (header.coding === 'floats') return readFloats(pixels, header, path);
  const own = new Uint8Array(pixels);
  toMachineOrder(own, header.maximum > 255 ? 2 : 1, true);
  return elements(own.buffer, header.maximum > 255 ? 'u2' : 'u1', 'pixels', path).data;
}

function unpackBits(pixels: Buffer, {width, height}: PnmHeader): Uint8Array {
  const stride = Math.ceil(width / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = ((pixels[y * stride + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
      out[y * width + x] = 1 - ink;
    }
  }
  return out;
}

function readFloats(pixels: Buffer, {width, height, channels, bigEndian}: PnmHeader, path: string): PixelData {
  const row = 4 * width * channels;
  const own = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) own.set(pixels.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
  toMachineOrder(own, 4, bigEndian);
  return elements(own.buffer, 'f4', 'pixels', path).data;
}

function readNumbers(bytes: Buffer, header: PnmHeader, path: string): PixelData {
  const {width, height, channels, maximum} = header;
  const out = maximum > 255 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  let at = header.offset;
  for (let i = 0; i < out.length; i++) {
    const {word, end} = nextWord(bytes, at);
    if (word === '') throw damaged(path, `the PNM is cut short: ${i} values in place of ${out.length}`);
    // Checked here: the array would wrap a larger one.
    if (!/^\d{1,9}$/.test(word) || Number(word) > maximum) {
      throw damaged(path, `the PNM is damaged: '${printable(word.slice(0, 20))}' is no value of 0 to ${maximum}`);
    }
    out[i] = Number(word);
    at = end;
  }
  checkEnd(bytes, at, path);
  return out;
}

/** The text form of bits: digits, which need no blanks between them. */
function readDigits(bytes: Buffer, {width, height, offset}: PnmHeader, path: string): Uint8Array {
  const out = new Uint8Array(width * height);
  let at = offset;
  for (let filled = 0; filled < out.length; ) {
    const {word, end} = nextWord(bytes, at);
    if (word === '') throw damaged(path, `the PNM is cut short: ${filled} values in place of ${out.length}`);
    if (!/^[01]+$/.test(word))
      throw damaged(path, `the PNM is damaged: '${printable(word.slice(0, 20))}' is no row of 0 and 1`);
    if (filled + word.length > out.length) throw damaged(path, 'the PNM has more values than its size needs');
    for (const digit of word) out[filled++] = digit === '0' ? 1 : 0;
    at = end;
  }
  checkEnd(bytes, at, path);
  return out;
}

/** Throws unless nothing but white space (and, in text, comments) follows the pixels. */
function checkEnd(bytes: Buffer, end: number, path: string): void {
  let at = end;
  while (isBlank(bytes[at])) at++;
  if (at === bytes.length || bytes[at] === 0x23) return;
  if (/^P[1-7Ff]\s/.test(bytes.toString('latin1', at, at + 3))) {
    throw unsupported(path, 'a PNM of several images cannot be read');
  }
  throw damaged(path, `the PNM has ${bytes.length - at} bytes after its pixels`);
}
