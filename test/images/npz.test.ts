import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {decode, decodeBytes, fixture, pattern} from './fixtures.js';

test('a stored and a deflated array come back exactly', async () => {
  const stored = await decode('npz/stored.npz');
  expect(stored).toMatchObject({height: 5, width: 7, channels: 3, maximum: 65535});
  expect(Array.from(stored.data)).toEqual(pattern(3, 65535));
  const deflated = await decode('npz/deflated.npz', 'labels');
  expect(deflated).toMatchObject({height: 5, width: 7, channels: 1, maximum: 255});
  expect(Array.from(deflated.data)).toEqual(pattern(1));
});

test('several arrays are named', async () => {
  await expect(decode('npz/two.npz')).rejects.toMatchObject({
    code: 'arrays',
    message: 'npz/two.npz: expected an NPZ of one array, it has 2: left, right',
  });
});

test('an archive without arrays is no image', async () => {
  await expect(decode('npz/no-array.npz')).rejects.toMatchObject({code: 'unsupported-format'});
});

test('16 million pixels in 16 KB are held against the cap before they are inflated', async () => {
  const before = process.memoryUsage().arrayBuffers;
  await expect(decode('npz/bomb.npz', 'pixels', {maxPixels: 1_000_000})).rejects.toMatchObject({
    code: 'too-many-pixels',
    message: expect.stringContaining('4096x4096'),
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000);
});

test('sizes that lie fail', async () => {
  const file = Buffer.from(fixture('npz/deflated.npz'));
  const entry = file.lastIndexOf('PK\x01\x02', undefined, 'latin1');
  for (const size of [10, 0x7fffffff]) {
    file.writeUInt32LE(size, entry + 24);
    await expect(decodeBytes(file, 'a.npz')).rejects.toMatchObject({code: 'decode-failed'});
  }
});

test('a flipped bit in the values is found by the checksum', async () => {
  const file = Buffer.from(readFileSync(new URL('../../fixtures/images/npz/stored.npz', import.meta.url)));
  const last = file.indexOf('PK\x01\x02', 0, 'latin1') - 1;
  file[last] = (file[last] as number) ^ 1;
  await expect(decodeBytes(file, 'a.npz')).rejects.toMatchObject({code: 'decode-failed'});
});
