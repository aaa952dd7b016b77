import {createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser} from 'playwright-core';
import sharp from 'sharp';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {compareReports} from '../../../src/compare.js';
import {writeComparison} from '../../../src/comparison-report.js';
import {buildSeries} from '../../../src/report/series/build-series.js';
import {writeSeriesPage} from '../../../src/report/series/series-html.js';
import type {Gallery, GalleryImage} from '../../../src/rows/gallery.js';
import type {Row} from '../../../src/rows/row.js';
import {openFile, startBrowser} from './browser.js';
import {HOSTILE, ROWS, reportOfPage, writeSamplePage} from './sample-page.js';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-pages-'));
let browser: Browser;
let linked: GalleryImage;

/** The sample's rows with every mse half as large. */
const HALVED: readonly Row[] = ROWS.map((row) => {
  const {mse = null} = row.cells;
  return {...row, cells: {...row.cells, mse: typeof mse === 'number' ? mse / 2 : mse}};
});

beforeAll(async () => {
  browser = await startBrowser();
  mkdirSync(join(folder, 'run', 'assets'), {recursive: true});
  const blue = sharp({create: {width: 20, height: 10, channels: 3, background: '#0000ff'}});
  writeFileSync(join(folder, 'run', 'assets', 'blue.webp'), await blue.webp().toBuffer());
  linked = {href: 'assets/blue.webp', width: 20, height: 10};
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
});

const none: Gallery = {items: {}, worst: {}, best: {}, colourMap: ['#000000', '#ffffff']};

test('pictures may lie beside the page; tuples tell who was near whom; a press on a point opens its row', async () => {
  const members = [
    {role: 'anchor', key: 'Ada/1'},
    {role: 'positive', key: 'Ada/2', distance: 1.25},
    {role: 'negative', key: HOSTILE, distance: 0.5},
  ] as const;
  const path = await writeSamplePage(join(folder, 'run'), {
    gallery: {
      ...none,
      items: {'a/000': {key: 'a/000', images: {pred: linked, overlay: linked}, heat: {}}},
      worst: {mse: ['a/000']},
      overlayColours: [{name: 'false positive', colour: '#d55e00'}],
      classColours: [{name: 'road', colour: '#d55e00'}],
      tuples: {mse: [{value: 0.75, members}]},
    },
  });
  const {page, incidents} = await openFile(browser, path);
  const image = page.locator('#gallery .card img');
  await image.scrollIntoViewIfNeeded();
  await expect.poll(() => page.evaluate("document.querySelector('#gallery .card img').naturalWidth")).toBe(20);
  expect(await page.locator('#gallery .legend').textContent()).toBe('road');
  await page.getByRole('combobox', {name: 'Picture'}).selectOption('errors');
  expect(await page.locator('#gallery .legend').textContent()).toBe('false positive');
  expect(await page.locator('#tuples').textContent()).toContain('positive1.25 from anchor');

  // mse reaches from 0.0004 to 0.25 and psnr from 6.02 to 33.979, with 4 % around them: (0.25, 6.02) is at the lower right.
  const plot = page.locator('.charts figure').nth(1).locator('.u-over');
  await plot.scrollIntoViewIfNeeded();
  const {x, y, width, height} = (await plot.boundingBox()) ?? {x: 0, y: 0, width: 0, height: 0};
  await page.mouse.move(x + (width * 1.04) / 1.08 + 2, y + height * (1 - 0.04 / 1.08) - 2);
  await page.mouse.down();
  await page.mouse.up();
  expect(await page.getByRole('dialog').getByRole('heading').textContent()).toBe(ROWS[0]?.key);
  expect(incidents.filter((line) => !line.endsWith('/assets/blue.webp'))).toEqual([]);
  await page.close();
});

test('a comparison shows verdicts, pairs of both runs, and how far they are apart', async () => {
  const [before, after, dir] = ['before', 'after', 'compared'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeSamplePage(before);
  await writeSamplePage(after, {rows: HALVED.slice(0, -1)});
  await writeComparison(await compareReports(before, after), {baseline: before, candidate: after, dir});
  const {page, incidents} = await openFile(browser, join(dir, 'comparison.html'));
  const mse = page.locator('#losses tbody tr', {hasText: 'mse'});
  // All six pairs that are not 0 got better: 1/2⁶ one-sided, thrice that by Holm over three losses, too much for 2.5 %.
  expect(await mse.locator('.badge').textContent()).toBe('inconclusive');
  expect(await mse.locator('td').nth(6).textContent()).toBe('0.0469');
  // The mean of the seven rows is 0.39290 / 7, of the halves half of that.
  expect(await mse.locator('td').nth(1).textContent()).toBe('0.056129');
  expect(await mse.locator('td').nth(3).textContent()).toBe('−0.028064');
  expect(await page.locator('#attention').textContent()).toContain('Pairs that are gone (1)b/002');
  const change = page.locator('table.rows thead th', {hasText: 'mse · change'});
  await change.getByRole('button').click();
  await change.getByRole('button').click();
  const first = page.locator('table.rows tbody tr[aria-rowindex="2"] td.number').nth(2);
  expect(await first.textContent()).toBe('−0.12500');
  expect(incidents).toEqual([]);
  await page.close();
});

test('a series shows its sets, the best with a star, and the way to the page of each', async () => {
  const path = join(folder, 'series.html');
  const sets = [
    {name: 'epoch-1', pred: 'runs/epoch-1', report: reportOfPage(ROWS)},
    {name: 'epoch 2/<b>', pred: 'runs/epoch-2', report: reportOfPage(HALVED)},
  ];
  const series = buildSeries(sets, {version: '1.2.3', samples: {any: 8, all: 8}});
  const file = createWriteStream(path);
  const runs = {names: sets.map(({name}) => name), changed: {mse: [{key: 'a/000', runs: [{value: 1}, {value: 0.5}]}]}};
  await writeSeriesPage(async (text) => void file.write(text), series, runs);
  await new Promise<void>((resolve) => file.end(resolve));
  const {page, incidents} = await openFile(browser, path);
  const row = page.locator('tbody tr', {hasText: 'epoch 2'});
  expect(await row.locator('.best').first().textContent()).toBe('0.028064 ★');
  expect(await row.getByRole('link').getAttribute('href')).toBe('./epoch%202/%3Cb%3E/report.html');
  expect(await page.locator('.chart').getAttribute('aria-label')).toContain('epoch-1 0.056129');
  expect(await page.locator('#changed').textContent()).toContain('epoch-11');
  expect(incidents).toEqual([]);
  await page.close();
});
