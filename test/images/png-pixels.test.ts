import {deflateSync} from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
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

describe('the pixels are those that libvips decodes', () => {
  test('of any colours, depth and filters, in any number of pieces', async () => {
    await fc.assert(
      fc.asyncProperty(files, async ({header, file}) => {
        // sharp drops the alpha of 8-bit grey.
        fc.pre(header.colourType !== 4 || header.depth === 16);
        const {data} = await decodeBytes(file, 'a.png', 'pixels', {alpha: 'drop'});
        const colours = header.colourType === 4 ? 1 : 3;
        const all = await bySharp(file, header.depth);
        const kept = header.colourType < 4 ? all : all.filter((_, i) => i % (colours + 1) < colours);
        expect(Array.from(data)).toEqual(kept);
        if (header.colourType === 0) expect((await decodeBytes(file, 'a.png', 'labels')).data).toEqual(data);
      }),
      {numRuns: 200},
    );
  });

  test.each(['png/smooth-8.png', 'png/smooth-16.png'])('%s, read as pixels and as ids', async (name) => {
    const bytes = fixture(name);
    const expected = await bySharp(bytes, name.includes('16') ? 16 : 8);
    for (const reading of ['pixels', 'labels'] as const) {
      expect(Array.from((await decodeBytes(bytes, name, reading)).data)).toEqual(expected);
    }
  });
});

describe('chunks besides the pixels', () => {
  const header = {width: 2, height: 1, depth: 8, colourType: 2};
  const pixels = ['IDAT', deflateSync(Buffer.from([0, 1, 2, 3, 4, 5, 6]))] as const;

  test('a text is left aside', async () => {
    const file = pngOf(header, [['tEXt', Buffer.from('Comment\0of 1 × 2')], pixels]);
    expect(Array.from((await decodeBytes(file, 'a.png')).data)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a transparent colour makes an alpha, wherever it stands', async () => {
    const file = pngOf(header, [['tRNS', Buffer.from([0, 1, 0, 2, 0, 3])], pixels]);
    await expect(decodeBytes(file, 'a.png')).rejects.toMatchObject({code: 'alpha'});
  });

  test('a chunk that must be understood and is not known is refused', async () => {
    const file = pngOf(header, [['ABCD', Buffer.from('?')], pixels]);
    await expect(decodeBytes(file, 'a.png')).rejects.toMatchObject({code: 'decode-failed'});
  });

  test('pixels in two places are refused', async () => {
    const data = pixels[1];
    const pieces = [
      ['IDAT', data.subarray(0, 5)],
      ['tEXt', Buffer.from('a\0b')],
      ['IDAT', data.subarray(5)],
    ] as const;
    await expect(decodeBytes(pngOf(header, pieces), 'a.png')).rejects.toMatchObject({code: 'decode-failed'});
  });

  test.each([6, 8, 1000])('%i bytes where seven should be are refused', async (length) => {
    const file = pngOf(header, [['IDAT', deflateSync(Buffer.alloc(length))]]);
    await expect(decodeBytes(file, 'a.png')).rejects.toMatchObject({code: 'decode-failed'});
  });
});
