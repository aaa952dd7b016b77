import {closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {FileElements} from '../../../src/images/strips/file-elements.js';
import {StripFolder} from '../../../src/images/strips/strip-folder.js';
import type {PixelData} from '../../../src/kernels/view.js';
import {random} from '../../losses/random.js';
import {stripFolder} from './folders.js';

test('elements come out of a file as they went in, wherever and in whatever order they are asked for', async () => {
  const folder = await stripFolder();
  const next = random(2);
  for (const array of [Uint8Array, Uint16Array, Float64Array]) {
    const values = array.from(Array.from({length: 997}, () => Math.floor(256 * next())));
    const path = folder.name('.raw');
    writeFileSync(path, Buffer.concat([Buffer.alloc(64, 7), Buffer.from(values.buffer)]));
    const file = folder.open(path, 'r');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(997), fc.nat(997)), {minLength: 1, maxLength: 8}),
        fc.integer({min: 0, max: 2000}),
        (stretches, aheadBytes) => {
          const elements = new FileElements({file, offset: 64, array, length: 997}, folder.room, aheadBytes);
          for (const [a, b] of stretches) {
            const [start, end] = [Math.min(a, b), Math.max(a, b)];
            expect(elements.subarray(start, end)).toEqual(values.subarray(start, end));
          }
        },
      ),
      {numRuns: 50},
    );
    const room = folder.room(array, 997);
    expect(room).toBeInstanceOf(FileElements);
    expect(room.subarray(990, 997)).toEqual(new array(7));
    // As written by a kernel: in pieces, of another type, read in between.
    room.set(Float64Array.from(values.subarray(0, 500)), 0);
    expect(room.subarray(3, 9)).toEqual(values.subarray(3, 9));
    room.set(values.subarray(500) as PixelData, 500);
    expect(room.subarray(0, 997)).toEqual(values);
  }
});

test('a file that is shorter than its elements is an error, not zeros', async () => {
  const folder = await stripFolder();
  const path = folder.name('.raw');
  writeFileSync(path, Buffer.alloc(10));
  const elements = new FileElements(
    {file: folder.open(path, 'r'), offset: 4, array: Uint8Array, length: 7},
    folder.room,
  );
  expect(() => elements.subarray(0, 7)).toThrow(RangeError);
  expect(elements.subarray.bind(elements, 0, 6)).toThrow(RangeError);
});

test('files have no names once they are open, and the folder goes with what it held', async () => {
  const place = mkdtempSync(join(tmpdir(), 'cv-loss-place-'));
  vi.stubEnv('TMPDIR', place);
  const left = join(place, '.pixels.cv-loss-00000000-4194305-0123456789ab.tmp');
  const folder = await StripFolder.make(16);
  try {
    expect(dirname(folder.path)).toBe(place);
    expect(folder.room(Uint8Array, 16)).toBeInstanceOf(Uint8Array);
    const room = folder.room(Uint8Array, 17);
    expect(readdirSync(folder.path)).toEqual([]);
    room.set(new Uint8Array([5]), 16);
    expect(room.subarray(16, 17)).toEqual(new Uint8Array([5]));
    // Of another host's process, a minute old: not ours to remove.
    closeSync(openSync(left, 'w'));
    await (await StripFolder.make()).close();
    expect(existsSync(left)).toBe(true);
    await expect(folder.reserve(2 ** 60, 'huge.png')).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(
        /^the decoded pixels of huge\.png need \d+ bytes in .*set TMPDIR to another folder$/,
      ),
    });
  } finally {
    await folder.close();
    vi.unstubAllEnvs();
  }
  expect(readdirSync(place)).toEqual([left.slice(place.length + 1)]);
  rmSync(place, {recursive: true});
});
