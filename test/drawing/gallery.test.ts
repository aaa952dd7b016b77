import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {expect, test} from 'vitest';
import {buildGallery} from '../../src/drawing/gallery.js';
import {picturesOf} from '../../src/drawing/run-pictures.js';
import type {Gallery, GalleryItem} from '../../src/rows/gallery.js';
import type {Row} from '../../src/rows/row.js';
import {type Run, startRun} from '../../src/run/start.js';
import {openAtomicFolder} from '../../src/storage/atomic-folder.js';
import {builtIn} from '../run/losses.js';
import {settings, table} from '../run/masks.js';
import {flat, Scratch} from '../run/scratch.js';

const {signal} = new AbortController();

/** A run of predictions whose levels are these, against black; the gallery as a report would get it, and what was told. */
async function galleryOf(
  levels: readonly number[],
  {
    scratch = new Scratch(),
    k = 2,
    maxBytes,
    between,
  }: {
    readonly scratch?: Scratch;
    readonly k?: number;
    readonly maxBytes?: number;
    readonly between?: () => Promise<unknown>;
  } = {},
) {
  const files = await Promise.all(
    levels.map(async (level, i) => ({
      pred: await scratch.png(`pred${i}.png`, flat(20, 30, level)),
      target: await scratch.png(`target${i}.png`, flat(20, 30, 0)),
    })),
  );
  const run = await startRun(settings(scratch.root, builtIn('mse'), builtIn('ssim')), table(files), signal);
  const notices: string[] = [];
  const onNotice = (line: string) => void notices.push(line);
  try {
    const request = {dir: scratch.root, formats: ['html'], gallery: k};
    const pictures = picturesOf(run, request, {isShard: false});
    if (!pictures) throw new Error('nothing to draw');
    for await (const row of run.rows()) pictures.add(row);
    await between?.();
    const gallery = (await pictures.draw(
      {pictures: () => null},
      {summary: {}, changes: null, rows: []},
      {onNotice},
    )) as Gallery;
    return {gallery, notices, run, small: maxBytes === undefined ? null : await small(run, maxBytes, onNotice)};
  } finally {
    await run.close();
  }
}

async function small(run: Run, maxBytes: number, onNotice: (line: string) => void): Promise<Gallery> {
  const chosen = run.samples.map(({key}, at) => ({key, at, value: at, sha256: {}}));
  return buildGallery(run, {columns: {mse: {worst: chosen, best: []}}}, {folder: null, maxBytes, onNotice});
}

test('the worst and the best of each column, their images and maps in one scale', async () => {
  const {gallery, notices} = await galleryOf([10, 50, 30, 255, 0]);
  expect(notices).toEqual([]);
  expect(gallery.worst).toMatchObject({mse: ['s3', 's1']});
  expect(gallery.best).toMatchObject({mse: ['s4', 's0']});
  expect(Object.keys(gallery.worst)).toEqual(['mse', 'ssim']);
  const shown = [...Object.values(gallery.worst), ...Object.values(gallery.best)].flat();
  expect(new Set(Object.keys(gallery.items))).toEqual(new Set(shown));
  const {images, heat} = gallery.items.s3 as GalleryItem;
  expect(Object.keys(images)).toEqual(['pred', 'target', 'difference']);
  expect(heat.mse).toMatchObject({low: 0, high: 1, better: 'lower', shows: 'squared error'});
  expect(heat.ssim).toMatchObject({better: 'higher', shows: 'SSIM'});
  expect(gallery.items.s0?.heat.mse).toMatchObject({low: 0, high: 1});
  const bytes = Buffer.from(String(images.pred?.href).split(',')[1] ?? '', 'base64');
  const {dominant} = await sharp(bytes).stats();
  expect(dominant.r).toBeGreaterThan(240);
  expect(images.pred).toMatchObject({width: 30, height: 20});
  expect(gallery.colourMap).toHaveLength(256);
});

test('a sample that changed since it was scored is told of and left out', async () => {
  const scratch = new Scratch();
  const between = () => scratch.png('pred1.png', flat(20, 30, 7));
  const {gallery, notices} = await galleryOf([10, 200, 30], {scratch, between, k: 3});
  expect(notices).toEqual(['gallery: no picture of s1: pred changed after it was scored; score it again [CVL-W022]']);
  expect(Object.keys(gallery.items).sort()).toEqual(['s0', 's2']);
  expect(gallery.worst.mse).toEqual(['s2', 's0']);
});

test('within its bytes: fewer samples where smaller images are not enough', async () => {
  const {small: made, notices} = await galleryOf([1, 2, 3], {maxBytes: 700});
  expect(Object.keys(made?.items ?? {})).toEqual(['s0', 's1'].slice(0, Object.keys(made?.items ?? {}).length));
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(
    /^gallery: images are 96 pixels at most, and \d samples? (is|are) left out, to stay within 0\.0007 MB/,
  );
});

test('linked images are files of the folder', async () => {
  const scratch = new Scratch();
  const files = {pred: await scratch.png('p.png', flat(4, 5, 9)), target: await scratch.png('t.png', flat(4, 5, 0))};
  const run = await startRun(settings(scratch.root, builtIn('mse')), table([files]), signal);
  const folder = await openAtomicFolder(join(scratch.root, 'assets'));
  const chosen = {columns: {mse: {worst: [{key: 's0', at: 0, value: 1, sha256: {}}], best: []}}};
  const {items} = await buildGallery(run, chosen, {folder});
  await folder.commit();
  await run.close();
  const href = items.s0?.images.pred?.href as string;
  expect(href).toBe('assets/0001-pred.webp');
  expect(existsSync(join(scratch.root, href))).toBe(true);
  expect(readFileSync(join(scratch.root, 'assets', 'index.json'), 'utf8')).toContain('cv-loss-pictures/1');
});

test('masks have an overlay', async () => {
  const scratch = new Scratch();
  const files = {pred: await scratch.png('p.png', flat(4, 5, 255)), target: await scratch.png('t.png', flat(4, 5, 0))};
  const run = await startRun(settings(scratch.root, builtIn('accuracy')), table([files]), signal);
  const chosen = {columns: {accuracy: {worst: [{key: 's0', at: 0, value: 0, sha256: {}}], best: []}}};
  const {items, classColours, overlayColours} = await buildGallery(run, chosen, {folder: null});
  await run.close();
  expect(Object.keys(items.s0?.images ?? {})).toEqual(['pred', 'target', 'overlay']);
  expect(classColours).toContainEqual({name: 'foreground', colour: '#ffffff'});
  // Every pixel is predicted, and none is in the target.
  const overlay = Buffer.from(String(items.s0?.images.overlay?.href).split(',')[1] ?? '', 'base64');
  const {channels} = await sharp(overlay).stats();
  const falsePositive = overlayColours?.find(({name}) => name === 'false positive')?.colour ?? '';
  const levels = [1, 3, 5].map((at) => Number.parseInt(falsePositive.slice(at, at + 2), 16));
  for (const [c, level] of levels.entries()) expect(Math.abs((channels[c]?.mean ?? 0) - level)).toBeLessThan(8);
  expect(items.s0?.heat.accuracy).toMatchObject({low: 0, high: 1, better: 'lower'});
});

test('what worsened most from a baseline is shown, with its value before', async () => {
  const scratch = new Scratch();
  const files = await Promise.all(
    [10, 50, 30].map(async (level, i) => ({
      pred: await scratch.png(`p${i}.png`, flat(4, 5, level)),
      target: await scratch.png(`t${i}.png`, flat(4, 5, 0)),
    })),
  );
  const run = await startRun(settings(scratch.root, builtIn('mse')), table(files), signal);
  const pictures = picturesOf(run, {dir: scratch.root, formats: ['html'], gallery: 1}, {isShard: false});
  const rows: Row[] = [];
  for await (const row of run.rows()) {
    rows.push(row);
    pictures?.add(row);
  }
  const changes = [
    {name: 'mse', mostWorsened: [{key: 's2', baseline: 0.001, candidate: 0.0138}]},
    {name: 'mse.part', mostWorsened: [{key: 's0', baseline: 0, candidate: 1}]},
  ];
  const gallery = await pictures?.draw({pictures: () => null}, {summary: {}, changes, rows}, {});
  await run.close();
  expect(gallery?.changed).toEqual({mse: [{key: 's2', baseline: 0.001, candidate: 0.0138}]});
  expect(Object.keys(gallery?.items ?? {}).sort()).toEqual(['s0', 's1', 's2']);
  expect(gallery?.worst).toEqual({mse: ['s1']});
});
