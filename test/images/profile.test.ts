import {describe, expect, test} from 'vitest';
import {decode, decodeBytes, fixture, npyBytes, pattern, pick} from './fixtures.js';

const convert = {icc: 'convert'} as const;

function furthest(data: ArrayLike<number>, expected: ArrayLike<number>, scale = 1): number {
  expect(data.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (value, i) => Math.abs((data[i] as number) / scale - value)));
}

describe('image.icc convert gives what littlecms gives', () => {
  test.each([
    ['icc/rgb.png', 3, 1],
    ['icc/rgb.webp', 3, 1],
    ['icc/rgb.tif', 3, 1],
    ['icc/rgb.jpg', 3, 1],
    ['icc/grey.png', 1, 1],
    ['icc/grey.jpg', 1, 1],
    ['icc/rgb-parametric.png', 3, 1],
    ['icc/rgb-sampled.png', 3, 1],
    ['icc/rgb-tables.png', 3, 1],
    ['icc/cmyk.jpg', 3, 1],
    ['icc/cmyk.tif', 3, 1],
    // Pillow decodes it a level apart before it converts.
    ['icc/rgb.avif', 3, 2],
  ])('%s', async (name, channels, within) => {
    const raster = await decode(name, 'pixels', convert);
    expect(raster).toMatchObject({channels, maximum: 255});
    expect(furthest(raster.data, npyBytes(`${name}.npy`))).toBeLessThanOrEqual(within);
  });

  test.each([
    ['icc/rgb-16.tif', 3, 'icc/rgb.png.npy'],
    ['icc/grey-16.tif', 1, 'icc/grey.png.npy'],
  ])('%s, at 16 bits', async (name, channels, peer) => {
    const raster = await decode(name, 'pixels', convert);
    expect(raster).toMatchObject({channels, maximum: 65535});
    // The peer has the same colours at 8 bits, each rounded to a level.
    expect(furthest(raster.data, npyBytes(peer), 257)).toBeLessThanOrEqual(0.6);
    expect(new Set(Array.from(raster.data, (value) => value % 257)).size).toBeGreaterThan(20);
  });

  test('but for tables at 16 bits, which are refused', async () => {
    await expect(decode('icc/rgb-tables-16.tif', 'pixels', convert)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('8 bits only'),
    });
    expect((await decode('icc/rgb-tables-16.tif')).maximum).toBe(65535);
  });

  test('and leaves alpha alone', async () => {
    const blended = await decode('icc/rgba.png', 'pixels', {...convert, alpha: {blend: [0, 0, 0]}});
    const colours = npyBytes('icc/rgb.png.npy');
    const plain = await decode('icc/rgba.png', 'pixels', {alpha: {blend: [0, 0, 0]}});
    const dropped = await decode('icc/rgba.png', 'pixels', {...convert, alpha: 'drop'});
    expect(furthest(dropped.data, colours)).toBeLessThanOrEqual(1);
    const stored = pattern(3, 255, 16, 16);
    // Blending over black scales by the alpha, which the unconverted image tells.
    stored.forEach((value, i) => {
      if (value < 128) return;
      const alpha = (plain.data[i] as number) / value;
      expect(Math.abs((blended.data[i] as number) - (colours[i] as number) * alpha)).toBeLessThan(2);
    });
  });
});

describe('without it', () => {
  test.each(['icc/rgb.png', 'icc/rgb.webp', 'icc/rgb.tif'])('%s keeps its stored numbers', async (name) => {
    expect(Array.from((await decode(name)).data)).toEqual(pattern(3, 255, 16, 16));
  });

  test('readings other than pixels keep theirs whatever the option', async () => {
    for (const reading of ['labels', 'scores', 'weights'] as const) {
      expect(Array.from((await decode('icc/rgb.png', reading, convert)).data)).toEqual(pattern(3, 255, 16, 16));
    }
  });

  test('CMYK is refused, and told of the option where there is a profile', async () => {
    const refused = {code: 'unsupported-format', message: expect.stringContaining('CMYK')};
    await expect(decode('jpeg/cmyk.jpg')).rejects.toMatchObject(refused);
    await expect(decode('jpeg/cmyk.jpg')).rejects.not.toThrow('image.icc');
    await expect(decode('icc/cmyk.jpg')).rejects.toThrow('set image.icc to convert');
    await expect(decode('icc/cmyk.tif', 'labels', convert)).rejects.toMatchObject(refused);
    await expect(decode('jpeg/cmyk.jpg', 'pixels', convert)).rejects.toThrow('without a profile');
  });

  test('a file without a profile counts as sRGB', async () => {
    expect((await decode('png/rgb-8.png', 'pixels', convert)).data).toEqual((await decode('png/rgb-8.png')).data);
    expect((await decode('npy/f4-little-c.npy', 'pixels', convert)).maximum).toBeNull();
  });
});

describe('a profile that cannot be applied fails', () => {
  /** A TIFF has neither checksums nor a second copy of its profile. */
  async function withProfile(name: string, damage: (profile: Buffer) => void) {
    const file = Buffer.from(fixture(name));
    const start = file.indexOf('acsp') - 36;
    expect(start).toBeGreaterThan(0);
    damage(file.subarray(start, start + file.readUInt32BE(start)));
    return decodeBytes(file, 'a.tif', 'pixels', convert);
  }
  const damages: [string, (profile: Buffer) => void][] = [
    ['zeros', (profile) => profile.fill(0)],
    ['no signature', (profile) => profile.write('xxxx', 36)],
    ['another colour space', (profile) => profile.write('YCbr', 16)],
    ['no tags', (profile) => profile.writeUInt32BE(0, 128)],
    [
      'a tone curve of no known type',
      (profile) => {
        const tag = Math.max(...['rTRC', 'kTRC', 'A2B0'].map((name) => profile.indexOf(name)));
        profile.write('zzzz', profile.readUInt32BE(tag + 4));
      },
    ],
  ];
  for (const name of ['icc/rgb.tif', 'icc/rgb-16.tif', 'icc/grey-16.tif', 'icc/cmyk.tif']) {
    test.each(damages)(`${name} with %s`, async (_, damage) => {
      await expect(withProfile(name, damage)).rejects.toMatchObject({
        code: 'decode-failed',
        message: expect.stringContaining('profile'),
      });
    });
    test(`${name} as it is`, async () => {
      expect(await withProfile(name, () => {})).toMatchObject({height: 16, width: 16});
    });
  }

  test('sRGB itself is one that can', async () => {
    const raster = await decode('png/rgb-profile-8.png', 'pixels', convert);
    // It is sRGB with red and green swapped, so channels 0 and 1 change places, up to gamut.
    const [red, green] = [0, 1].map((c) => pick(Array.from(raster.data), 3, [c]));
    expect(red).not.toEqual(pick(pattern(3), 3, [0]));
    expect(green).not.toEqual(pick(pattern(3), 3, [1]));
  });
});
