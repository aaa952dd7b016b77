import {deflateSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import type {SampleError} from '../../src/errors.js';
import type {Reading} from '../../src/images/reading.js';
import {decodeBytes, fixture, png, prefixes} from './fixtures.js';
import {REFUSED_CASES} from './refused-cases.js';

describe('a file cut short fails at every length', () => {
  test.each<[string, Reading]>([
    ['png/rgb-8.png', 'pixels'],
    ['png/grey-16.png', 'labels'],
    ['png/palette-4.png', 'labels'],
    ['jpeg/rgb.jpg', 'pixels'],
    ['jpeg/rgb-progressive.jpg', 'pixels'],
    ['jpeg/grey.jpg', 'pixels'],
    ['webp/rgb-lossless.webp', 'pixels'],
    ['webp/rgb-lossy.webp', 'pixels'],
    ['avif/rgb-8.avif', 'pixels'],
    ['avif/lossy-420.avif', 'pixels'],
    ['tiff/rgb-16-big.tif', 'pixels'],
    ['tiff/rgb-16-bigtiff.tif', 'pixels'],
    ['tiff/rgb-8-deflate-tiles.tif', 'pixels'],
    ['tiff/pillow-grey-1-lzw.tif', 'labels'],
    ['pnm/rgb-16-raw.ppm', 'pixels'],
    ['pnm/grey-16.pam', 'pixels'],
    ['pnm/rgb-big.pfm', 'pixels'],
    ['bmp/rgb-24.bmp', 'pixels'],
    ['bmp/palette-8.bmp', 'labels'],
    ['npy/f4-little-c.npy', 'pixels'],
    ['npz/stored.npz', 'pixels'],
    ['npz/deflated.npz', 'pixels'],
  ])('%s as %s', async (name, reading) => {
    for (const part of prefixes(fixture(name))) {
      const error = await decodeBytes(part, name, reading).catch((caught: unknown) => caught);
      const where = `${part.length} bytes`;
      expect(error, where).toMatchObject({name: 'SampleError'});
      const {code, message} = error as {code: string; message: string};
      expect(message, where).not.toContain('\n');
      expect(message.startsWith(`${name}: `), where).toBe(true);
      if (part.length >= 64) expect(code, where).toBe('decode-failed');
    }
  });
});

test('a flipped bit in a PNG is found, whatever the reading', async () => {
  for (const reading of ['pixels', 'labels'] as const) {
    const file = Buffer.from(fixture('png/grey-8.png'));
    const at = file.indexOf('IDAT') + 10;
    file[at] = (file[at] as number) ^ 4;
    await expect(decodeBytes(file, 'a.png', reading)).rejects.toMatchObject({code: 'decode-failed'});
  }
});

test('32 KB that claim 16383x16383 pixels are refused at once', async () => {
  const side = 16_383;
  const lines = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), {level: 9});
  const file = png({width: side, height: side, depth: 1, colourType: 0}, lines);
  expect(file.length).toBeLessThan(34_000);
  for (const reading of ['pixels', 'labels'] as const) {
    await expect(decodeBytes(file, 'bomb.png', reading)).rejects.toMatchObject({
      code: 'too-many-pixels',
      message: 'bomb.png: 16383x16383 is 268402689 pixels, the limit is 64000000; raise image.max_pixels to read it',
    });
  }
});

test.each([
  'jpeg/rgb.jpg',
  'webp/rgb-lossy.webp',
  'avif/rgb-8.avif',
  'tiff/rgb-8.tif',
  'pnm/rgb-8-raw.ppm',
  'pnm/rgb-8-text.ppm',
  'bmp/rgb-24.bmp',
  'npy/u1-little-c.npy',
  'npz/stored.npz',
])('the cap holds for %s', async (name) => {
  await expect(decodeBytes(fixture(name), name, 'pixels', {maxPixels: 34})).rejects.toMatchObject({
    code: 'too-many-pixels',
  });
});

describe('what is no supported image is named', () => {
  const more = [
    ['text that begins like a BMP', Buffer.from('BM is how a bitmap begins, this is prose'), 'is text'],
    ['text that begins like a PNM', Buffer.from('P6 is how a pixmap begins, this is prose'), 'is text'],
    ['UTF-16 text', Buffer.from('\ufeffhello', 'utf16le'), 'is text'],
    ['an SVG after a comment', Buffer.from('<!-- drawn -->\n<svg width="8" height="8"/>'), 'an SVG'],
    ['zeros', Buffer.alloc(4096), 'no known image format'],
  ] as const;
  test.each([...REFUSED_CASES, ...more])('%s', async (_, bytes, called) => {
    const error = await decodeBytes(bytes, 'photo.png').catch((caught: unknown) => caught);
    expect(error).toMatchObject({name: 'SampleError', message: expect.stringContaining(called)});
    const {code, message} = error as SampleError;
    expect(message.startsWith('photo.png: ')).toBe(true);
    if (bytes.length === 0) return expect(code).toBe('empty-file');
    expect(code).toBe(called === 'is text' ? 'not-an-image' : 'unsupported-format');
    expect(message).toContain('supported formats: PNG, JPEG, WebP, AVIF, TIFF, BMP, PNM, PFM, NPY, NPZ');
  });

  test('a JPEG named .png is a JPEG', async () => {
    expect(await decodeBytes(fixture('jpeg/rgb.jpg'), 'photo.png')).toMatchObject({height: 23, width: 31});
  });
});
