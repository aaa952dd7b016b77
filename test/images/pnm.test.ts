import {describe, expect, test} from 'vitest';
import {decodeBytes} from './fixtures.js';

const pnm = (header: string, ...pixels: number[]) =>
  Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(pixels)]);

describe('what the format allows', () => {
  test.each<[string, Buffer, number[], number]>([
    ['comments and any white space', pnm('P2 # grey\n#wide\n 2\t# and\r\n1\n 9 \n3 # three\n 9'), [3, 9], 9],
    ['a comment beside the maximum', pnm('P5\n2 1\n# last\n255\n', 0x23, 0x0a), [0x23, 0x0a], 255],
    ['a maximum of its own', pnm('P5 2 1 100\n', 7, 100), [7, 100], 100],
    ['two bytes from 256 on', pnm('P5 2 1 1023\n', 3, 255, 0, 1), [1023, 1], 1023],
    ['raw pixels that look like white space', pnm('P5 2 1 255\n', 10, 32), [10, 32], 255],
    ['bits, padded to a byte a row', pnm('P4 3 2\n', 0b010_11111, 0b101_00000), [1, 0, 1, 0, 1, 0], 1],
    ['bits as text, spaced or not', pnm('P1 3 2\n010\n1 0 1\n'), [1, 0, 1, 0, 1, 0], 1],
    ['text without an end of line', pnm('P2 2 1 9\n3 9'), [3, 9], 9],
    ['white space after raw pixels', pnm('P5 2 1 255\n', 1, 2, 10), [1, 2], 255],
    [
      'a PAM of black and white',
      pnm('P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\nENDHDR\n', 1, 0),
      [1, 0],
      1,
    ],
    [
      'a PAM with comments, without a type',
      pnm('P7\n# two bands\nHEIGHT 1\nWIDTH 1\nMAXVAL 255\nDEPTH 2\nENDHDR\n', 5, 6),
      [5, 6],
      255,
    ],
  ])('%s', async (_, file, values, maximum) => {
    const raster = await decodeBytes(file, 'a.pnm');
    expect(Array.from(raster.data)).toEqual(values);
    expect(raster.maximum).toBe(maximum);
  });

  test('an alpha in a PAM, one of 0 to its maximum', async () => {
    const head = 'P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 9\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n';
    expect(Array.from((await decodeBytes(pnm(head, 5, 9, 6, 9), 'a.pam')).data)).toEqual([5, 6]);
    await expect(decodeBytes(pnm(head, 5, 9, 6, 8), 'a.pam')).rejects.toMatchObject({code: 'alpha'});
  });

  test('PFM rows from the bottom up, in the byte order of its scale, whatever its size', async () => {
    const floats = Buffer.alloc(8);
    floats.writeFloatBE(-2.5, 0);
    floats.writeFloatBE(Infinity, 4);
    const raster = await decodeBytes(Buffer.concat([Buffer.from('Pf\n1 2\n0.003922\n'), floats]), 'a.pfm');
    expect(raster).toMatchObject({height: 2, width: 1, channels: 1, maximum: null});
    expect(Array.from(raster.data)).toEqual([Infinity, -2.5]);
    const little = await decodeBytes(
      Buffer.concat([Buffer.from('Pf\n1 2\n-1\n'), Buffer.from(floats).swap32()]),
      'a.pfm',
    );
    expect(little.data).toEqual(raster.data);
  });
});

describe('what is damaged', () => {
  test.each<[string, Buffer, string]>([
    ['a header without its end', pnm('P5\n2'), 'header is damaged'],
    ['a width that is no number', pnm('P5\n2a 1 255\n', 1, 2), 'header is damaged'],
    ['no height', pnm('P5\n2 0 255\n'), '2x0'],
    ['a maximum of 0', pnm('P5 2 1 0\n', 0, 0), 'maximum of 0'],
    ['a maximum beyond 16 bits', pnm('P5 2 1 65536\n', 0, 0, 0, 0), 'maximum of 65536'],
    ['fewer pixels', pnm('P5 3 1 255\n', 1, 2), 'cut short: 2 bytes of pixels, 3 were expected'],
    ['fewer numbers', pnm('P2 3 1 255\n100 2 '), 'cut short: 2 values in place of 3'],
    ['fewer digits', pnm('P1 3 1\n# 10\n10'), 'cut short: 2 values in place of 3'],
    ['more pixels', pnm('P5 2 1 255\n', 1, 2, 3), '1 bytes after its pixels'],
    ['more numbers', pnm('P2 2 1 255\n1 2 3'), '1 bytes after its pixels'],
    ['more digits', pnm('P1 2 1\n111'), 'more values'],
    ['a value above the maximum', pnm('P5 2 1 9\n', 1, 10), 'above its maximum of 9'],
    ['a number above the maximum', pnm('P2 2 1 9\n1 256'), "'256' is no value of 0 to 9"],
    ['a word among the numbers', pnm('P2 2 1 9\n1 -2'), "'-2' is no value"],
    ['a digit of no bit', pnm('P1 2 1\n12'), "'12' is no row of 0 and 1"],
    [
      'a PAM of the wrong depth',
      pnm('P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 9\nTUPLTYPE RGB\nENDHDR\n', 1),
      '1 channels of RGB',
    ],
    ['a PAM without an end of header', pnm('P7\nWIDTH 1\nHEIGHT 1\n'), 'PAM header'],
    ['a scale of 0', pnm('Pf\n1 1\n0\n', 0, 0, 0, 0), 'header is damaged'],
  ])('%s', async (_, file, part) => {
    await expect(decodeBytes(file, 'a.pnm')).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringContaining(part),
    });
  });

  test('a header that claims more than the cap or the file is refused before anything is allocated', async () => {
    await expect(decodeBytes(pnm('P5 99999 99999 255\n', 1), 'a.pgm')).rejects.toMatchObject({code: 'too-many-pixels'});
    await expect(decodeBytes(pnm('P6 8000 8000 65535\n', 1), 'a.ppm')).rejects.toThrow('384000000 were expected');
    await expect(decodeBytes(pnm('P3 8000 8000 65535\n', 0x31), 'a.ppm')).rejects.toThrow('cut short');
  });

  test('several images in one file', async () => {
    await expect(decodeBytes(pnm('P5 1 1 255\n\x07P5 1 1 255\n\x08'), 'a.pgm')).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('several images'),
    });
  });
});
