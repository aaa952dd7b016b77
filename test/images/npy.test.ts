import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Reading} from '../../src/images/reading.js';
import {decode, decodeBytes, fixture, pattern} from './fixtures.js';

const MAXIMA: Readonly<Record<string, number | null>> = {
  b1: 1,
  u1: 255,
  u2: 65535,
  u4: 2 ** 32 - 1,
  u8: 2 ** 64,
  i1: 127,
  i2: 32767,
  i4: 2 ** 31 - 1,
  i8: 2 ** 63,
  f2: null,
  f4: null,
  f8: null,
};

/** The values of fixtures/made-by/images.py's `npy_values`, 5 x 7 x 3. */
function values(dtype: string): number[] {
  const indices = Array.from({length: 105}, (_, i) => i);
  if (dtype === 'b1') return pattern(3, 1);
  if (dtype[0] === 'f') return indices.map((i) => (i - 50) / 64);
  const half = 2 ** Math.min(8 * Number(dtype[1]), 52) / 2;
  return indices.map((i) => (dtype[0] === 'u' ? 0 : -half / 2) + Math.floor(i * Math.floor(half / 256)));
}

const files = Object.keys(MAXIMA).flatMap((dtype) =>
  (dtype[1] === '1' ? ['little'] : ['little', 'big']).flatMap((endian) =>
    ['c', 'f'].map((order) => [dtype, endian, order] as const),
  ),
);

describe('numpy arrays come back exactly', () => {
  test.each(files)('%s, %s-endian, %s order', async (dtype, endian, order) => {
    const reading: Reading = dtype.endsWith('8') && dtype !== 'f8' ? 'labels' : 'pixels';
    const raster = await decode(`npy/${dtype}-${endian}-${order}.npy`, reading);
    expect(raster).toMatchObject({height: 5, width: 7, channels: 3, maximum: MAXIMA[dtype]});
    expect(Array.from(raster.data)).toEqual(values(dtype));
  });

  test.each(['flat', 'one-channel', 'version-2', 'version-3'])('%s', async (name) => {
    const raster = await decode(`npy/${name}.npy`);
    expect(raster).toMatchObject({height: 5, width: 7, channels: 1, maximum: 255});
    expect(Array.from(raster.data)).toEqual(pattern(1));
  });

  test('float16 beyond the usual', async () => {
    const {data} = await decode('npy/half-special.npy');
    expect(Array.from(data)).toEqual([Number.NaN, Infinity, -Infinity, -0, 2 ** -24, 65504, 1023 * 2 ** -24]);
  });

  test('int64 ids beyond 32 bits', async () => {
    expect(Array.from((await decode('npy/wide-ids.npy', 'instances')).data)).toEqual([2 ** 31, -5]);
  });
});

describe('refused', () => {
  test.each([
    ['object', 'dtype', "'|O'"],
    ['complex', 'dtype', "'<c8'"],
    ['structured', 'dtype', 'structured'],
    ['batch', 'shape', 'array[0]'],
    ['vector', 'shape', '[4]'],
    ['channels-first', 'shape', 'moveaxis'],
    ['i8-little-c', 'dtype', 'int64'],
    ['u8-big-f', 'dtype', 'uint64'],
  ])('%s', async (name, code, part) => {
    await expect(decode(`npy/${name}.npy`)).rejects.toMatchObject({code, message: expect.stringContaining(part)});
  });

  test('ids beyond 2^53', async () => {
    await expect(decode('npy/unsafe-ids.npy', 'labels')).rejects.toMatchObject({code: 'dtype'});
  });

  test.each([
    ['a shape the file does not hold', '(5, 7)', '(5, 8)', 'decode-failed'],
    ['a shape of less than the file', '(5, 7)', '(5, 6)', 'decode-failed'],
    ['a shape over the cap', '(5, 7)', '(99999, 99999)', 'too-many-pixels'],
    ['channels over the cap', '(5, 7)', '(5, 7, 99999999)', 'too-many-pixels'],
    ['no rows', '(5, 7)', '(0, 7)', 'decode-failed'],
    ['no channels', '(5, 7)', '(5, 7, 0)', 'shape'],
    ['no dictionary', "'descr'", "'DESCR'", 'decode-failed'],
  ])('%s', async (_, from, to, code) => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (5, 7), }".replace(from, to);
    await expect(decodeBytes(npy(header, Buffer.alloc(35)), 'a.npy')).rejects.toMatchObject({code});
  });

  test('a header length beyond reason', async () => {
    const file = Buffer.from(fixture('npy/version-2.npy'));
    file.writeUInt32LE(0xfffffff0, 8);
    await expect(decodeBytes(file, 'a.npy')).rejects.toMatchObject({code: 'decode-failed'});
  });
});

/** An NPY file of version 1 with this header. */
function npy(header: string, data: Buffer): Buffer {
  const text = Buffer.from(`${header}\n`, 'latin1');
  const start = Buffer.from('\x93NUMPY\x01\0\0\0', 'latin1');
  start.writeUInt16LE(text.length, 8);
  return Buffer.concat([start, text, data]);
}

type Write = (buffer: Buffer, value: number, at: number, big: boolean) => void;

/** How a value of each dtype is written, and what values there are. */
const WRITERS: Readonly<Record<string, {size: number; values: fc.Arbitrary<number>; write: Write}>> = {
  b1: {size: 1, values: fc.integer({min: 0, max: 1}), write: (b, v, at) => b.writeUInt8(v, at)},
  u1: {size: 1, values: fc.integer({min: 0, max: 255}), write: (b, v, at) => b.writeUInt8(v, at)},
  i1: {size: 1, values: fc.integer({min: -128, max: 127}), write: (b, v, at) => b.writeInt8(v, at)},
  u2: {
    size: 2,
    values: fc.integer({min: 0, max: 65535}),
    write: (b, v, at, big) => (big ? b.writeUInt16BE(v, at) : b.writeUInt16LE(v, at)),
  },
  i2: {
    size: 2,
    values: fc.integer({min: -32768, max: 32767}),
    write: (b, v, at, big) => (big ? b.writeInt16BE(v, at) : b.writeInt16LE(v, at)),
  },
  u4: {
    size: 4,
    values: fc.integer({min: 0, max: 2 ** 32 - 1}),
    write: (b, v, at, big) => (big ? b.writeUInt32BE(v, at) : b.writeUInt32LE(v, at)),
  },
  i4: {
    size: 4,
    values: fc.integer({min: -(2 ** 31), max: 2 ** 31 - 1}),
    write: (b, v, at, big) => (big ? b.writeInt32BE(v, at) : b.writeInt32LE(v, at)),
  },
  i8: {
    size: 8,
    values: fc.maxSafeInteger(),
    write: (b, v, at, big) => (big ? b.writeBigInt64BE(BigInt(v), at) : b.writeBigInt64LE(BigInt(v), at)),
  },
  u8: {
    size: 8,
    values: fc.maxSafeNat(),
    write: (b, v, at, big) => (big ? b.writeBigUInt64BE(BigInt(v), at) : b.writeBigUInt64LE(BigInt(v), at)),
  },
  f4: {size: 4, values: fc.float(), write: (b, v, at, big) => (big ? b.writeFloatBE(v, at) : b.writeFloatLE(v, at))},
  f8: {size: 8, values: fc.double(), write: (b, v, at, big) => (big ? b.writeDoubleBE(v, at) : b.writeDoubleLE(v, at))},
};

const arrays = fc
  .record({
    dtype: fc.constantFrom(...Object.keys(WRITERS)),
    shape: fc.tuple(fc.integer({min: 1, max: 6}), fc.integer({min: 1, max: 6}), fc.integer({min: 1, max: 5})),
    big: fc.boolean(),
    fortran: fc.boolean(),
  })
  .chain((form) => {
    const length = form.shape[0] * form.shape[1] * form.shape[2];
    const {values} = WRITERS[form.dtype] as (typeof WRITERS)[string];
    return fc.record({form: fc.constant(form), values: fc.array(values, {minLength: length, maxLength: length})});
  });

test('any array comes back exactly', async () => {
  await fc.assert(
    fc.asyncProperty(arrays, async ({form: {dtype, shape, big, fortran}, values}) => {
      const [h, w, c] = shape;
      const {size, write} = WRITERS[dtype] as (typeof WRITERS)[string];
      const data = Buffer.alloc(values.length * size);
      values.forEach((value, i) => {
        const [y, x, k] = [Math.floor(i / (w * c)), Math.floor(i / c) % w, i % c];
        write(data, value, (fortran ? y + h * (x + w * k) : i) * size, big);
      });
      const header = `{'descr': '${big ? '>' : '<'}${dtype}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${h}, ${w}, ${c}), }`;
      const raster = await decodeBytes(
        npy(header, data),
        'a.npy',
        dtype === 'i8' || dtype === 'u8' ? 'instances' : 'scores',
      );
      expect(raster).toMatchObject({maximum: MAXIMA[dtype]});
      // Three equal channels of ids are read as one.
      const collapsed = raster.channels === 1 && c === 3;
      expect(Array.from(raster.data)).toEqual(collapsed ? values.filter((_, i) => i % 3 === 0) : values);
    }),
    {numRuns: 500},
  );
});
