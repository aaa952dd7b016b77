import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {deflateSync} from 'node:zlib';
import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import {decodeImage, type ImageOptions} from '../../../src/images/decode.js';
import {decodeToDisk} from '../../../src/images/strips/decode-to-disk.js';
import {readStripFile, type StripFile} from '../../../src/images/strips/strip-file.js';
import {IMAGE, Scratch} from '../../run/scratch.js';
import {pngOf} from '../fixtures.js';
import {FORMAT_CASES} from '../format-cases.js';
import {hashed, stripFolder} from './folders.js';

const FIXTURES = new URL('../../../fixtures/', import.meta.url).pathname;

/** What decoding a file to the disk gives, as `decodeImage` gives it. */
async function fromDisk(path: string, options: ImageOptions) {
  const file = await readStripFile(path, 'x', {pixels: 0, image: options});
  if (!file || file.whole) return file?.whole ?? 'not read in strips';
  const {data, ...rest} = await decodeToDisk(path, 'x', file, options, await stripFolder());
  return {...rest, data: hashed(data.subarray(0, data.length))};
}

async function whole(path: string, options: ImageOptions) {
  const {data, ...rest} = await decodeImage(readFileSync(path), 'x', 'pixels', options);
  return {...rest, data: hashed(data)};
}

const failure = (error: unknown) => {
  const {code, message} = error as {code: string; message: string};
  return `${code}: ${message}`;
};

const files = FORMAT_CASES.filter(({format}) => ['PNG', 'JPEG'].includes(format)).flatMap(({files, options}) =>
  files.map((variant) => [typeof variant === 'string' ? variant : variant[0], options ?? {}] as const),
);

describe('what every PNG and JPEG decodes to, whole and to the disk', () => {
  test.each(files)('%s %o', async (name, more) => {
    const path = join(FIXTURES, 'images', name);
    const options = {...IMAGE, ...more};
    const expected = await whole(path, options).catch(failure);
    const stored = await fromDisk(path, options).catch(failure);
    if (/interlaced|progressive/.test(name))
      expect(stored).toMatch(/^an? (interlaced|progressive) .* is decoded whole$/);
    else if (more.icc === 'convert') expect(stored).toBe('image.icc needs it whole');
    else expect(stored).toEqual(expected);
  });
});

test('an alpha is opaque, dropped or refused in the same words, wherever it begins', async () => {
  const scratch = new Scratch();
  const values = new Uint8Array(1200 * 900 * 4).fill(255);
  const rgba = (data: Uint8Array) =>
    sharp(data, {raw: {height: 900, width: 1200, channels: 4}})
      .png()
      .toBuffer();
  const opaque = scratch.write('opaque.png', await rgba(values));
  expect(await fromDisk(opaque, IMAGE)).toEqual(await whole(opaque, IMAGE));
  values[values.length - 1] = 254;
  const clear = scratch.write('clear.png', await rgba(values));
  const refused = await whole(clear, IMAGE).catch(failure);
  expect(refused).toMatch(/^alpha: x: the image is partly transparent/);
  expect(await fromDisk(clear, IMAGE).catch(failure)).toBe(refused);
  const drop = {...IMAGE, alpha: 'drop'} as const;
  expect(await fromDisk(clear, drop)).toEqual(await whole(clear, drop));
  const blend = {...IMAGE, alpha: {blend: [0, 0, 0]}} as const;
  expect(await fromDisk(clear, blend)).toBe('image.alpha needs it whole to blend it');
  expect(await fromDisk(clear, {...drop, color: 'grey'})).toBe('image.color needs it whole');
});

/** The bytes with one of them changed. */
function changed(bytes: Buffer, at: number): Buffer {
  const out = Buffer.from(bytes);
  out.writeUInt8((out[at] as number) ^ 0xff, at);
  return out;
}

async function expectSameWords(damaged: Buffer, words: RegExp): Promise<void> {
  const path = new Scratch().write('damaged.png', damaged);
  const refused = await whole(path, IMAGE).catch(failure);
  expect(refused).toMatch(words);
  expect(await fromDisk(path, IMAGE).catch(failure)).toBe(refused);
}

test('a PNG that is cut short or damaged anywhere is refused in the same words', async () => {
  const bytes = readFileSync(join(FIXTURES, 'photos/pred/000.png'));
  for (const at of [3000, bytes.length - 20]) {
    await expectSameWords(changed(bytes, at), /^decode-failed: x: the PNG is damaged: a wrong checksum at byte \d+$/);
  }
  for (const length of [bytes.length - 1, bytes.length - 12, 5000]) {
    await expectSameWords(bytes.subarray(0, length), /^decode-failed: x: the PNG is cut short$/);
  }
});

test('a wrong checksum of what is no pixels, which libvips lets pass, is refused in the same words', async () => {
  const aside = [
    ['gAMA', Buffer.from([0, 0, 177, 143])],
    ['tIME', Buffer.from([7, 208, 1, 2, 3, 4, 5])],
    ['tEXt', Buffer.from('Title\0cv-loss', 'latin1')],
  ] as const;
  const size = {width: 40, height: 30, depth: 8, colourType: 2};
  const good = pngOf(size, [...aside, ['IDAT', deflateSync(new Uint8Array(30 * 121))]]);
  const path = new Scratch().write('good.png', good);
  expect(await fromDisk(path, IMAGE)).toEqual(await whole(path, IMAGE));
  for (const [type, content] of [...aside, ['IEND', Buffer.alloc(0)] as const]) {
    const at = good.indexOf(type, 0, 'latin1') - 4;
    const words = new RegExp(`^decode-failed: x: the PNG is damaged: a wrong checksum at byte ${at}$`);
    await expectSameWords(changed(good, at + 8 + content.length), words);
  }
});

test('a file that the system does not give is unreadable', async () => {
  const made = decodeToDisk(new Scratch().root, 'x', {format: 'png'}, IMAGE, await stripFolder());
  expect(await made.catch(failure)).toBe('unreadable-file: x cannot be read (EISDIR)');
});

test('what turns an image needs it whole, unless it is left as it is', async () => {
  const scratch = new Scratch();
  const raw = {raw: {height: 20, width: 30, channels: 3}} as const;
  const turned = (name: 'png' | 'jpeg') => sharp(new Uint8Array(1800), raw)[name]().withMetadata({orientation: 6});
  for (const name of ['png', 'jpeg'] as const) {
    const path = scratch.write(`turned.${name}`, await turned(name).toBuffer());
    expect(await fromDisk(path, IMAGE)).toBe('an image that its EXIF turns is decoded whole');
    const asStored = {...IMAGE, orient: false};
    expect(await fromDisk(path, asStored)).toEqual(await whole(path, asStored));
  }
});

test('other formats, and images of no more pixels than asked, are not read in strips', async () => {
  const look = (name: string, pixels: number): Promise<StripFile | null> =>
    readStripFile(join(FIXTURES, name), name, {pixels, image: IMAGE});
  expect(await look('images/tiff/rgb-16-big.tif', 0)).toBeNull();
  expect(await look('images/bmp/rgb-24.bmp', 0)).toBeNull();
  expect(await look('photos/pred/000.png', 512 * 512)).toBeNull();
  expect(await look('photos/pred/000.png', 512 * 512 - 1)).toEqual({
    format: 'png',
    width: 512,
    height: 512,
    ids: false,
    colours: true,
    whole: null,
  });
  expect(await look('images/jpeg/rgb.jpg', 31 * 23)).toBeNull();
});
