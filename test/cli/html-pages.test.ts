/// <reference lib="dom" />
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openFile, seriousFindings, startBrowser} from '../report/html/browser.js';
import {flat} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const HOSTILE = '<img src=x onerror=alert(1)>';
const FORMATS = ['--report-format', 'html,csv,json', '--quiet'];

let browser: Browser;

/** How many levels each prediction is off, before and now. */
const LEVELS = {a: [10, 40], b: [30, 20], [HOSTILE]: [5, 60]} as const;

beforeAll(async () => {
  browser = await startBrowser();
  for (const [key, levels] of Object.entries(LEVELS)) {
    for (const [set, level] of levels.entries()) await work.image(`sets/${set}/${key}.png`, flat(100 + level, 24, 32));
    await work.image(`target/${key}.png`, flat(100, 24, 32));
  }
});

afterAll(() => browser.close());

async function evaluate(args: readonly string[], report: string): Promise<void> {
  const {code, stderr} = await work.run(['eval', ...args, ...FORMATS, '--report', report]);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
}

/** Whether every image of a part of the page is there. */
function areLoaded(page: Page, part: string): Promise<boolean> {
  return page.locator(`${part} img`).evaluateAll(async (images) => {
    await Promise.all((images as HTMLImageElement[]).map((image) => image.decode()));
    return images.length > 0 && (images as HTMLImageElement[]).every(({naturalWidth}) => naturalWidth > 0);
  });
}

describe('report.html as the command line makes it', () => {
  test('photographs: worst, best and worsened from a baseline, heat maps with what they show, images in it or beside it', async () => {
    const photos = (set: number) => ['--pred', `sets/${set}`, '--target', 'target', '--losses', 'mse,ssim'];
    await evaluate(photos(0), 'before');
    await evaluate([...photos(1), '--baseline', 'before', '--assets', 'link'], 'now');
    const {page, incidents} = await openFile(browser, work.path('now', 'report.html'));
    const gallery = page.locator('#gallery');
    const names = () => gallery.locator('.card .name').allTextContents();
    expect(await names()).toEqual([HOSTILE, 'a', 'b']);
    expect(await areLoaded(page, '#gallery')).toBe(true);
    await gallery.getByRole('combobox', {name: 'Order'}).selectOption('best first');
    expect(await names()).toEqual(['b', 'a', HOSTILE]);
    await gallery.getByRole('combobox', {name: 'Order'}).selectOption('worsened most');
    expect(await names()).toEqual([HOSTILE, 'a']);
    // 60 and 5 levels of 255, squared.
    expect(await gallery.locator('.card').first().textContent()).toMatch(/0\.05536\d*from 0\.00038\d*$/);
    await gallery.getByRole('combobox', {name: 'Picture'}).selectOption('heat map');
    expect(await gallery.locator('.legend').textContent()).toMatch(/^0.*mse: squared error, lower is better$/);
    await gallery.getByRole('combobox', {name: 'Loss'}).selectOption('ssim');
    expect(await gallery.locator('.legend').textContent()).toMatch(/ssim: SSIM, higher is better$/);
    await gallery.locator('.card').first().click();
    const viewer = page.getByRole('dialog');
    await viewer.getByRole('radio', {name: 'Slider'}).check();
    await viewer.getByRole('slider').fill('25');
    const cut = viewer.getByAltText('Prediction').evaluate((image) => getComputedStyle(image).clipPath);
    expect(await cut).toBe('inset(0px 75% 0px 0px)');
    expect(await areLoaded(page, 'dialog')).toBe(true);
    // What is asked for lies beside the page, and nothing went wrong.
    const beside = /^request: file:\/\/\/.*\/now\/assets\/\d{4}-[a-z-]+\.webp$/;
    expect(incidents.filter((line) => !beside.test(line))).toEqual([]);
    expect(incidents.length).toBeGreaterThan(0);
    await page.close();
  });

  test('classes: their colours, those of the palette, and what is wrong', async () => {
    const colour = ['--pred', fixture('segmentation/colour/pred'), '--target', fixture('segmentation/colour/target')];
    work.write('classes.yaml', 'task: mask\npalette: cityscapes\nlosses: [iou, dice, confusion]\n');
    await evaluate([...colour, '--config', 'classes.yaml'], 'classes');
    const {page, incidents} = await openFile(browser, work.path('classes', 'report.html'));
    const gallery = page.locator('#gallery');
    const road = gallery.locator('.legend li', {hasText: 'road'}).locator('.swatch');
    expect(await road.evaluate((swatch) => getComputedStyle(swatch).backgroundColor)).toBe('rgb(128, 64, 128)');
    await gallery.getByRole('combobox', {name: 'Picture'}).selectOption('errors');
    expect(await gallery.locator('.legend li').allTextContents()).toEqual(['another class', 'ignored']);
    expect(await areLoaded(page, '#gallery')).toBe(true);
    await gallery.locator('.card').first().click();
    const viewer = page.getByRole('dialog');
    // Both show wrong pixels.
    await viewer.getByRole('radio', {name: 'Heat map: iou, dice', exact: true}).check();
    expect(await viewer.getByAltText('Heat map of iou, dice').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#confusion').isVisible()).toBe(true);
    expect(incidents).toEqual([]);
    await page.close();
    // Tables of many colours, all of which have to be read.
    for (const colorScheme of ['light', 'dark'] as const) {
      const looked = await openFile(browser, work.path('classes', 'report.html'), {colorScheme, bypassCSP: true});
      expect(await seriousFindings(looked.page)).toEqual([]);
      await looked.page.close();
    }
  });

  test('embeddings: the hardest tuples; a series: its sets side by side', async () => {
    await evaluate(['--config', fixture('../configs/embeddings.yaml')], 'embeddings');
    const tuples = await openFile(browser, work.path('embeddings', 'report.html'));
    expect(await tuples.page.locator('#tuples li').first().textContent()).toMatch(/positive.*from anchor.*loss/);
    await evaluate(['--series', 'sets/*', '--target', 'target', '--losses', 'mse'], 'series');
    const series = await openFile(browser, work.path('series', 'series.html'));
    const first = series.page.locator('#changed li').first();
    expect(await first.locator('h3').textContent()).toBe(HOSTILE);
    expect(await first.locator('figcaption strong').allTextContents()).toEqual(['target', '0', '1']);
    expect(await areLoaded(series.page, '#changed')).toBe(true);
    for (const {page, incidents} of [tuples, series]) {
      expect(incidents).toEqual([]);
      await page.close();
    }
  });
});
