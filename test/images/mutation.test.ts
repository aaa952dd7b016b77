import {readdirSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {SampleError} from '../../src/errors.js';
import type {AlphaPolicy} from '../../src/images/alpha.js';
import type {ImageOptions} from '../../src/images/decode.js';
import type {Raster} from '../../src/images/raster.js';
import type {Reading} from '../../src/images/reading.js';
import {decodeBytes, fixture} from './fixtures.js';

const MUTANTS = 2000;
const LONGEST_MS = 5000;
const KNOWN_CODES = [
  ...['decode-failed', 'unsupported-format', 'not-an-image', 'empty-file', 'too-many-pixels'],
  ...['alpha', 'channels', 'dtype', 'shape', 'arrays', 'page', 'labels'],
];

const FOLDERS = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'bmp', 'pnm', 'npy', 'npz', 'icc', 'orientation'];

/** The real files that are damaged, by folder; other decoders' outputs are none, and a large one would take long. */
const FILES = FOLDERS.map((folder) =>
  readdirSync(new URL(`../../fixtures/images/${folder}`, import.meta.url))
    .filter((name) => !/\.(jpg|webp|avif|png|tif)\.npy$|^\d-?\w*\.npy$|bomb|long-lzw/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`),
);

type Change = (bytes: Buffer) => Buffer;

/** A place in a file as a share of its length; headers, where the numbers with consequences are, come up often. */
const even = (below: number) => fc.noBias(fc.nat(below - 1));
const place = fc.oneof(even(1000), even(1000), even(150)).map((thousandths) => thousandths / 1000);
const at = (bytes: Buffer, share: number) => Math.max(0, Math.min(bytes.length - 1, Math.floor(share * bytes.length)));

const flip = fc.tuple(place, fc.nat(7)).map(
  ([share, bit]): Change =>
    (bytes) => {
      const out = Buffer.from(bytes);
      if (out.length > 0) out[at(out, share)] = (out[at(out, share)] as number) ^ (1 << bit);
      return out;
    },
);
const overwrite = fc.tuple(place, fc.uint8Array({minLength: 1, maxLength: 8})).map(
  ([share, values]): Change =>
    (bytes) => {
      const out = Buffer.from(bytes);
      out.set(values.subarray(0, out.length - at(out, share)), at(out, share));
      return out;
    },
);
const cut = place.map(
  (share): Change =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);
const remove = fc.tuple(place, fc.integer({min: 1, max: 40})).map(
  ([share, length]): Change =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, at(bytes, share)), bytes.subarray(at(bytes, share) + length)]),
);
const file = fc.constantFrom(...FILES).chain((names) => fc.constantFrom(...names));
const splice = fc.tuple(place, file, place).map(
  ([share, other, from]): Change =>
    (bytes) => {
      const donor = fixture(other);
      return Buffer.concat([bytes.subarray(0, at(bytes, share)), donor.subarray(at(donor, from))]);
    },
);

const options = fc.record<ImageOptions>({
  alpha: fc.constantFrom<AlphaPolicy>('error', 'drop', {blend: [250, 100, 3]}),
  color: fc.constantFrom('auto', 'grey', 'rgb'),
  icc: fc.constantFrom('ignore', 'convert'),
  page: fc.constantFrom(null, null, null, null, 0, 1),
  orient: fc.boolean(),
  maxPixels: fc.constant(100_000),
  palette: fc.constantFrom(null, new Map([[0, 0]])),
});
const changes = fc.array(fc.oneof(flip, flip, overwrite, overwrite, cut, remove, splice), {minLength: 1, maxLength: 3});
const reading = fc.constantFrom<Reading>('pixels', 'labels', 'scores', 'mask');

describe(`${MUTANTS} damaged files of every format`, () => {
  test('are images or failed samples, soon', async () => {
    const counts = new Map<string, number>();
    const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(file, changes, reading, options, async (name, edits, as, how) => {
        const bytes = edits.reduce((damaged, change) => change(damaged), fixture(name));
        const begun = performance.now();
        const outcome = await decodeBytes(bytes, name, as, how).catch((error: unknown) => error);
        expect(performance.now() - begun).toBeLessThan(LONGEST_MS);
        if (outcome instanceof SampleError) {
          count(outcome.code);
          expect(KNOWN_CODES).toContain(outcome.code);
          expect(outcome.message).toMatch(new RegExp(`^${name}: \\P{Cc}+$`, 'u'));
          return;
        }
        count(`decoded ${name.split('/')[0]}`);
        expectConsistent(outcome);
      }),
      {numRuns: MUTANTS, seed: 5},
    );
    // Both outcomes are common, so the changes are neither too mild nor too rough.
    const decoded = [...counts].filter(([name]) => name.startsWith('decoded'));
    // A PNG's checksums let next to nothing through.
    const open = FOLDERS.filter((folder) => folder !== 'png');
    expect(decoded.map(([name]) => name)).toEqual(expect.arrayContaining(open.map((folder) => `decoded ${folder}`)));
    expect(decoded.reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(MUTANTS / 20);
    expect(counts.get('decode-failed')).toBeGreaterThan(MUTANTS / 4);
  });
});

function expectConsistent(outcome: unknown): void {
  expect(outcome).not.toBeInstanceOf(Error);
  const {data, height, width, channels, maximum} = outcome as Raster;
  expect(height * width).toBeGreaterThan(0);
  expect(channels).toBeGreaterThan(0);
  expect(data.length).toBe(height * width * channels);
  if (maximum !== null) expect(data.every((value) => Number.isInteger(value) && value <= maximum)).toBe(true);
}

describe('a file cut at every twentieth of its length is refused', () => {
  test.each([
    'png/rgb-16.png',
    'png/palette-8-interlaced.png',
    'jpeg/rgb.jpg',
    'jpeg/rgb-progressive.jpg',
    'tiff/rgb-8-tiles.tif',
    'tiff/rgb-16-lzw.tif',
    'tiff/rgb-f4-predictor-big.tif',
    'tiff/opencv-rgb-f4.tif',
    'webp/rgb-lossless.webp',
    'webp/rgb-lossy.webp',
    'avif/rgb-10.avif',
    'avif/lossy-444.avif',
    'avif/rgba-8.avif',
    'bmp/palette-8.bmp',
    'pnm/rgb-8-raw.ppm',
    'pnm/rgb-16-text.ppm',
    'pnm/bits-text.pbm',
    'pnm/rgba-16.pam',
    'pnm/rgb-opencv.pfm',
    'npy/f8-big-f.npy',
    'npz/deflated.npz',
  ])('%s', async (name) => {
    const whole = fixture(name);
    for (const as of ['pixels', 'labels'] as const) {
      for (let twentieth = 0; twentieth < 20; twentieth++) {
        const part = whole.subarray(0, Math.floor((twentieth * whole.length) / 20));
        await expect(decodeBytes(part, name, as, {alpha: 'drop'}), `${twentieth} twentieths`).rejects.toMatchObject({
          name: 'SampleError',
          code: expect.stringMatching(/^(decode-failed|not-an-image|empty-file|unsupported-format)$/),
        });
      }
    }
  });
});
