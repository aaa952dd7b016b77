import {deflateSync} from 'node:zlib';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';
import {decodeBytes, fixture, png, prefixes} from './fixtures.js';

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

test.each(['jpeg/rgb.jpg', 'webp/rgb-lossy.webp', 'bmp/rgb-24.bmp', 'npy/u1-little-c.npy', 'npz/stored.npz'])(
  'the cap holds for %s',
  async (name) => {
    await expect(decodeBytes(fixture(name), name, 'pixels', {maxPixels: 34})).rejects.toMatchObject({
      code: 'too-many-pixels',
    });
  },
);

describe('what is no supported image is named', () => {
  const svg = '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
  test.each<[string, Buffer, string, string]>([
    ['an empty file', Buffer.alloc(0), 'empty-file', 'is empty'],
    ['text', Buffer.from('not an image at all\n'), 'not-an-image', 'its content is text, not an image'],
    ['text that begins like a BMP', Buffer.from('BM is how a bitmap begins, this is prose'), 'not-an-image', 'text'],
    ['UTF-16 text', Buffer.from('\ufeffhello', 'utf16le'), 'not-an-image', 'text'],
    ['an SVG', Buffer.from(svg), 'unsupported-format', 'SVG'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'unsupported-format', 'PDF'],
    ['a GIF', fixture('refused/image.gif'), 'unsupported-format', 'GIF'],
    ['a PPM', fixture('refused/image.ppm'), 'unsupported-format', 'PNM'],
    ['an AVIF', fixture('refused/image.avif'), 'unsupported-format', 'AVIF'],
    ['a JPEG 2000', fixture('refused/image.jp2'), 'unsupported-format', 'JPEG 2000'],
    ['a TIFF', fixture('refused/image.tif'), 'unsupported-format', 'TIFF'],
    ['noise', Buffer.from([0, 1, 2, 3, 250, 251, 252, 253]), 'unsupported-format', 'no known image format'],
    ['zeros', Buffer.alloc(4096), 'unsupported-format', 'no known image format'],
  ])('%s', async (_, bytes, code, part) => {
    await expect(decodeBytes(bytes, 'photo.png')).rejects.toMatchObject({
      name: 'SampleError',
      code,
      message: expect.stringContaining(part),
    });
    if (bytes.length > 0) await expect(decodeBytes(bytes)).rejects.toThrow('PNG, JPEG, WebP, BMP, NPY, NPZ');
  });

  test('a JPEG named .png is a JPEG', async () => {
    expect(await decodeBytes(fixture('jpeg/rgb.jpg'), 'photo.png')).toMatchObject({height: 23, width: 31});
  });
});

test.each([
  'png/palette-4.png',
  'jpeg/grey.jpg',
  'webp/rgb-lossless.webp',
  'bmp/palette-8.bmp',
  'bmp/opencv-rgba-32.bmp',
  'npy/u1-little-c.npy',
  'npz/deflated.npz',
])('%s with bytes changed is an image or a failed sample, nothing else', async (name) => {
  const file = fixture(name);
  const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), {minLength: 1, maxLength: 4});
  await fc.assert(
    fc.asyncProperty(changes, fc.constantFrom<Reading>('pixels', 'labels'), async (edits, reading) => {
      const bytes = Buffer.from(file);
      for (const [at, value] of edits) bytes[at] = value;
      const outcome = await decodeBytes(bytes, name, reading, {alpha: 'drop', maxPixels: 10_000}).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof SampleError) return;
      const {data, height, width, channels} = outcome as Raster;
      expect(data.length).toBe(height * width * channels);
    }),
    {numRuns: 200},
  );
});
