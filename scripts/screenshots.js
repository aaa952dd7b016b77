// Takes screenshots of report.html in Chromium, to be looked at: light and dark, 1280 and 390 pixels wide.
//   node scripts/screenshots.js [FOLDER]      (default: screenshots/ in the temporary folder)
import {execFileSync} from 'node:child_process';
import {createWriteStream, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {html} from '../dist/report/html/html.js';
import {readReport} from '../dist/report/read.js';
import {photoGallery} from '../test/report/html/photo-gallery.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? join(tmpdir(), 'screenshots');
const work = mkdtempSync(join(tmpdir(), 'cv-loss-screenshots-'));
mkdirSync(out, {recursive: true});

/** Runs the command line as it is built; 1 and 3 are exit codes of finished runs. */
function cvLoss(...args) {
  try {
    execFileSync(process.execPath, [join(root, 'bin/cv-loss.js'), ...args], {cwd: root, stdio: 'ignore'});
  } catch (error) {
    if (error.status !== 1 && error.status !== 3) throw error;
  }
}

async function pages() {
  const photos = ['--pred', 'fixtures/photos/pred', '--target', 'fixtures/photos/target'];
  const gates = ['--gate', 'psnr.mean>=25', '--gate', 'mse.p95<=0.005'];
  const at = (name) => join(work, name);
  cvLoss('eval', ...photos, ...gates, '--report', at('photos'), '--report-format', 'csv,json');
  cvLoss(
    'eval',
    '--config',
    'configs/segmentation.yaml',
    '--report',
    at('classes'),
    '--report-format',
    'csv,json,html',
  );
  cvLoss('eval', '--config', 'configs/super-resolution.yaml', '--report', at('crops'), '--report-format', 'csv,json');
  const masks = ['--task', 'mask', '--series', 'fixtures/masks/pr*', '--target', 'fixtures/masks/target'];
  cvLoss(
    'eval',
    ...masks,
    '--losses',
    'dice,iou,cross-entropy',
    '--report',
    at('series'),
    '--report-format',
    'csv,json,html',
  );
  cvLoss('compare', at('photos'), at('crops'), '--report', at('comparison'));
  await withGallery(at('photos'));
  return {
    photos: at('photos/report.html'),
    classes: at('classes/report.html'),
    series: at('series/series.html'),
    comparison: at('comparison/comparison.html'),
  };
}

/** Makes the page of a report with pictures. */
async function withGallery(dir) {
  const {report, rows} = await readReport(dir);
  const kept = [];
  for await (const row of rows()) kept.push(row);
  const ends = (sign) =>
    Object.fromEntries(
      ['mse', 'mae', 'psnr', 'ssim'].map((column) => {
        const lower = column === 'mse' || column === 'mae' ? sign : -sign;
        return [column, [...kept].sort((a, b) => lower * (b.cells[column] - a.cells[column])).map(({key}) => key)];
      }),
    );
  const gallery = await photoGallery(
    kept.map(({key}) => key),
    {worst: ends(1), best: ends(-1)},
  );
  const file = createWriteStream(join(dir, 'report.html'));
  const page = await html.open({write: async (text) => void file.write(text)}, report.columns);
  for (const row of kept) await page.row(row);
  await page.end(report, {gallery});
  await new Promise((resolve) => file.end(resolve));
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const [name, path] of Object.entries(await pages())) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1280, 390]) {
        const page = await browser.newPage({colorScheme, viewport: {width, height: 900}});
        await page.goto(pathToFileURL(path).href);
        await page.waitForTimeout(300);
        const shot = (what) =>
          page.screenshot({path: join(out, `${name}-${colorScheme}-${width}${what}.png`), fullPage: what === ''});
        await shot('');
        if (name === 'photos') {
          await page.locator('.card').first().click();
          await page.getByRole('radio', {name: 'Slider'}).check();
          await page.waitForTimeout(200);
          await shot('-slider');
        }
        await page.close();
      }
    }
  }
} finally {
  await browser.close();
  rmSync(work, {recursive: true, force: true});
}
console.log(out);
