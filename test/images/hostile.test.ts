import {deflateSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {decodeBytes, fixture, pngOf} from './fixtures.js';
import {tiffOf} from './tiff-file.js';

/** Of the processor; without the refusals each of these takes at least four times as long. */
const SOON_MS = 2000;
const GREY = {258: 8, 262: 1, 277: 1};

/** The code and the message of the failed sample that bytes must give, soon. */
async function refusal(bytes: Buffer): Promise<string> {
  const begun = process.cpuUsage();
  const error = await decodeBytes(bytes, 'a').catch((caught: unknown) => caught);
  const {user, system} = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(SOON_MS);
  expect(error).toMatchObject({name: 'SampleError'});
  const {code, message} = error as {code: string; message: string};
  expect(message.length).toBeLessThan(400);
  return `${code}: ${message}`;
}

describe('TIFF', () => {
  const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes), {level: 9});

  test('one pixel in a tile that inflates to 1 GiB', async () => {
    const tile = zeros(2 ** 26);
    const file = tiffOf({...GREY, 256: 1, 257: 1, 259: 8, 322: 32_768, 323: 32_768, 324: [tile.length], 325: [0]}, [
      tile,
    ]);
    expect(await refusal(file)).toBe('decode-failed: a: the TIFF is damaged: tiles of 32768x32768 for 1x1 pixels');
  });

  test('60,000 pixels in 60,000 tiles that are the same bytes', async () => {
    const tiles = Array.from({length: 60_000}, () => 0);
    const file = tiffOf({...GREY, 256: 1, 257: 60_000, 259: 8, 322: 60_000, 323: 1, 324: tiles, 325: tiles}, [
      zeros(60_000),
    ]);
    expect(await refusal(file)).toBe('decode-failed: a: the TIFF is damaged: tiles of 60000x1 for 1x60000 pixels');
  });

  test('tiles that pad a small image are read as ever', async () => {
    const tile = Buffer.alloc(256 * 256, 7);
    const file = tiffOf({...GREY, 256: 1, 257: 300, 322: 256, 323: 256, 324: [0, 0], 325: [0, 0]}, [tile, tile]);
    const {data, height, width} = await decodeBytes(file, 'a');
    expect({height, width, values: [...new Set(data)]}).toEqual({height: 300, width: 1, values: [7]});
  });

  test('a strip that inflates to more than its pixels', async () => {
    const file = tiffOf({...GREY, 256: 5, 257: 5, 259: 8, 278: 5, 273: 0, 279: 0}, [zeros(2 ** 26)]);
    expect(await refusal(file)).toBe('decode-failed: a: the TIFF pixels do not inflate to the size in the header');
  });

  test('2,000 directories that share their entries', async () => {
    const file = Buffer.alloc(2_000_000, 0xff);
    file.write('II*\0', 0, 'latin1');
    file.writeUInt32LE(8, 4);
    const length = 2 + 65_535 * 12;
    for (let i = 0; i < 2000; i++) file.writeUInt32LE(8 + 4 * (i + 1), 8 + 4 * i + length);
    expect(await refusal(file)).toBe('decode-failed: a: the TIFF is damaged: its directories overlap or form a loop');
  });

  test('5,000 directories, each with a count of 190,000 values', async () => {
    const directories = 5000;
    const file = Buffer.alloc(400_000);
    file.write('II*\0', 0, 'latin1');
    file.writeUInt32LE(8, 4);
    for (let i = 0, at = 8; i < directories; i++, at += 18) {
      file.writeUInt16LE(1, at);
      file.writeUInt16LE(254, at + 2);
      file.writeUInt16LE(3, at + 4);
      file.writeUInt32LE(190_000, at + 6);
      file.writeUInt32LE(10, at + 10);
      file.writeUInt32LE(i === directories - 1 ? 0 : at + 18, at + 14);
    }
    expect(await refusal(file)).toBe('page: a: the file has 5000 pages; set image.page to one of 0 to 4999');
  });
});

describe('PNG', () => {
  const header = {width: 1, height: 1, depth: 8, colourType: 2} as const;
  const pixel: [string, Buffer] = ['IDAT', deflateSync(Buffer.from([0, 1, 2, 3]))];
  const bomb = deflateSync(Buffer.alloc(2 ** 27), {level: 9});

  test.each([
    ['a profile', 'iCCP', 'a\0\0'],
    ['a text', 'zTXt', 'a\0\0'],
    ['an international text', 'iTXt', 'a\0\x01\0\0\0'],
  ])('%s that inflates to 128 MiB is not inflated', async (_, type, start) => {
    const before = process.memoryUsage().rss;
    const file = pngOf(header, [[type, Buffer.concat([Buffer.from(start, 'latin1'), bomb])], pixel]);
    const outcome = await decodeBytes(file, 'a', 'pixels', {icc: 'convert'}).catch((error: unknown) => error);
    expect(outcome instanceof Error ? outcome.name : [...(outcome as {data: Uint8Array}).data]).toEqual([1, 2, 3]);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  });

  test('a chunk that claims 4 GiB', async () => {
    const file = pngOf(header, [pixel]);
    file.writeUInt32BE(0xffff_ffff, 33);
    expect(await refusal(file)).toBe('decode-failed: a: the PNG is cut short');
  });

  test('pixels that inflate to more than the header says', async () => {
    const file = pngOf({...header, colourType: 0}, [['IDAT', bomb]]);
    const error = await decodeBytes(file, 'a', 'labels').catch((caught: unknown) => caught);
    expect(error).toMatchObject({message: 'a: the PNG pixels do not inflate to the size in the header'});
  });
});

describe('headers that lie', () => {
  const edited = (name: string, edit: (file: Buffer) => void) => {
    const file = Buffer.from(fixture(name));
    edit(file);
    return file;
  };

  test('a JPEG of 505 bytes that claims 7999x7999 pixels', async () => {
    const file = edited('jpeg/rgb-progressive.jpg', (bytes) => {
      const frame = bytes.indexOf(Buffer.from([0xff, 0xc2]));
      for (const at of [frame + 5, frame + 7]) bytes.writeUInt16BE(7999, at);
    });
    expect(await refusal(file)).toBe('decode-failed: a: the JPEG data is damaged or cut short');
  });

  test('a WebP that claims 16383x16383 pixels', async () => {
    const file = edited('webp/rgb-lossless.webp', (bytes) => bytes.writeUInt32LE(16_382 | (16_382 << 14), 21));
    expect(await refusal(file)).toMatch(/^too-many-pixels: a: 16383x16383 is 268402689 pixels/);
  });

  test('a BMP, a PNM and a PFM of more pixels than bytes', async () => {
    const bmp = edited('bmp/rgb-24.bmp', (bytes) => bytes.writeInt32LE(7999, 18));
    expect(await refusal(bmp)).toMatch(/^decode-failed: a: the BMP is cut short: 7999x\d+ of 24 bits does not fit/);
    expect(await refusal(Buffer.from('P6 7999 7999 255\nabc'))).toBe(
      'decode-failed: a: the PNM is cut short: 3 bytes of pixels, 191952003 were expected',
    );
    expect(await refusal(Buffer.from('PF 7999 999 -1.0\nabc'))).toMatch(
      /^decode-failed: a: the PNM is cut short: 3 bytes/,
    );
    expect(await refusal(Buffer.from('P5 99999999999999 99999999999999 255\nabc'))).toMatch(/^too-many-pixels/);
  });

  test('an NPY of 15,000 axes is refused in a short line', async () => {
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${Array(15_000).fill(1).join(', ')}), }\n`;
    const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
    start.writeUInt16LE(text.length, 8);
    expect(await refusal(Buffer.concat([start, Buffer.from(`${text}a`)]))).toBe(
      'shape: a: shape [1, 1, 1, 1, 1, 1, 1, 1, …] is no image; expected [h, w] or [h, w, c]',
    );
  });
});
