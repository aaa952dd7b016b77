// Takes screenshots of the pages that the command line makes of the bundled fixtures, in Chromium, to be looked at: light
// and dark, 1280 and 390 pixels wide. Needs a build.
//   node scripts/screenshots.js [FOLDER]      (default: screenshots/ in the temporary folder)
import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = process.argv[2] ?? join(tmpdir(), 'screenshots');
const work = mkdtempSync(join(tmpdir(), 'cv-loss-screenshots-'));
const at = (...names) => join(work, ...names);
mkdirSync(out, {recursive: true});

/** Runs the command line as it is built; 1 and 3 are exit codes of finished runs. */
function cvLoss(...args) {
  try {
    execFileSync(process.execPath, [join(root, 'bin/cv-loss.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (error) {
    if (error.status !== 1 && error.status !== 3) throw error;
  }
}

/** Scores something and gives its page. */
function page(name, args, file = 'report.html') {
  cvLoss('eval', ...args, '--quiet', '--report', at(name), '--report-format', 'csv,json,html');
  return at(name, file);
}

/** Predictions that are better than the bundled ones of some photographs and worse than those of others. */
async function otherPhotos(folder) {
  mkdirSync(folder, {recursive: true});
  for (const [i, file] of readdirSync(join(root, 'fixtures/photos/target')).entries()) {
    const image = sharp(join(root, 'fixtures/photos/target', file));
    await image.blur(0.6 + (i % 4)).toFile(join(folder, file));
  }
}

/** A model whose vectors are the images at 4 by 4 pixels. */
function thumbnails() {
  const pooling = {batch_input_shape: [null, 32, 32, 3], pool_size: [8, 8], strides: [8, 8], padding: 'valid'};
  const layers = [
    {class_name: 'AveragePooling2D', config: {name: 'pool', ...pooling}},
    {class_name: 'Flatten', config: {name: 'flat'}},
  ];
  const modelTopology = {class_name: 'Sequential', config: {name: 'thumbnails', layers}};
  writeFileSync(at('model.json'), JSON.stringify({format: 'layers-model', modelTopology, weightsManifest: []}));
  return at('model.json');
}

/** Photographs in folders as if they were of three people, and a config that embeds and compares them. */
function faces(folder) {
  for (const [i, file] of readdirSync(join(root, 'fixtures/photos/target')).entries()) {
    mkdirSync(join(folder, ['ann', 'bob', 'eve'][i % 3]), {recursive: true});
    cpSync(join(root, 'fixtures/photos/target', file), join(folder, ['ann', 'bob', 'eve'][i % 3], file));
  }
  const config = at('faces.yaml');
  const embeddings = {model: thumbnails(), images: folder, labels: 'folder', mean: 0.5, std: 0.25};
  writeFileSync(config, JSON.stringify({task: 'embedding', embeddings, losses: ['triplet', 'contrastive']}));
  return config;
}

async function pages() {
  await otherPhotos(at('sets', 'epoch-1'));
  cpSync(join(root, 'fixtures/photos/pred'), at('sets', 'epoch-2'), {recursive: true});
  const target = ['--target', 'fixtures/photos/target'];
  const photos = ['--pred', 'fixtures/photos/pred', ...target];
  const gates = ['--gate', 'psnr.mean>=25', '--gate', 'mse.p95<=0.005'];
  page('before', ['--pred', at('sets', 'epoch-1'), ...target]);
  const shown = {
    photos: page('photos', [...photos, ...gates, '--baseline', at('before')]),
    classes: page('classes', ['--config', 'configs/segmentation.yaml']),
    masks: page('masks', ['--config', 'configs/masks.yaml']),
    embeddings: page('embeddings', ['--config', faces(at('faces'))]),
    series: page('series', ['--series', at('sets', '*'), ...target], 'series.html'),
    comparison: at('comparison', 'comparison.html'),
  };
  cvLoss('compare', at('before'), at('photos'), '--report', at('comparison'));
  return shown;
}

/** What is looked at of a page beside the whole of it: a name, and what a user does to see it. */
const LOOKS = {
  photos: {
    slider: async (opened) => {
      await opened.locator('.card').first().click();
      await opened.getByRole('radio', {name: 'Slider'}).check();
    },
    heat: async (opened) => {
      await opened.getByRole('combobox', {name: 'Loss'}).nth(-1).scrollIntoViewIfNeeded();
      await opened.locator('#gallery').getByRole('combobox', {name: 'Picture'}).selectOption('heat map');
      await opened.locator('#gallery').scrollIntoViewIfNeeded();
    },
    worsened: async (opened) => {
      await opened.locator('#gallery').getByRole('combobox', {name: 'Order'}).selectOption('worsened most');
      await opened.locator('#gallery').scrollIntoViewIfNeeded();
    },
  },
  masks: {
    errors: async (opened) => {
      await opened.locator('.card').first().click();
      await opened.getByRole('radio', {name: 'Errors'}).check();
    },
  },
  classes: {
    errors: async (opened) => {
      await opened.locator('#gallery').getByRole('combobox', {name: 'Picture'}).selectOption('errors');
      await opened.locator('#gallery').scrollIntoViewIfNeeded();
    },
  },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const [name, path] of Object.entries(await pages())) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [1280, 390]) {
        const shoot = async (what, act) => {
          const opened = await browser.newPage({colorScheme, viewport: {width, height: 900}});
          await opened.goto(pathToFileURL(path).href);
          await act?.(opened);
          await opened.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
          await opened.waitForTimeout(300);
          const file = [name, what, colorScheme, width].filter((part) => part !== '').join('-');
          await opened.screenshot({path: join(out, `${file}.png`), fullPage: what === ''});
          await opened.close();
        };
        await shoot('');
        for (const [what, act] of Object.entries(LOOKS[name] ?? {})) await shoot(what, act);
      }
    }
  }
} finally {
  await browser.close();
  rmSync(work, {recursive: true, force: true});
}
console.log(out);
