import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {afterAll, expect, test} from 'vitest';
import {finished, startCvLoss} from './cv-loss.js';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-start-up-'));
const photos = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** Writes what is loaded, by import or by require, to a file: a hook of the one, and the cache of the other. */
const recorder = join(folder, 'recorder.mjs');
writeFileSync(
  recorder,
  `import {appendFileSync} from 'node:fs';
import {Module, register} from 'node:module';
const hook = \`import {appendFileSync} from 'node:fs';
let file;
export const initialize = (data) => { file = data; };
export const load = (url, context, next) => { appendFileSync(file, url + '\\\\n'); return next(url, context); };\`;
register('data:text/javascript,' + encodeURIComponent(hook), {data: process.env.LOADED});
process.on('exit', () => appendFileSync(process.env.LOADED, Object.keys(Module._cache).join('\\n')));
`,
);

/** The packages that a command loads, and kilobytes of the program's own files. */
async function loaded(args: readonly string[]): Promise<{packages: string[]; kilobytes: number}> {
  const file = join(folder, `loaded-${args.join('-').replaceAll(/\W+/g, '-').slice(0, 40)}`);
  const env = {LOADED: file, NODE_OPTIONS: `--import=${pathToFileURL(recorder)}`};
  const ended = await finished(startCvLoss(args, {cwd: folder, home: folder, env}));
  expect(ended).toMatchObject({code: 0, stderr: ''});
  const paths = readFileSync(file, 'utf8').split('\n');
  const all = (pattern: RegExp) => [...new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []))].sort();
  const bytes = all(/^file:\/\/(.*\/dist\/.*)$/).map((path) => statSync(path).size);
  const kilobytes = bytes.reduce((sum, size) => sum + size, 0) / 1000;
  return {packages: all(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/), kilobytes};
}

test('the version loads nothing, and the help commander and nothing else', async () => {
  expect(await loaded(['--version'])).toEqual({packages: [], kilobytes: 0});
  for (const args of [['--help'], ['eval', '--help']]) {
    const {packages, kilobytes} = await loaded(args);
    expect(packages, args.join(' ')).toEqual(['commander']);
    // The losses alone are more.
    expect(kilobytes, args.join(' ')).toBeLessThan(args[0] === '--help' ? 120 : 40);
  }
});

test('a run of flags loads no parser or library of what it does not use', async () => {
  const args = ['eval', '--pred', join(photos, 'pred'), '--target', join(photos, 'target'), '--losses', 'mse'];
  const {packages} = await loaded([...args, '--quiet', '--no-report']);
  expect(packages).toContain('sharp');
  const unneeded = ['yaml', 'fast-glob', 'undici', 'cli-progress', 'hyparquet-writer', 'yauzl', 'pbf'];
  const heavy = ['ml-matrix', 'onnxruntime-node', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-converter'];
  for (const name of [...unneeded, ...heavy]) expect(packages).not.toContain(name);
});
