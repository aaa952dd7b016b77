// Draws the pictures of the README into docs/img: report.webp, the page of a run on the bundled photographs in Chromium, and
// terminal.svg, what that run prints. Needs a build; CHROMIUM names the browser.   node scripts/readme-pictures.js
import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import sharp from 'sharp';
import {terminalPicture} from './terminal-picture.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'docs/img');
const work = mkdtempSync(join(tmpdir(), 'cv-loss-readme-'));
const EXECUTABLE = join(root, 'bin/cv-loss.js');

/** Runs the command line in a folder that has the fixtures and nothing else. */
function cvLoss(...args) {
  const env = {...process.env, FORCE_COLOR: '1', HOME: work};
  return spawnSync(process.execPath, [EXECUTABLE, ...args], {cwd: work, env, encoding: 'utf8'});
}

/** A run in which one photograph of twelve went wrong, held against a run in which none did. */
function run() {
  cpSync(join(root, 'fixtures/photos'), work, {recursive: true});
  cpSync(join(work, 'pred'), join(work, 'out'), {recursive: true});
  const flags = ['--pred', 'out', '--target', 'target', '--losses', 'psnr,ssim'];
  cvLoss('eval', ...flags, '--baseline', 'main', '--update-baseline', '--quiet');
  cpSync(join(work, 'pred/004.png'), join(work, 'out/002.png'));
  const gated = [...flags, '--baseline', 'main', '--limit', '1%', '--gate', 'psnr.mean>=22'];
  return {typed: ['eval', ...gated], printed: cvLoss('eval', ...gated, '--report-format', 'csv,json,html')};
}

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
  const {typed, printed} = run();
  const line = ['npx cv-loss', ...typed.map((word) => (/[>*]/.test(word) ? `'${word}'` : word))].join(' ');
  writeFileSync(join(out, 'terminal.svg'), terminalPicture(`$ ${line}\n${printed.stdout}`));
  const screenshot = await page();
  writeFileSync(
    join(out, 'report.webp'),
    await sharp(screenshot).resize(1000).webp({quality: 80, effort: 6}).toBuffer(),
  );
} finally {
  rmSync(work, {recursive: true, force: true});
}
