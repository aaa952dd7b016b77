import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {describe, expect, test} from 'vitest';
import {decodeImage, type ImageOptions} from '../../../src/images/decode.js';
import {decodeToDisk} from '../../../src/images/strips/decode-to-disk.js';
import {checkPngOrder} from '../../../src/images/strips/png-order.js';
import {readStripFile, type StripFile} from '../../../src/images/strips/strip-file.js';
import {IMAGE, Scratch} from '../../run/scratch.js';
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
    else if (name === 'png/animated.png') {
      expect(() => checkPngOrder(readFileSync(path), 'x')).toThrow(/an animated PNG cannot be read/);
    } else if (more.icc === 'convert') expect(stored).toBe('image.icc needs it whole');
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

test('a PNG that is cut short or damaged anywhere is refused, as it is whole', async () => {
  const scratch = new Scratch();
  const bytes = readFileSync(join(FIXTURES, 'photos/pred/000.png'));
  for (const at of [3000, bytes.length - 20]) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8((damaged[at] as number) ^ 0xff, at);
    const path = scratch.write(`${at}.png`, damaged);
    expect(await fromDisk(path, IMAGE).catch(failure), String(at)).toMatch(/^decode-failed: x: /);
  }
  for (const length of [bytes.length - 1, bytes.length - 12, 5000]) {
    const cut = bytes.subarray(0, length);
    const path = scratch.write('cut.png', cut);
    const stored = async () => {
      const made = await fromDisk(path, IMAGE);
      checkPngOrder(cut, 'x');
      return made;
    };
    expect(await stored().catch(failure)).toMatch(/^decode-failed: x: the PNG .*cut short$/);
  }
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
