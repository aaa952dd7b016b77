import {describe, expect, test} from 'vitest';
import {matchPair} from '../../src/images/pair.js';
import {decode, npyBytes, pattern} from './fixtures.js';

/** Values of a fixture that another library wrote. */
function peer(name: string, bits: 8 | 16): Uint8Array | Uint16Array {
  const bytes = new Uint8Array(npyBytes(`options/${name}.npy`));
  return bits === 8 ? bytes : new Uint16Array(bytes.buffer);
}

function furthest(data: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(data.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (value, i) => Math.abs((data[i] as number) - value)));
}

describe('color: grey', () => {
  // Both round the weights to fixed point.
  test('is Pillow’s L within a level', async () => {
    const {data} = await decode('png/rgb-8.png', 'pixels', {color: 'grey'});
    expect(furthest(data, peer('grey-8', 8))).toBeLessThanOrEqual(1);
  });

  test('is OpenCV’s grey at 16 bits within 3 of 65535', async () => {
    const {data} = await decode('png/rgb-16.png', 'pixels', {color: 'grey'});
    expect(furthest(data, peer('grey-16', 16))).toBeLessThanOrEqual(3);
  });
});

describe('alpha: blend is Pillow’s alpha_composite within a level', () => {
  test.each([
    ['png/rgba-8.png', 'blend-rgba-8'],
    ['png/grey-alpha-8.png', 'blend-grey-alpha-8'],
    ['tiff/rgba-8.tif', 'blend-rgba-8'],
    ['webp/rgba-lossless.webp', 'blend-rgba-8'],
    ['pnm/rgba-8.pam', 'blend-rgba-8'],
  ])('%s', async (name, expected) => {
    const {data} = await decode(name, 'pixels', {alpha: {blend: [250, 100, 3]}});
    expect(furthest(data, peer(expected, 8))).toBeLessThanOrEqual(1);
  });
});

describe.each([
  [3, 4],
  [10, 14],
  [2, 11],
] as const)('size to %i x %i is Pillow’s BICUBIC within a level', (height, width) => {
  // Halved patterns, which no filter takes out of range: Pillow clips integers between its passes as well.
  const eight = Uint8Array.from(pattern(3), (value) => (value >> 1) + 64);
  const sixteen = Uint16Array.from(pattern(1, 65535), (value) => (value >> 1) + 16_384);
  test.each([
    ['rgb-8', {data: eight, height: 5, width: 7, channels: 3, maximum: 255}, 8],
    ['grey-16', {data: sixteen, height: 5, width: 7, channels: 1, maximum: 65535}, 16],
  ] as const)('%s', (name, raster, bits) => {
    const expected = peer(`resize-${name}-${height}x${width}`, bits);
    const pred = {role: 'pred', reading: 'pixels', raster} as const;
    for (const matched of matchPair([pred, {...pred, role: 'target'}], [height, width])) {
      expect(matched).toMatchObject({height, width, channels: raster.channels});
      expect(furthest(matched.data, expected)).toBeLessThanOrEqual(1);
    }
    const small = {...raster, height, width, data: expected};
    const [resampled, target] = matchPair([pred, {...pred, role: 'target', raster: small}], 'target');
    expect(furthest(resampled?.data ?? [], expected)).toBeLessThanOrEqual(1);
    expect(target?.data).toBe(expected);
  });
});
