import {deflateSync} from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import {readPngLayout} from '../../src/images/png-chunks.js';
import {decodePngPixels, storesPixels} from '../../src/images/png-pixels.js';
import {decodeBytes, fixture, pngOf} from './fixtures.js';

/** The pixels as libvips decodes them. */
async function bySharp(bytes: Buffer, depth: number): Promise<number[]> {
  const image = sharp(bytes, {ignoreIcc: true});
  const {space} = await image.metadata();
  // Left to itself it makes 8 bits of 16, and of grey with alpha grey.
  const data = await image
    .toColourspace(space ?? 'srgb')
    .raw({depth: depth === 16 ? 'ushort' : 'uchar'})
    .toBuffer();
  return Array.from(depth === 16 ? new Uint16Array(new Uint8Array(data).buffer) : data);
}

const CHANNELS: Readonly<Record<number, number>> = {0: 1, 2: 3, 4: 2, 6: 4};

const files = fc
  .record({
    width: fc.integer({min: 1, max: 20}),
    height: fc.integer({min: 1, max: 8}),
    depth: fc.constantFrom(8, 16),
    colourType: fc.constantFrom(0, 2, 4, 6),
    parts: fc.integer({min: 1, max: 4}),
  })
  .chain(({parts, ...header}) => {
    const length = (header.width * (CHANNELS[header.colourType] as number) * header.depth) / 8;
    const line = fc
      .tuple(fc.nat(4), fc.uint8Array({minLength: length, maxLength: length}))
      .map(([filter, bytes]) => Buffer.from([filter, ...bytes]));
    return fc.array(line, {minLength: header.height, maxLength: header.height}).map((lines) => {
      const data = deflateSync(Buffer.concat(lines));
      const part = Math.ceil(data.length / parts);
      const chunks = Array.from(
        {length: Math.ceil(data.length / part)},
        (_, i) => ['IDAT', data.subarray(i * part, (i + 1) * part)] as const,
      );
      return {header, file: pngOf(header, chunks)};
    });
  });

async function decoded(file: Buffer) {
  const layout = readPngLayout(file, 'a.png');
  expect(storesPixels(layout)).toBe(true);
  return decodePngPixels(layout, 'a.png');
}

describe('the pixels are those that libvips decodes', () => {
  test('of any colours, depth and filters, in any number of pieces', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({header, file}) => {
        const {raster, alpha} = await decoded(file);
        expect(alpha).toBe(header.colourType >= 4);
        expect(raster).toMatchObject({height: header.height, width: header.width, maximum: 2 ** header.depth - 1});
        // sharp drops the alpha of 8-bit grey.
        const greys = header.colourType === 4 && header.depth === 8;
        const values = Array.from(raster.data).filter((_, i) => !(greys && i % 2 === 1));
        expect(values).toEqual(await bySharp(file, header.depth));
        if (header.colourType === 0) expect((await decodeBytes(file, 'a.png', 'labels')).data).toEqual(raster.data);
      }),
      {numRuns: 200},
    );
  });

  test.each(['png/smooth-8.png', 'png/smooth-16.png'])('%s, read as pixels and as ids', async (name) => {
    const bytes = fixture(name);
    const expected = await bySharp(bytes, name.includes('16') ? 16 : 8);
    expect(Array.from((await decoded(bytes)).raster.data)).toEqual(expected);
    expect(Array.from((await decodeBytes(bytes, name, 'labels')).data)).toEqual(expected);
  });
});

const HEADER = {width: 2, height: 1, depth: 8, colourType: 2};
const PIXELS = ['IDAT', deflateSync(Buffer.from([0, 1, 2, 3, 4, 5, 6]))] as const;

test('a text is left aside', async () => {
  const file = pngOf(HEADER, [['tEXt', Buffer.from('Comment\0of 1 × 2')], PIXELS]);
  expect(Array.from((await decoded(file)).raster.data)).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each<[string, readonly (readonly [string, Buffer])[]]>([
  ['a transparent colour', [['tRNS', Buffer.from([0, 1, 0, 2, 0, 3])], PIXELS]],
  ['an orientation', [['eXIf', Buffer.from('MM')], PIXELS]],
  ['a profile', [['iCCP', Buffer.from('a\0\0')], PIXELS]],
  ['a chunk that must be understood', [['ABCD', Buffer.from('?')], PIXELS]],
  ['a chunk whose name is none', [['a?cd', Buffer.from('?')], PIXELS]],
  [
    'pixels in two places',
    [
      ['IDAT', PIXELS[1].subarray(0, 5)],
      ['tEXt', Buffer.from('a\0b')],
      ['IDAT', PIXELS[1].subarray(5)],
    ],
  ],
])('%s is left to libvips', (_, chunks) => {
  expect(storesPixels(readPngLayout(pngOf(HEADER, chunks), 'a.png'))).toBe(false);
});

test.each([6, 8, 1000])('%i bytes where seven should be are refused', async (length) => {
  await expect(decoded(pngOf(HEADER, [['IDAT', deflateSync(Buffer.alloc(length))]]))).rejects.toMatchObject({
    code: 'decode-failed',
  });
});
