/// <reference lib="dom" />
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser} from 'playwright-core';
import sharp from 'sharp';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {writePage} from '../../examples/browser/build.js';
import {finished, startCvLoss} from '../cli/cv-loss.js';
import {fixture} from '../cli/workspace.js';
import {type OpenedPage, openFile, seriousFindings, startBrowser} from '../report/html/browser.js';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-example-'));
const LOSSES = ['ssim', 'mse', 'mae', 'psnr'];
let browser: Browser;
let opened: OpenedPage;

beforeAll(async () => {
  await writePage(join(folder, 'page.html'));
  browser = await startBrowser();
  opened = await openFile(browser, join(folder, 'page.html'), {bypassCSP: true});
  await opened.page.waitForSelector('body[data-state=done]', {timeout: 60_000});
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
});

/** The values that the command line prints for two files. */
async function scored(pred: string, target: string): Promise<Record<string, number>> {
  const flags = ['--losses', LOSSES.join(','), '--no-report', '--json'];
  const {stdout} = await finished(
    startCvLoss(['eval', '--pred', pred, '--target', target, ...flags], {cwd: folder, home: folder}),
  );
  const {summary} = JSON.parse(stdout) as {summary: Record<string, {value: number}>};
  return Object.fromEntries(LOSSES.map((id) => [id, summary[id]?.value as number]));
}

/** The values that the page shows, in full. */
async function shown(): Promise<Record<string, number>> {
  await opened.page.waitForSelector('body[data-state=done]', {timeout: 60_000});
  return opened.page.evaluate(
    (ids) => Object.fromEntries(ids.map((id) => [id, Number(document.getElementById(id)?.dataset.value)])),
    LOSSES,
  );
}

function expectEqual(found: Record<string, number>, expected: Record<string, number>): void {
  for (const id of LOSSES) {
    const value = expected[id] as number;
    expect(Number.isFinite(value)).toBe(true);
    expect(Math.abs((found[id] as number) - value), `${id}: ${found[id]}, expected ${value}`).toBeLessThan(
      1e-5 * Math.min(1, Math.abs(value)) + (id === 'psnr' ? 1e-4 : 0),
    );
  }
}

test('the bundled pair has the values of the command line', async () => {
  const [pred, target] = ['pred', 'target'].map((role) => fixture('photos', role, '001.png')) as [string, string];
  expectEqual(await shown(), await scored(pred, target));
  expect(await opened.page.textContent('#status')).toMatch(/^\d+ ms in this browser, on TensorFlow.js \(wasm\)$/);
});

test('so has a pair that the user chooses, whose profile is not applied', {timeout: 60_000}, async () => {
  const paths = ['pred', 'target'].map((role) => join(folder, `${role}.png`)) as [string, string];
  for (const [i, role] of ['pred', 'target'].entries()) {
    const image = sharp(fixture('photos', role, '009.png')).extract({left: 40, top: 60, width: 150, height: 110});
    await image
      .withIccProfile('p3')
      .png()
      .toFile(paths[i] as string);
    await opened.page.setInputFiles(`#${role}-file`, paths[i] as string);
  }
  // What was shown before is done as well.
  for (const role of ['pred', 'target']) {
    const size = () => opened.page.textContent(`#${role}-size`);
    await expect.poll(size, {timeout: 60_000}).toBe(`${role}.png · 150 × 110`);
  }
  expectEqual(await shown(), await scored(...paths));
  expect(await opened.page.textContent('#pred-size')).toBe('pred.png · 150 × 110');
});

test('what cannot be compared is said', async () => {
  const other = join(folder, 'small.png');
  await sharp(fixture('photos/pred/009.png')).resize(40, 30).png().toFile(other);
  await opened.page.setInputFiles('#pred-file', other);
  await expect.poll(() => opened.page.textContent('#status')).toContain('pred has the shape [1, 30, 40, 3] and target');
  const clear = join(folder, 'clear.png');
  await sharp({create: {width: 20, height: 20, channels: 4, background: {r: 9, g: 9, b: 9, alpha: 0.5}}})
    .png()
    .toFile(clear);
  await opened.page.setInputFiles('#pred-file', clear);
  await expect.poll(() => opened.page.textContent('#pred-size')).toContain('the image is not opaque');
  await opened.page.setInputFiles('#pred-file', {name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no')});
  await expect.poll(() => opened.page.textContent('#pred-size')).toBe('no.png: no image that this browser can read');
});

test('the page asks nobody for anything, and can be used with a screen reader', async () => {
  const own = opened.incidents.filter((line) => !line.startsWith('request: blob:'));
  expect(own).toEqual([]);
  expect(await seriousFindings(opened.page)).toEqual([]);
});
