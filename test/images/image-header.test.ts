import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import {decodeImage} from '../../src/images/decode.js';
import {readImageHeader} from '../../src/images/image-header.js';
import type {Raster} from '../../src/images/raster.js';

const images = fileURLToPath(new URL('../../fixtures/images/', import.meta.url));
const OPTIONS = {
  color: 'auto',
  alpha: 'drop',
  orient: true,
  icc: 'ignore',
  page: null,
  palette: null,
  maxPixels: 1_000_000,
} as const;

const FOLDERS = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'bmp', 'pnm', 'npy', 'npz', 'orientation'];

/** Fixtures that decode, with their pixels. */
const decoded = new Map<string, Raster>();
for (const name of FOLDERS.flatMap((folder) => readdirSync(images + folder).map((file) => `${folder}/${file}`))) {
  try {
    decoded.set(name, await decodeImage(readFileSync(images + name), name, 'pixels', OPTIONS));
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
  }
}

test('a header says what decoding gives', async () => {
  expect(decoded.size).toBeGreaterThan(200);
  for (const [name, raster] of decoded) {
    const {width, height, channels, palette} = await readImageHeader(images + name);
    expect({name, width, height}).toEqual({name, width: raster.width, height: raster.height});
    // The codec says monochrome where the file's own header says colour.
    if (!palette && !/avif\/grey/.test(name)) expect({name, channels}).toEqual({name, channels: raster.channels});
  }
});

describe('depth, palette, alpha, pages, profile', () => {
  test.each<[string, object]>([
    ['png/grey-1.png', {format: 'png', depth: '1-bit', channels: 1, palette: false}],
    ['png/palette-4.png', {depth: '4-bit', channels: 1, palette: true}],
    ['png/rgba-16.png', {depth: '16-bit', channels: 3, alpha: true}],
    ['png/rgb-profile-8.png', {depth: '8-bit', profile: true}],
    ['jpeg/rgb.jpg', {format: 'jpeg', depth: '8-bit', channels: 3, cmyk: false}],
    ['jpeg/cmyk.jpg', {cmyk: true, channels: 4}],
    ['avif/rgb-12.avif', {format: 'avif', depth: '12-bit'}],
    ['tiff/pages.tif', {format: 'tiff', pages: 3}],
    ['tiff/palette-8-times-257.tif', {palette: true, channels: 1}],
    ['tiff/rgb-f8.tif', {depth: 'float64', channels: 3}],
    ['tiff/rgb-i2.tif', {depth: 'int16'}],
    ['icc/cmyk.tif', {cmyk: true, profile: true}],
    ['bmp/palette-8.bmp', {format: 'bmp', depth: '8-bit', palette: true, channels: 1}],
    ['bmp/rgb-24.bmp', {depth: '8-bit', palette: false, channels: 3}],
    ['pnm/grey-16-raw.pgm', {format: 'pnm', depth: '16-bit', channels: 1}],
    ['pnm/rgb-big.pfm', {depth: 'float32', channels: 3}],
    ['npy/b1-little-c.npy', {format: 'npy', depth: 'boolean'}],
    ['npy/i8-little-c.npy', {depth: 'int64'}],
    ['npz/stored.npz', {format: 'npz'}],
  ])('%s', async (name, expected) => expect(await readImageHeader(images + name)).toMatchObject(expected));
});

test.each([
  ['refused/image.gif', 'a GIF image cannot be read'],
  ['npy/channels-first.npy', 'channels come last'],
  ['npy/vector.npy', 'is no image'],
])('%s is refused by name', async (name, message) => {
  await expect(readImageHeader(images + name)).rejects.toThrow(message);
});
