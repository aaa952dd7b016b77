import {chmodSync, mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {expect, test} from 'vitest';
import type {Reading} from '../../src/losses/sample-contract.js';
import {type LoadedSample, type LoadOptions, SampleLoader} from '../../src/run/load.js';
import {asOrdinaryUser} from '../ordinary-user.js';
import {flat, IMAGE, Scratch, sha256Of} from './scratch.js';

type Options = Partial<Omit<LoadOptions, 'readings' | 'cwd'>> & {
  readonly readings?: Readonly<Record<string, readonly Reading[]>>;
  readonly shared?: readonly string[];
};

const PAIR = {pred: ['pixels'], target: ['pixels']} as const;

function loaderIn({root}: Scratch, options: Options = {}) {
  const {readings = PAIR, shared = [], image = IMAGE, size = 'strict', classes = null} = options;
  const byRole = new Map(Object.entries(readings).map(([role, of]) => [role, new Set(of)]));
  return new SampleLoader({image, size, classes, cwd: root, readings: byRole}, new Set(shared));
}

type Decoded = Extract<LoadedSample, {decoded: unknown}>;

function decoded(sample: LoadedSample): Decoded {
  if ('failure' in sample) throw sample.failure;
  return sample;
}

function reasonOf(sample: LoadedSample): string {
  return 'failure' in sample ? `${sample.failure.code}: ${sample.failure.message}` : 'none';
}

test('decodes every role that a loss reads, and hashes the bytes it decoded', async () => {
  const scratch = new Scratch();
  const values = [0, 1, 2, 253, 254, 255];
  const pred = await scratch.png('pred.png', {height: 2, width: 3, channels: 1, values});
  const target = await scratch.png('target.png', flat(2, 3, 7));
  const style = scratch.write('style.txt', 'never read');
  const sample = {key: 'a', files: {pred, target, style}, group: 'g'};
  const loaded = decoded(await loaderIn(scratch).load(sample));
  expect(loaded).toMatchObject({sample, height: 2, width: 3, bytes: 12});
  expect(loaded.sha256).toEqual({pred: sha256Of(pred), target: sha256Of(target)});
  expect(Array.from(loaded.decoded.raster('pred', 'pixels').data)).toEqual(values);
  expect(loaded.decoded.has('target')).toBe(true);
  expect(loaded.decoded.has('style')).toBe(false);
});

test('one file may be read in two ways', async () => {
  const scratch = new Scratch();
  const palette = new URL('../../fixtures/images/png/palette-8.png', import.meta.url).pathname;
  const readings = {pred: ['pixels', 'labels']} as const;
  const {decoded: images} = decoded(await loaderIn(scratch, {readings}).load({key: 'a', files: {pred: palette}}));
  expect(images.raster('pred', 'pixels').channels).toBe(3);
  expect(images.raster('pred', 'labels').channels).toBe(1);
});

test('samples share a batch exactly when every role has the same shape', async () => {
  const scratch = new Scratch();
  const loader = loaderIn(scratch, {readings: {...PAIR, weight: ['weights']}});
  const wide = await scratch.png('wide.png', flat(2, 3, 1));
  const other = await scratch.png('other.png', flat(2, 3, 9));
  const tall = await scratch.png('tall.png', flat(3, 2, 1));
  const shapeOf = async (files: Record<string, string>) => decoded(await loader.load({key: 'a', files})).shape;
  const shape = await shapeOf({pred: wide, target: wide});
  expect(await shapeOf({pred: other, target: wide})).toBe(shape);
  expect(await shapeOf({pred: tall, target: tall})).not.toBe(shape);
  expect(await shapeOf({pred: wide, target: wide, weight: wide})).not.toBe(shape);
});

test('the size is that of the prediction, whatever the order of the roles', async () => {
  const scratch = new Scratch();
  const style = await scratch.png('style.png', flat(9, 9, 1));
  const pred = await scratch.png('pred.png', flat(2, 3, 1));
  const loader = loaderIn(scratch, {readings: {style: ['pixels'], ...PAIR}});
  expect(await loader.load({key: 'a', files: {style, target: pred, pred}})).toMatchObject({height: 2, width: 3});
});

test('sizes and channels are brought together as the options say, and what differs fails the sample', async () => {
  const scratch = new Scratch();
  const grey = await scratch.png('grey.png', flat(4, 6, 100));
  const small = await scratch.png('small.png', flat(2, 3, 100));
  const rgb = await scratch.png('rgb.png', {height: 4, width: 6, channels: 3, values: new Array(72).fill(100)});
  const promoted = decoded(await loaderIn(scratch).load({key: 'a', files: {pred: grey, target: rgb}}));
  expect(promoted.decoded.raster('pred', 'pixels').channels).toBe(3);
  const strict = await loaderIn(scratch).load({key: 'a', files: {pred: small, target: grey}});
  expect(reasonOf(strict)).toBe(
    'sizes-differ: pred is 3x2, target is 6x4 (width x height); set image.size to target, crop or [h, w]',
  );
  expect(strict.sha256, 'what was read is hashed all the same').toEqual({
    pred: sha256Of(small),
    target: sha256Of(grey),
  });
  const cropped = await loaderIn(scratch, {size: 'crop'}).load({key: 'a', files: {pred: small, target: grey}});
  expect(cropped).toMatchObject({height: 2, width: 3});
  const resized = await loaderIn(scratch, {size: 'target'}).load({key: 'a', files: {pred: small, target: grey}});
  expect(resized).toMatchObject({height: 4, width: 6});
});

test('a failure names the role and the file, seen from the working folder', async () => {
  const scratch = new Scratch();
  const good = await scratch.png('good.png', flat(2, 2, 1));
  const text = scratch.write('text.png', 'not an image');
  mkdirSync(join(scratch.root, 'folder.png'));
  const loader = loaderIn(scratch);
  const reason = async (pred: string, target: string) => reasonOf(await loader.load({key: 'a', files: {pred, target}}));
  const gone = join(scratch.root, 'gone.png');
  expect(await reason(gone, good)).toBe('unreadable-file: pred: gone.png cannot be read (ENOENT)');
  expect(await reason(good, gone)).toBe('unreadable-file: target: gone.png cannot be read (ENOENT)');
  const folder = join(scratch.root, 'folder.png');
  expect(await reason(folder, good)).toBe('unreadable-file: pred: folder.png cannot be read (EISDIR)');
  expect(await reason(good, text)).toMatch(/^not-an-image: target: text\.png/);
  const failed = await loader.load({key: 'a', files: {pred: good, target: text}});
  expect(failed.sha256).toEqual({pred: sha256Of(good)});
});

test('a file without permission is a failure', async () => {
  const scratch = new Scratch();
  const pred = await scratch.png('pred.png', flat(2, 2, 1));
  chmodSync(pred, 0);
  chmodSync(scratch.root, 0o755);
  const loaded = await asOrdinaryUser(() => loaderIn(scratch).load({key: 'a', files: {pred}}));
  expect(reasonOf(loaded)).toBe('unreadable-file: pred: pred.png cannot be read (EACCES)');
});

test('a file that serves every sample is read once, any other each time', async () => {
  const scratch = new Scratch();
  const pred = await scratch.png('pred.png', flat(2, 2, 10));
  const target = await scratch.png('target.png', flat(2, 2, 20));
  const loader = loaderIn(scratch, {shared: [target]});
  const first = await loader.load({key: 'a', files: {pred, target}});
  // Only a second reading would see these.
  await scratch.png('pred.png', flat(2, 2, 11));
  await scratch.png('target.png', flat(2, 2, 21));
  const second = decoded(await loader.load({key: 'b', files: {pred, target}}));
  const level = (role: string) => second.decoded.raster(role, 'pixels').data[0];
  expect([level('pred'), level('target')]).toEqual([11, 20]);
  expect(second.sha256.target).toBe(first.sha256.target);
  expect(second.sha256.pred).toBe(sha256Of(pred));
});

test('a shared file that cannot be read fails every sample', async () => {
  const scratch = new Scratch();
  const pred = await scratch.png('pred.png', flat(2, 2, 10));
  const target = await scratch.png('target.png', flat(2, 2, 20));
  rmSync(target);
  const loader = loaderIn(scratch, {shared: [target]});
  const both = await Promise.all(['a', 'b'].map((key) => loader.load({key, files: {pred, target}})));
  for (const sample of both) expect(reasonOf(sample)).toMatch(/^unreadable-file: target: target\.png/);
});

test('a style image keeps its size and channels, and is one image for all samples it serves', async () => {
  const scratch = new Scratch();
  const colours = {height: 5, width: 4, channels: 3, values: Array.from({length: 60}, (_, i) => i)} as const;
  const style = await scratch.png('style.png', colours);
  const grey = await scratch.png('grey.png', flat(2, 3, 10));
  const rgb = await scratch.png('rgb.png', {height: 3, width: 3, channels: 3, values: new Array(27).fill(7)});
  const loader = loaderIn(scratch, {readings: {...PAIR, style: ['pixels']}, shared: [style], size: [6, 6]});
  const styles = await Promise.all(
    [grey, rgb].map(async (pred) => {
      const {decoded: images} = decoded(await loader.load({key: 'a', files: {pred, target: pred, style}}));
      expect(images.raster('pred', 'pixels')).toMatchObject({height: 6, width: 6, channels: pred === grey ? 1 : 3});
      return images.raster('style', 'pixels');
    }),
  );
  expect(styles[0]).toMatchObject({height: 5, width: 4, channels: 3});
  expect(Array.from(styles[0]?.data ?? [])).toEqual(colours.values);
  expect(styles[1]).toBe(styles[0]);
});

test('alpha in a style image is dealt with as in any other', async () => {
  const scratch = new Scratch();
  const pred = await scratch.png('pred.png', flat(2, 2, 10));
  const pixel = {raw: {height: 1, width: 1, channels: 4}} as const;
  const style = scratch.write(
    'style.png',
    await sharp(Uint8Array.of(200, 100, 0, 51), pixel)
      .png()
      .toBuffer(),
  );
  const readings = {...PAIR, style: ['pixels']} as const;
  const load = (alpha: LoadOptions['image']['alpha']) =>
    loaderIn(scratch, {readings, image: {...IMAGE, alpha}}).load({key: 'a', files: {pred, target: pred, style}});
  expect(reasonOf(await load('error'))).toMatch(/^alpha: style: style\.png/);
  expect(Array.from(decoded(await load('drop')).decoded.raster('style', 'pixels').data)).toEqual([200, 100, 0]);
});
