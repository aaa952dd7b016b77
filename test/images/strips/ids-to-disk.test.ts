import {closeSync, fstatSync, openSync, readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {crc32, deflateSync, inflateSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {decodeImage} from '../../../src/images/decode.js';
import {readPngLayout} from '../../../src/images/png-chunks.js';
import {idsToDisk} from '../../../src/images/strips/ids-to-disk.js';
import {readStripFile} from '../../../src/images/strips/strip-file.js';
import {random} from '../../losses/random.js';
import {IMAGE, Scratch} from '../../run/scratch.js';
import {FORMAT_CASES} from '../format-cases.js';
import {hashed, stripFolder} from './folders.js';

const FIXTURES = new URL('../../../fixtures/', import.meta.url).pathname;

const failure = (error: unknown) => {
  const {code, message} = error as {code: string; message: string};
  return `${code}: ${message}`;
};

async function fromDisk(path: string, image = IMAGE) {
  const file = await readStripFile(path, 'x', {pixels: 0, image, ids: true});
  if (!file || file.whole) return file?.whole ?? 'not read in strips';
  const {data, ...rest} = await idsToDisk(path, 'x', image, await stripFolder());
  return {...rest, data: hashed(data.subarray(0, data.length))};
}

async function whole(path: string, image = IMAGE) {
  const {data, ...rest} = await decodeImage(readFileSync(path), 'x', 'mask', image);
  return {...rest, data: hashed(data)};
}

const files = FORMAT_CASES.filter(({format}) => ['PNG', 'JPEG'].includes(format)).flatMap(({files}) =>
  files.map((variant) => (typeof variant === 'string' ? variant : variant[0])),
);

describe('the ids of every PNG, whole and on the disk', () => {
  test.each([...new Set(files)])('%s', async (name) => {
    const path = join(FIXTURES, 'images', name);
    const stored = await fromDisk(path).catch(failure);
    if (!/png\/(grey|palette)-|smooth/.test(name) || name.includes('grey-alpha')) {
      expect(stored).toMatch(/only grey and palette PNGs|^unsupported-format/);
    } else if (name.includes('interlaced')) expect(stored).toBe('an interlaced PNG is decoded whole');
    else expect(stored).toEqual(await whole(path));
  });
});

const chunk = (type: string, content: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A grey PNG of these lines, each with its filter first; the pixels in chunks of so many bytes. */
function png(width: number, height: number, depth: number, pixels: Uint8Array, part = 8192): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 0, 0, 0, 0], 8);
  const parts = Array.from({length: Math.ceil(pixels.length / part)}, (_, i) =>
    chunk('IDAT', pixels.subarray(i * part, (i + 1) * part)),
  );
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** Random lines under every filter. */
function lines(stride: number, height: number): Uint8Array {
  const next = random(7);
  const out = Uint8Array.from({length: height * (stride + 1)}, () => Math.floor(256 * next()));
  for (let row = 0; row < height; row++) out[row * (stride + 1)] = row % 5;
  return out;
}

test.each([1, 2, 4, 8, 16])(
  'images of %i bits that are longer than what is inflated and written at once',
  async (depth) => {
    const scratch = new Scratch();
    const [width, height] = [701, 2000];
    const stride = Math.ceil((width * depth) / 8);
    const path = scratch.write('a.png', png(width, height, depth, deflateSync(lines(stride, height))));
    expect(await fromDisk(path)).toEqual(await whole(path));
  },
);

test('pixels that are damaged, too few or too many are refused in the same words', async () => {
  const scratch = new Scratch();
  const good = lines(40, 30);
  const data = deflateSync(good);
  const broken = Buffer.from(data);
  broken.writeUInt8((broken[300] as number) ^ 0xff, 300);
  const filter = good.slice();
  filter[41 * 29] = 5;
  const file = png(40, 30, 8, data, 100);
  const checksum = Buffer.from(file);
  checksum.writeUInt8((checksum[200] as number) ^ 1, 200);
  const cases: Record<string, Buffer> = {
    few: png(40, 30, 8, deflateSync(good.subarray(0, 41 * 29))),
    fewer: png(40, 30, 8, deflateSync(good.subarray(0, 41 * 29 + 3))),
    many: png(40, 29, 8, data),
    more: png(40, 29, 8, deflateSync(good.subarray(0, 41 * 29 + 3))),
    cut: png(40, 30, 8, data.subarray(0, data.length - 6)),
    broken: png(40, 30, 8, broken),
    filter: png(40, 30, 8, deflateSync(filter)),
    checksum,
    short: file.subarray(0, file.length - 13),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    const path = scratch.write(`${name}.png`, bytes);
    const refused = await whole(path).catch(failure);
    expect(refused, name).toMatch(/^decode-failed: x: /);
    expect(await fromDisk(path).catch(failure), name).toBe(refused);
  }
  // What follows the end of the pixels is no part of them.
  const tail = scratch.write('tail.png', png(40, 30, 8, Buffer.concat([data, Buffer.alloc(500, 7)]), 64));
  expect(await fromDisk(tail)).toEqual(await whole(tail));
  expect(inflateSync(data).equals(good)).toBe(true);
});

test('indices are ids, or stand for the colours of a palette that has them all', async () => {
  const path = join(FIXTURES, 'images/png/palette-8.png');
  const {palette} = readPngLayout(readFileSync(path), 'x');
  const all = new Map(palette.map((colour, i) => [colour, 1000 + i]));
  const some = new Map([...all].slice(1));
  expect(palette.length).toBeGreaterThan(2);
  for (const image of [
    {...IMAGE, palette: all},
    {...IMAGE, palette: some},
  ]) {
    expect(await fromDisk(path, image)).toEqual(await whole(path, image));
  }
  expect(await fromDisk(path, {...IMAGE, palette: all})).toMatchObject({maximum: 65_535});
  expect(await fromDisk(path, {...IMAGE, palette: some})).toMatchObject({maximum: 255});
});

test('no more pixels are written than are allowed', async () => {
  const path = join(FIXTURES, 'images/png/palette-8.png');
  const few = {...IMAGE, maxPixels: 10};
  const refused = await whole(path, few).catch(failure);
  expect(refused).toMatch(/^too-many-pixels/);
  expect(await fromDisk(path, few).catch(failure)).toBe(refused);
});

describe('a file that the system does not give is unreadable, and not a place that cannot be written', () => {
  /** Puts a folder in the place of an open file, from which the system gives no bytes. */
  const lose = (path: string) => {
    const {ino, dev} = statSync(path);
    const isFile = (file: number) => {
      try {
        const stats = fstatSync(file);
        return stats.ino === ino && stats.dev === dev;
      } catch {
        return false;
      }
    };
    const file = Array.from({length: 1024}, (_, i) => i).find(isFile) as number;
    closeSync(file);
    expect(openSync(dirname(path), 'r')).toBe(file);
  };

  test.each<[string, (act: () => void) => void]>([
    ['before its pixels are written', (act) => act()],
    // By then the checksums are checked, and the inflater has not asked for more than it takes at once.
    ['while they are', (act) => setImmediate(act)],
  ])('%s', async (_, when) => {
    const [width, height] = [2048, 4096];
    const pixels = deflateSync(new Uint8Array(height * (width + 1)), {level: 0});
    const path = new Scratch().write('a.png', png(width, height, 8, pixels, 2 ** 22));
    const folder = await stripFolder();
    folder.reserve = async () => when(() => lose(path));
    expect(await idsToDisk(path, 'x', IMAGE, folder).catch(failure)).toBe('unreadable-file: x cannot be read (EISDIR)');
  });

  test('from the beginning', async () => {
    const made = idsToDisk(new Scratch().root, 'x', IMAGE, await stripFolder());
    expect(await made.catch(failure)).toBe('unreadable-file: x cannot be read (EISDIR)');
    const none = idsToDisk(join(new Scratch().root, 'none.png'), 'x', IMAGE, await stripFolder());
    expect(await none.catch(failure)).toBe('unreadable-file: x cannot be read (ENOENT)');
  });
});
