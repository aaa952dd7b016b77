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
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
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

test('there are five programs for Node and two for the browser', () => {
  expect([inNode.length, inBrowser.length]).toEqual([5, 2]);
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

/** A program of the guide as one file for a page. */
async function bundled(program: (typeof blocks)[number] | undefined): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents: program?.code ?? '', resolveDir: folder},
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** 64 pixels a side: TensorFlow.js computes in plain JavaScript here. */
const REGION = {left: 200, top: 120, width: 64, height: 64};

describe.each([
  ['ssim and mse', 0, ['ssim', 'mse'], 5],
  ['perceptual', 1, ['perceptual'], 1],
] as const)('the program for the browser: %s', (_, program, ids, digits) => {
  test('has the values of one in Node', {timeout: 120_000}, async () => {
    const script = await bundled(inBrowser[program]);
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', ({message}) => errors.push(message));
      const files: Record<string, Buffer> = {
        '/features.safetensors': readFileSync('weights/squeezenet1_0-features.safetensors'),
      };
      for (const [id, role] of [
        ['prediction', 'pred'],
        ['target', 'target'],
      ]) {
        files[`/${id}.png`] = readFileSync(`fixtures/photos/${role}/001.png`);
      }
      await page.route('**/*', (route) => {
        const {pathname} = new URL(route.request().url());
        const body = files[pathname.replace('/squeezenet1_0-', '/')];
        return route.fulfill(body ? {body} : {contentType: 'text/html', body: '<title></title>'});
      });
      await page.goto('http://guide.test/');
      await page.evaluate(async ({left, top, width, height}) => {
        for (const id of ['prediction', 'target']) {
          const image = Object.assign(new Image(), {src: `${id}.png`});
          await image.decode();
          const canvas = Object.assign(document.createElement('canvas'), {width, height, id});
          canvas.getContext('2d')?.drawImage(image, -left, -top);
          document.body.append(canvas);
        }
      }, REGION);
      await page.addScriptTag({type: 'module', content: script});
      const shown = new RegExp(`^${ids.map((id) => `${id} \\d+\\.\\d{${digits}}`).join(', ')}$`);
      await expect.poll(async () => `${errors.join()}${await page.title()}`, {timeout: 60_000}).toMatch(shown);
      const values = (await page.title()).match(/\d+\.\d+/g)?.map(Number) as number[];
      expect(values).toEqual((await inNodeOf(ids)).map((value) => Number(value.toFixed(digits))));
    } finally {
      await browser.close();
    }
  });
});

/** The values that `evaluate` gives of the same pixels. */
async function inNodeOf(ids: readonly string[]): Promise<number[]> {
  const {evaluate} = await import('cv-loss');
  const {default: sharp} = await import('sharp');
  for (const role of ['pred', 'target']) {
    await sharp(`fixtures/photos/${role}/001.png`)
      .extract(REGION)
      .toFile(join(folder, `${role}.png`));
  }
  const inputs = {pred: 'pred.png', target: 'target.png'};
  const {report} = await evaluate({inputs, losses: [...ids] as never}, {cwd: folder});
  return ids.map((id) => Number(report.summary[id]?.mean));
}

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
