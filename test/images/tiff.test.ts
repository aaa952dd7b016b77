import {describe, expect, test} from 'vitest';
import {decode, decodeBytes, fixture, npyBytes, pattern, pick} from './fixtures.js';

test('long LZW with every width of code comes back exactly', async () => {
  const raster = await decode('tiff/long-lzw.tif');
  expect(raster).toMatchObject({height: 160, width: 160, channels: 1});
  expect(Buffer.from(raster.data as Uint8Array).equals(npyBytes('tiff/long-lzw.npy'))).toBe(true);
});

describe('pages', () => {
  test.each([0, 1, 2])('page %i', async (page) => {
    const raster = await decode('tiff/pages.tif', 'labels', {page});
    expect(raster).toMatchObject({height: 5 + page, width: 7});
    expect(Array.from(raster.data)).toEqual(pattern(1, 255, 5 + page, 7));
  });

  test('must be named where there are several, and exist', async () => {
    await expect(decode('tiff/pages.tif')).rejects.toMatchObject({
      code: 'page',
      message: 'tiff/pages.tif: the file has 3 pages; set image.page to one of 0 to 2',
    });
    await expect(decode('tiff/pages.tif', 'pixels', {page: 3})).rejects.toMatchObject({
      code: 'page',
      message: 'tiff/pages.tif: image.page is 3, the file has pages 0 to 2',
    });
  });

  test.each(['tiff/grey-8.tif', 'tiff/pyramid.tif', 'png/grey-8.png', 'npy/flat.npy'])('%s has one', async (name) => {
    expect(Array.from((await decode(name, 'pixels', {page: 0})).data)).toEqual(pattern(1));
    await expect(decode(name, 'pixels', {page: 1})).rejects.toMatchObject({
      code: 'page',
      message: `${name}: image.page is 1, the file has one page, 0`,
    });
  });
});

describe('orientation', () => {
  /** Where pixel (row, column) of the file belongs, by TIFF 6.0: rows are counted from the named side, then columns. */
  const PLACES: Record<number, (row: number, column: number) => [y: number, x: number]> = {
    1: (row, column) => [row, column],
    2: (row, column) => [row, 6 - column],
    3: (row, column) => [4 - row, 6 - column],
    4: (row, column) => [4 - row, column],
    5: (row, column) => [column, row],
    6: (row, column) => [column, 4 - row],
    7: (row, column) => [6 - column, 4 - row],
    8: (row, column) => [6 - column, row],
  };
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i', async (k) => {
    const raster = await decode(`tiff/orientation-${k}.tif`);
    expect([raster.height, raster.width]).toEqual(k < 5 ? [5, 7] : [7, 5]);
    const stored = pattern(3);
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 7; column++) {
        const [y, x] = (PLACES[k] as (typeof PLACES)[number])(row, column);
        const at = 3 * (y * raster.width + x);
        expect(Array.from(raster.data.subarray(at, at + 3))).toEqual(
          stored.slice(3 * (7 * row + column), 3 * (7 * row + column) + 3),
        );
      }
    }
  });

  test.each([
    ['pixels', false],
    ['labels', true],
    ['scores', true],
  ] as const)('is left alone for %s with orient %s', async (reading, orient) => {
    const raster = await decode('tiff/orientation-6.tif', reading, {orient});
    expect(raster).toMatchObject({height: 5, width: 7});
    expect(Array.from(raster.data)).toEqual(pattern(3));
  });
});

describe('alpha', () => {
  test('a real one is an error that names the option', async () => {
    for (const name of ['rgba-8', 'grey-alpha-16', 'rgba-f4', 'opencv-rgba-8-lzw']) {
      await expect(decode(`tiff/${name}.tif`)).rejects.toThrow('image.alpha');
    }
  });

  test('an opaque one goes silently, premultiplied or not', async () => {
    for (const name of ['rgba-opaque-8', 'rgba-premultiplied-opaque-8']) {
      expect(Array.from((await decode(`tiff/${name}.tif`)).data)).toEqual(pattern(3));
    }
  });

  test('floats are blended as floats', async () => {
    const raster = await decode('tiff/rgba-f4.tif', 'pixels', {alpha: {blend: [51, 0, 255]}});
    expect(raster).toMatchObject({channels: 3, maximum: null});
    const stored = pattern(4).map((value) => value / 256);
    raster.data.forEach((value, i) => {
      const pixel = Math.floor(i / 3);
      const alpha = stored[4 * pixel + 3] as number;
      const under = [0.2, 0, 1][i % 3] as number;
      expect(value).toBeCloseTo((stored[4 * pixel + (i % 3)] as number) * alpha + under * (1 - alpha), 6);
    });
  });
});

test('what libtiff and OpenCV write as white-is-zero, greys and palettes reads as they show it', async () => {
  const turned = await decode('tiff/pillow-white-is-zero-1.tif');
  expect(Array.from(turned.data)).toEqual(pattern(1, 1));
  expect(Array.from((await decode('tiff/opencv-rgb-f4.tif')).data)).toEqual(
    Array.from({length: 105}, (_, i) => (i - 50) / 64),
  );
});

test('ids of one channel come from three equal ones, bands stay apart', async () => {
  expect((await decode('tiff/rgb-8.tif', 'labels')).channels).toBe(3);
  const bands = await decode('tiff/bands-8.tif', 'scores');
  expect(pick(Array.from(bands.data), 5, [4])).toEqual(pick(pattern(5), 5, [4]));
});

describe('damage', () => {
  /** A file with the value of a tag changed; the tags are shorts and longs that lie in their entries. */
  function withTag(name: string, tag: number, value: number): Buffer {
    const file = Buffer.from(fixture(name));
    const directory = file.readUInt32LE(4);
    for (let i = 0; i < file.readUInt16LE(directory); i++) {
      const at = directory + 2 + 12 * i;
      if (file.readUInt16LE(at) !== tag) continue;
      file.writeUInt32LE(value, at + 8);
      return file;
    }
    throw new Error(`${name} has no tag ${tag}`);
  }
  test.each([
    ['no width', 256, 0, 'decode-failed', '0x5'],
    ['another width', 256, 8, 'decode-failed', 'cut short: 35 bytes of pixels in place of 40'],
    ['more rows', 257, 6, 'decode-failed', 'strips'],
    ['no such compression', 259, 77, 'unsupported-format', 'unknown (77) compression'],
    ['no such colours', 262, 77, 'unsupported-format', 'unknown (77) colours'],
    ['YCbCr', 262, 6, 'unsupported-format', 'YCbCr'],
    ['a palette that is not there', 262, 3, 'decode-failed', 'palette of 0'],
    ['pixels beyond the end', 273, 9999, 'decode-failed', 'beyond its end'],
    ['channels without pixels', 277, 3, 'decode-failed', 'cut short'],
  ])('%s', async (_, tag, value, code, part) => {
    const file = withTag('tiff/grey-8.tif', tag, value);
    await expect(decodeBytes(file, 'a.tif')).rejects.toMatchObject({code, message: expect.stringContaining(part)});
  });

  test('directories in a loop', async () => {
    const file = Buffer.from(fixture('tiff/grey-8.tif'));
    const directory = file.readUInt32LE(4);
    file.writeUInt32LE(directory, directory + 2 + 12 * file.readUInt16LE(directory));
    await expect(decodeBytes(file, 'a.tif')).rejects.toThrow('form a loop');
  });

  test('a flipped bit in compressed pixels fails or changes some of them, nothing else', async () => {
    for (const name of ['tiff/rgb-16-lzw.tif', 'tiff/rgb-16-packbits.tif', 'tiff/rgb-16-deflate.tif']) {
      const whole = fixture(name);
      for (let at = 16; at < whole.length; at += 7) {
        const file = Buffer.from(whole);
        file[at] = (file[at] as number) ^ 16;
        const outcome = await decodeBytes(file, name, 'pixels', {alpha: 'drop', maxPixels: 10_000}).catch(
          (error: unknown) => error,
        );
        if (outcome instanceof Error) expect(outcome.name).toBe('SampleError');
        else expect(outcome).toHaveProperty('data');
      }
    }
  });
});
