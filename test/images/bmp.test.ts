import {describe, expect, test} from 'vitest';
import {decode, decodeBytes, fixture, pattern, pick} from './fixtures.js';

describe('pixels come back exactly', () => {
  test.each([
    ['grey-8', 1],
    ['opencv-grey-8', 1],
    ['rgb-24', 3],
    ['opencv-rgb-24', 3],
  ])('%s', async (name, channels) => {
    const raster = await decode(`bmp/${name}.bmp`);
    expect(raster).toMatchObject({height: 5, width: 7, channels, maximum: 255});
    expect(Array.from(raster.data)).toEqual(pattern(channels));
  });

  test.each(['rgba-32', 'opencv-rgba-32'])('%s under a dropped alpha', async (name) => {
    await expect(decode(`bmp/${name}.bmp`)).rejects.toMatchObject({code: 'alpha'});
    const raster = await decode(`bmp/${name}.bmp`, 'pixels', {alpha: 'drop'});
    expect(Array.from(raster.data)).toEqual(pick(pattern(4), 4, [0, 1, 2]));
  });

  test('one bit', async () => {
    expect(Array.from((await decode('bmp/grey-1.bmp')).data)).toEqual(pattern(1, 1).map((bit) => 255 * bit));
    expect(Array.from((await decode('bmp/grey-1.bmp', 'labels')).data)).toEqual(pattern(1, 1));
  });

  test('a palette, as RGB and as ids', async () => {
    const raster = await decode('bmp/palette-8.bmp');
    expect(raster.channels).toBe(3);
    expect(Array.from(raster.data)).toEqual(
      pattern(1).flatMap((index) => [0, 1, 2].map((c) => ((3 * index + c) * 50 + 7) % 256)),
    );
    expect(Array.from((await decode('bmp/palette-8.bmp', 'labels')).data)).toEqual(pattern(1));
  });

  test('a negative height is top-down', async () => {
    const file = Buffer.from(fixture('bmp/rgb-24.bmp'));
    file.writeInt32LE(-5, 22);
    const rows = Array.from({length: 5}, (_, y) => pattern(3).slice(y * 21, (y + 1) * 21));
    expect(Array.from((await decodeBytes(file)).data)).toEqual(rows.reverse().flat());
  });

  test('four bits under a core header', async () => {
    // 2 x 3 pixels: rows from bottom to top, two pixels a byte, padded to 4 bytes; palette of blue, green, red.
    const palette = Array.from({length: 16}, (_, i) => [i, 2 * i, 3 * i]).flat();
    const file = Buffer.concat([
      Buffer.from('BM\0\0\0\0\0\0\0\0', 'latin1'),
      Buffer.from([26 + 48, 0, 0, 0, 12, 0, 0, 0, 3, 0, 2, 0, 1, 0, 4, 0]),
      Buffer.from(palette),
      Buffer.from([0x45, 0x60, 0, 0, 0x12, 0x30, 0, 0]),
    ]);
    expect(Array.from((await decodeBytes(file, 'a.bmp', 'labels')).data)).toEqual([1, 2, 3, 4, 5, 6]);
    const {data} = await decodeBytes(file);
    expect(Array.from(data)).toEqual([1, 2, 3, 4, 5, 6].flatMap((i) => [3 * i, 2 * i, i]));
  });

  test('a constant fourth byte is padding', async () => {
    const file = Buffer.from(fixture('bmp/rgba-32.bmp'));
    const offset = file.readUInt32LE(10);
    for (let i = 0; i < 35; i++) file[offset + 4 * i + 3] = 0;
    const raster = await decodeBytes(file);
    expect(Array.from(raster.data)).toEqual(pick(pattern(4), 4, [0, 1, 2]));
  });
});

describe('a header that lies', () => {
  const patched = (name: string, patch: (file: Buffer) => void) => {
    const file = Buffer.from(fixture(name));
    patch(file);
    return decodeBytes(file, 'a.bmp');
  };

  test.each<[string, string, (file: Buffer) => void, string]>([
    ['more rows than bytes', 'bmp/rgb-24.bmp', (file) => file.writeInt32LE(6, 22), 'decode-failed'],
    ['pixels beyond the file', 'bmp/rgb-24.bmp', (file) => file.writeUInt32LE(0xffffffff, 10), 'decode-failed'],
    ['negative width', 'bmp/rgb-24.bmp', (file) => file.writeInt32LE(-7, 18), 'decode-failed'],
    ['no rows', 'bmp/rgb-24.bmp', (file) => file.writeInt32LE(0, 22), 'decode-failed'],
    ['lowest height', 'bmp/rgb-24.bmp', (file) => file.writeInt32LE(-(2 ** 31), 22), 'too-many-pixels'],
    ['huge width', 'bmp/rgb-24.bmp', (file) => file.writeInt32LE(2 ** 31 - 1, 18), 'too-many-pixels'],
    ['header beyond the file', 'bmp/rgb-24.bmp', (file) => file.writeUInt32LE(4000, 14), 'decode-failed'],
    ['palette of one colour', 'bmp/palette-8.bmp', (file) => file.writeUInt32LE(1, 46), 'decode-failed'],
    ['no palette', 'bmp/palette-8.bmp', (file) => file.writeUInt32LE(54, 10), 'decode-failed'],
    ['RLE8', 'bmp/grey-8.bmp', (file) => file.writeUInt32LE(1, 30), 'unsupported-format'],
    ['unknown compression', 'bmp/grey-8.bmp', (file) => file.writeUInt32LE(99, 30), 'unsupported-format'],
    ['16 bits', 'bmp/rgb-24.bmp', (file) => file.writeUInt16LE(16, 28), 'unsupported-format'],
    ['7 bits', 'bmp/rgb-24.bmp', (file) => file.writeUInt16LE(7, 28), 'unsupported-format'],
  ])('%s', async (_, name, patch, code) => {
    await expect(patched(name, patch)).rejects.toMatchObject({name: 'SampleError', code});
  });

  test('run-length coding is named', async () => {
    await expect(patched('bmp/grey-8.bmp', (file) => file.writeUInt32LE(1, 30))).rejects.toThrow('RLE8');
  });
});
