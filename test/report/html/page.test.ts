/// <reference lib="dom" />
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Gallery} from '../../../src/rows/gallery.js';
import {type OpenedPage, openFile, seriousFindings, startBrowser} from './browser.js';
import {photoGallery} from './photo-gallery.js';
import {HOSTILE, ROWS, writeSamplePage} from './sample-page.js';

let browser: Browser;
let path: string;
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-page-'));

beforeAll(async () => {
  browser = await startBrowser();
  const scored = ROWS.filter(({status}) => status !== 'failed');
  const by = (worst: (cell: number) => number) =>
    [...scored].sort((a, b) => worst(Number(a.cells.mse)) - worst(Number(b.cells.mse))).map(({key}) => key);
  const gallery: Gallery = await photoGallery(
    scored.map(({key}) => key),
    {worst: {mse: by((mse) => -mse)}, best: {mse: by((mse) => mse)}},
  );
  path = await writeSamplePage(folder, {
    gallery,
    gates: [
      {name: 'mse.mean', level: 'error', expected: '<= 0.01', actual: 0.05, verdict: 'fail', reason: 'over the limit'},
      {name: 'ssim.mean', level: 'warn', expected: '>= 0.5', actual: 0.65, verdict: 'pass', reason: ''},
    ],
  });
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
});

/** Tries to run a script and to reach a server. */
const TRESPASS = `(async () => {
  const script = document.createElement('script');
  let isRefused = false;
  try {
    script.textContent = 'document.title = "run"';
    document.body.append(script);
  } catch {
    isRefused = true;
  }
  const reached = await fetch('https://example.com/').then(() => true, () => false);
  return {isRefused, title: document.title, reached};
})()`;

/** The texts of the keys that the table shows, in order. */
function shownKeys(page: Page): Promise<string[]> {
  return page.locator('table.rows tbody th').allTextContents();
}

describe('the page, opened from disk', () => {
  let opened: OpenedPage;
  beforeAll(async () => {
    opened = await openFile(browser, path);
  });
  afterAll(() => opened.page.close());

  test('says how the run went, what failed and what is infinite', async () => {
    const {page} = opened;
    const tiles = (await page.locator('.tile').allTextContents()).join(' ');
    expect(tiles).toContain('1 of 2 gates failed');
    expect(tiles).toMatch(/8\s*samples/);
    expect(tiles).toMatch(/1\s*failed/);
    const attention = await page.locator('#attention').textContent();
    expect(attention).toContain('truncated-file: </script><script>alert(2)</script><!--');
    expect(attention).toContain('smaller than the window');
    expect(attention).toContain('psnr is infinite');
    const mse = page.locator('#losses tbody tr', {hasText: 'mse'});
    // The mean of 0.25, 0.04, 0.01, 0.0025, 0.09, 0, 0.0004.
    expect(await mse.locator('strong').textContent()).toBe('0.05613');
    expect(await mse.locator('svg').getAttribute('aria-label')).toContain('from 0 to 0.25');
  });

  test('sorts the table, by mouse and by keyboard, rows without a number last', async () => {
    const {page} = opened;
    const keys = ROWS.map(({key}) => key);
    expect(await shownKeys(page)).toEqual(keys);
    const head = page.locator('table.rows thead th', {hasText: 'ssim'});
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await shownKeys(page)).toEqual([HOSTILE, 'a/000', 'a/001', 'a/002', 'b/001', 'b/000', 'a/003', 'b/002']);
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await shownKeys(page)).toEqual(['b/000', 'b/001', 'a/002', 'a/001', 'a/000', HOSTILE, 'a/003', 'b/002']);
  });

  test('filters the table by words, conditions, status and group', async () => {
    const {page} = opened;
    const filter = page.getByRole('searchbox');
    await filter.fill('mse<0.01 b/');
    expect((await shownKeys(page)).sort()).toEqual(['b/000', 'b/001']);
    expect(await page.locator('.table-status').textContent()).toBe('2 of 8 rows');
    await filter.fill('psnr=inf');
    expect(await shownKeys(page)).toEqual(['b/000']);
    await page.getByRole('button', {name: 'Show all', exact: true}).click();
    await page.getByRole('combobox', {name: 'Show'}).selectOption('failed');
    expect(await shownKeys(page)).toEqual(['b/002']);
    await page.locator('#groups').getByRole('button', {name: HOSTILE}).click();
    expect(await shownKeys(page)).toEqual([HOSTILE]);
    await page.getByRole('button', {name: 'Show all', exact: true}).click();
    expect(await shownKeys(page)).toHaveLength(8);
  });

  test('shows pictures in every way', async () => {
    const {page} = opened;
    const gallery = page.locator('#gallery');
    expect(await gallery.locator('.card .name').allTextContents()).toEqual([
      ...[HOSTILE, 'a/003', 'a/000', 'a/001', 'a/002', 'b/001', 'b/000'],
    ]);
    await gallery.locator('.card').nth(1).click();
    const viewer = page.getByRole('dialog');
    expect(await viewer.getByRole('heading').textContent()).toBe('a/003');
    expect(await viewer.locator('.pair img').count()).toBe(2);

    await viewer.getByRole('radio', {name: 'Slider'}).check();
    const slider = viewer.getByRole('slider');
    await slider.fill('20');
    const cut = () => viewer.getByAltText('Prediction').evaluate((image) => getComputedStyle(image).clipPath);
    expect(await cut()).toBe('inset(0px 80% 0px 0px)');
    await slider.press('ArrowRight');
    expect(await cut()).toBe('inset(0px 79.5% 0px 0px)');

    await viewer.getByRole('radio', {name: 'Blink'}).check();
    const prediction = viewer.getByAltText('Prediction');
    await prediction.waitFor({state: 'hidden'});
    await prediction.waitFor({state: 'visible'});
    await viewer.getByRole('button', {name: 'Stop'}).click();

    await viewer.getByRole('radio', {name: 'Difference'}).check();
    expect(await viewer.getByAltText('Difference of prediction and target').isVisible()).toBe(true);
    await viewer.getByRole('radio', {name: 'Heat map: mse'}).check();
    expect(await viewer.locator('.legend').textContent()).toMatch(/^00.0625mse: largest difference, lower is better/);
    await viewer.getByRole('heading').click();
    await page.keyboard.press('ArrowRight');
    expect(await viewer.getByRole('heading').textContent()).toBe('a/000');
    expect(await viewer.getByAltText('Heat map of mse').isVisible()).toBe(true);
    const decoded = await viewer.locator('img').evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return image.naturalWidth;
    });
    expect(decoded).toBe(192);
    await page.keyboard.press('Escape');
    expect(await viewer.isVisible()).toBe(false);
  });

  test('switches its colours', async () => {
    const {page} = opened;
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.getByRole('radio', {name: 'Dark'}).check();
    expect(await background()).not.toBe(light);
    await page.getByRole('radio', {name: 'Light'}).check();
    expect(await background()).toBe(light);
  });

  test('ran nothing of what file names and reasons say, asked nobody for anything, and had no error', () => {
    expect(opened.incidents).toEqual([]);
  });

  test('lets no script run but its own, nor reach out', async () => {
    const {page, incidents} = await openFile(browser, path);
    const refused = await page.evaluate(TRESPASS);
    expect(refused).toEqual({isRefused: true, title: 'cv-loss report', reached: false});
    expect(incidents.filter((line) => line.startsWith('request'))).toEqual([]);
    await page.close();
  });
});

describe.each([
  ['light', 1280],
  ['dark', 390],
] as const)('in %s colours, %i pixels wide', (colorScheme, width) => {
  test('axe finds nothing serious, and nothing is wider than the screen', async () => {
    const {page, incidents} = await openFile(browser, path, {
      colorScheme,
      viewport: {width, height: 900},
      bypassCSP: true,
    });
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    expect(await seriousFindings(page)).toEqual([]);
    await page.locator('#gallery .card').first().click();
    expect(await seriousFindings(page)).toEqual([]);
    expect(incidents).toEqual([]);
    await page.close();
  });
});
