/// <reference lib="dom" />
import {spawn} from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {gzipSync} from 'node:zlib';
import {build, type Plugin} from 'esbuild';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {finished} from '../cli/cv-loss.js';
import {startBrowser} from '../report/html/browser.js';

const guide = readFileSync('docs/library.md', 'utf8');
const blocks = [...guide.matchAll(/^```js\n([\s\S]*?)^```$(?:\n\n```text\n([\s\S]*?)^```$)?/gm)].map(
  ([, code = '', shown]) => ({code, shown}),
);
const inNode = blocks.filter(({shown}) => shown !== undefined);
const inBrowser = blocks.filter(({shown}) => shown === undefined);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cv-loss-guide-')));

const PARTS = /^@tensorflow\/tfjs-(core|layers|backend-cpu)$/;
const partsOutside: Plugin = {
  name: 'parts stay outside',
  setup: ({onResolve}) => onResolve({filter: PARTS}, ({path}) => ({path, external: true})),
};

/** A project with cv-loss and TensorFlow.js, which is made of its parts as @tensorflow/tfjs is. */
beforeAll(async () => {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@tensorflow', 'tfjs'), {recursive: true});
  symlinkSync(resolve('.'), join(modules, 'cv-loss'));
  for (const name of ['sharp', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-cpu']) {
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  const parts = ['tfjs-core', 'tfjs-layers'].map((name) => `export * from '@tensorflow/${name}';`);
  const effects = [
    'tfjs-core/dist/register_all_gradients.js',
    'tfjs-core/dist/public/chained_ops/register_all_chained_ops.js',
    'tfjs-backend-cpu',
  ].map((name) => `import '@tensorflow/${name}';`);
  await build({
    stdin: {contents: [...parts, ...effects].join('\n'), resolveDir: resolve('.')},
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [partsOutside],
    outfile: join(modules, '@tensorflow', 'tfjs', 'index.js'),
  });
  const manifest = {name: '@tensorflow/tfjs', version: '4.22.0', type: 'module', exports: './index.js'};
  writeFileSync(join(modules, '@tensorflow', 'tfjs', 'package.json'), JSON.stringify(manifest));
});

afterAll(() => rmSync(folder, {recursive: true, force: true}));

test('there are four programs for Node and one for the browser', () => {
  expect([inNode.length, inBrowser.length]).toEqual([4, 1]);
});

test.each(inNode)('the program %# prints what the guide shows', {timeout: 120_000}, async ({code, shown = ''}) => {
  const child = spawn(process.execPath, ['--input-type=module'], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, NO_COLOR: '1'},
  });
  child.stdin.end(code);
  const {code: exit, stdout, stderr} = await finished(child);
  // What TensorFlow.js says of itself, in any Node.
  expect(stderr.replace(/^=+\nHi, looks like.*\n=+\s*$/m, '').trim()).toBe('');
  expect(exit).toBe(0);
  expect(stdout.trim()).toBe(shown.trim());
});

test('the program for the browser has the values of one in Node', {timeout: 120_000}, async () => {
  const photos = ['pred', 'target'].map((role) => readFileSync(`fixtures/photos/${role}/001.png`).toString('base64'));
  const {outputFiles} = await build({
    stdin: {contents: (inBrowser[0] as (typeof blocks)[number]).code, resolveDir: folder},
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({message}) => errors.push(message));
    const images = ['prediction', 'target'].map((id, i) => `<img id="${id}" src="data:image/png;base64,${photos[i]}">`);
    await page.setContent(images.join(''));
    // 64 pixels a side: TensorFlow.js computes in plain JavaScript here.
    await page.evaluate(async () => {
      for (const image of [...document.images]) {
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 64, id: image.id});
        canvas.getContext('2d')?.drawImage(image, -200, -120);
        image.replaceWith(canvas);
      }
    });
    await page.addScriptTag({type: 'module', content: outputFiles[0]?.text ?? ''});
    await expect
      .poll(async () => `${errors.join()}${await page.title()}`, {timeout: 60_000})
      .toMatch(/^ssim 0\.\d{5}, mse 0\.\d{5}$/);
    const shown = (await page.title()).match(/\d\.\d+/g)?.map(Number) as number[];
    const {evaluate} = await import('cv-loss');
    const {default: sharp} = await import('sharp');
    for (const role of ['pred', 'target']) {
      const region = {left: 200, top: 120, width: 64, height: 64};
      await sharp(`fixtures/photos/${role}/001.png`)
        .extract(region)
        .toFile(join(folder, `${role}.png`));
    }
    const inputs = {pred: 'pred.png', target: 'target.png'};
    const {report} = await evaluate({inputs, losses: ['ssim', 'mse']}, {cwd: folder});
    expect(shown).toEqual(['ssim', 'mse'].map((id) => Number(Number(report.summary[id]?.mean).toFixed(5))));
  } finally {
    await browser.close();
  }
});

test('the browser build imports TensorFlow.js alone, exports what Node has, and is as large as the guide says', async () => {
  const [browser, node] = await Promise.all([import('cv-loss/browser'), import('cv-loss/losses')]);
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  const file = 'dist/browser/losses.js';
  const text = readFileSync(file, 'utf8');
  const imports = [...text.matchAll(/\b(?:from|import)\s*\(?"([^"]+)"/g)].map(([, name]) => name);
  expect([...new Set(imports)]).toEqual(['@tensorflow/tfjs-core']);
  const [, whole, compressed] = /one ES module of (\d+) KB \((\d+) KB compressed\)/.exec(guide) ?? [];
  const near = (bytes: number, said: string | undefined) =>
    expect(Math.abs(bytes / 1000 - Number(said))).toBeLessThan(0.05 * Number(said));
  near(statSync(file).size, whole);
  near(gzipSync(text).length, compressed);
});
