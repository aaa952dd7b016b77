// Draws the pictures of the README into docs/img: report.webp, the page of a run on the bundled photographs in Chromium, and
// terminal.svg, what that run prints. Needs a build; CHROMIUM names the browser.   node scripts/readme-pictures.js
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import sharp from 'sharp';
import {readmeRun} from './readme-run.js';
import {terminalPicture} from './terminal-picture.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs/img');
const work = mkdtempSync(join(tmpdir(), 'cv-loss-readme-'));

async function page() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const opened = await browser.newPage({colorScheme: 'light', viewport: {width: 1280, height: 640}});
    await opened.goto(pathToFileURL(join(work, 'cv-loss-report/report.html')).href);
    const gallery = opened.locator('#gallery');
    await gallery.getByRole('combobox', {name: 'Loss'}).selectOption('ssim');
    await gallery.getByRole('combobox', {name: 'Picture'}).selectOption('heat map');
    await gallery.evaluate((section) => scrollTo(0, section.getBoundingClientRect().top + scrollY - 60));
    await opened.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
    await opened.waitForTimeout(300);
    return await opened.screenshot();
  } finally {
    await browser.close();
  }
}

mkdirSync(out, {recursive: true});
try {
  writeFileSync(join(out, 'terminal.svg'), terminalPicture(readmeRun(work, 'csv,json,html')));
  const screenshot = await page();
  writeFileSync(
    join(out, 'report.webp'),
    await sharp(screenshot).resize(1000).webp({quality: 80, effort: 6}).toBuffer(),
  );
} finally {
  rmSync(work, {recursive: true, force: true});
}
