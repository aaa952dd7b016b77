import {deflateSync} from 'node:zlib';
import sharp from 'sharp';
import {afterAll, beforeAll, expect, onTestFinished, test} from 'vitest';
import {png} from '../images/fixtures.js';
import type {Finished} from './cv-loss.js';
import {flat, noise} from './pixels.js';
import {parseRows} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const GOOD = ['good-1', 'good-2', 'good-3'];

/** What standard error says of each bad prediction, in key order. */
const BAD: Readonly<Record<string, string>> = {
  alpha:
    'alpha: pred: pred/alpha.png: the image is partly transparent; set image.alpha to drop, or to blend over a colour',
  bomb: 'too-many-pixels: pred: pred/bomb.png: 16383x16383 is 268402689 pixels, the limit is 64000000; raise image.max_pixels to read it',
  broken: 'decode-failed: pred: pred/broken.png: the PNG is damaged: a wrong checksum at byte 33',
  drawing: 'unsupported-format: pred: pred/drawing.png: an SVG drawing cannot be read; supported formats: …',
  empty: 'empty-file: pred: pred/empty.png: the file is empty',
  locked: 'unreadable-file: pred: pred/locked.png cannot be read (EACCES)',
  size: 'sizes-differ: pred is 30x40, target is 40x30 (width x height); set image.size to target, crop or [h, w]',
  text: 'not-an-image: pred: pred/text.png: its content is text, not an image; supported formats: …',
  truncated: 'decode-failed: pred: pred/truncated.jpg: the JPEG data is damaged or cut short',
};

/** A text in which the list of formats, which grows, is left out. */
function shortened(text: string): string {
  return text.replaceAll(/(; supported formats: )[\w ,]+/g, '$1…');
}

/** A PNG of 16383×16383 pixels in 32 KB, which would decode to 814 MB. */
function bomb(): Buffer {
  const side = 16_383;
  const lines = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), {level: 9});
  return png({width: side, height: side, depth: 1, colourType: 0}, lines);
}

/** A PNG with a flipped bit in its pixels. */
function broken(): Buffer {
  const file = png({width: 40, height: 30, depth: 8, colourType: 0}, deflateSync(Buffer.alloc(30 * 41)));
  const at = file.indexOf('IDAT') + 8;
  file[at] = (file[at] as number) ^ 1;
  return file;
}

/** Loaded before the program: writes its peak memory, in KiB, to the file that PEAK names. */
const MEASURE = `import {writeFileSync} from 'node:fs';
process.on('exit', () => writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));
`;

function run(report: string, ...flags: readonly string[]): Promise<Finished> {
  const args = ['eval', '--pred', 'pred', '--target', 'target', '--report', report, ...flags];
  return work.run(args, {
    unprivileged: true,
    env: {NODE_OPTIONS: `--import=${work.path('measure.mjs')}`, PEAK: work.path(`${report}.peak`)},
  });
}

let good: Finished;
let mixed: Finished;

beforeAll(async () => {
  work.write('measure.mjs', MEASURE);
  for (const [i, key] of GOOD.entries()) {
    await work.image(`pred/${key}.png`, noise(i, 30, 40));
    await work.image(`target/${key}.png`, flat(100, 30, 40));
  }
  good = await run('good');
  for (const key of Object.keys(BAD)) await work.image(`target/${key}.png`, flat(100, 30, 40));
  const {data, height, width, channels} = noise(9, 30, 40);
  const image = sharp(data, {raw: {height, width, channels}});
  work.write('pred/broken.png', broken());
  const photo = await image.clone().jpeg().toBuffer();
  work.write('pred/truncated.jpg', photo.subarray(0, photo.length / 2));
  work.write('pred/alpha.png', await image.clone().ensureAlpha(0.5).png().toBuffer());
  work.write('pred/bomb.png', bomb());
  work.write('pred/text.png', 'not an image\n');
  work.write('pred/drawing.png', '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>');
  work.write('pred/empty.png', '');
  await work.image('pred/size.png', noise(9, 40, 30));
  await work.image('pred/locked.png', noise(9, 30, 40));
  await work.shell('chmod 000 pred/locked.png');
  mixed = await run('mixed');
});

test('the run ends with exit code 3 and one line for each bad file', () => {
  expect(mixed.code).toBe(3);
  expect(shortened(mixed.stderr).split('\n')).toEqual([
    ...Object.entries(BAD).map(([key, text]) => `cv-loss: ${key}: ${text}`),
    '',
  ]);
  expect(mixed.stdout).toMatch(/^12 samples: 3 ok, 9 failed/);
});

test('the other rows are what they are without the bad files', () => {
  expect(good).toMatchObject({code: 0, stderr: ''});
  const [header, ...rows] = work.read('good', 'rows.csv').trimEnd().split('\n');
  expect(rows).toHaveLength(GOOD.length);
  const lines = work.read('mixed', 'rows.csv').trimEnd().split('\n');
  expect(lines[0]).toBe(header);
  expect(lines.filter((line) => line.startsWith('good-'))).toEqual(rows);
});

test('the bad ones are failed rows with their reason and without values', () => {
  const rows = parseRows(shortened(work.read('mixed', 'rows.csv')));
  expect([...rows.keys()]).toEqual([...Object.keys(BAD), ...GOOD].sort());
  for (const [key, reason] of Object.entries(BAD)) {
    expect(rows.get(key)).toMatchObject({status: 'failed', reason, width: '', mse: '', psnr: '', ssim: ''});
  }
});

test('report.json counts and lists them, and its aggregates are those of the good ones', () => {
  const report = JSON.parse(shortened(work.read('mixed', 'report.json'))) as object;
  const failures = Object.entries(BAD).map(([key, text]) => {
    const [, code, message] = /^([a-z-]+): (.*)$/.exec(text) ?? [];
    return {key, code, message};
  });
  expect(report).toMatchObject({
    counts: {samples: 12, ok: 3, undefined: 0, failed: 9},
    failure_count: 9,
    failures,
    summary: (work.json('good', 'report.json') as {summary: object}).summary,
  });
});

test('the image of 814 MB is never decoded', () => {
  const peak = (report: string) => Number(work.read(`${report}.peak`)) / 1024;
  expect(peak('good')).toBeGreaterThan(50);
  expect(peak('mixed') - peak('good')).toBeLessThan(200);
});

test('the report names files as the working directory does, so it is the same wherever the tree lies', async () => {
  const other = new Workspace(onTestFinished);
  await work.shell(`cp -a pred target "${other.path()}"`);
  const args = ['eval', '--pred', 'pred', '--target', 'target', '--report', 'mixed'];
  expect(await other.run(args, {unprivileged: true})).toMatchObject({code: 3, stderr: mixed.stderr});
  for (const file of ['rows.csv', 'report.json']) expect(other.read('mixed', file)).toBe(work.read('mixed', file));
});

test('failed samples are counted after the first ten lines, and are all in the report', async () => {
  const many = new Workspace(onTestFinished);
  for (let i = 10; i < 25; i++) many.write(`images/${i}.png`, 'no image');
  const {code, stderr} = await many.run(['eval', '--pred', 'images', '--target', 'images', '--quiet']);
  const lines = stderr.trimEnd().split('\n');
  expect({code, lines: lines.length}).toEqual({code: 3, lines: 11});
  expect(lines[10]).toBe('cv-loss: … and 5 more failed samples, see the report');
  expect(many.json('cv-loss-report', 'report.json')).toMatchObject({failure_count: 15, counts: {failed: 15}});
});
