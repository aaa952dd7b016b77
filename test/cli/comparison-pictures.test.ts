/// <reference lib="dom" />
import {rmSync, utimesSync} from 'node:fs';
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openFile, seriousFindings, startBrowser} from '../report/html/browser.js';
import {flat} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const HOSTILE = '<img src=x onerror=alert(1)>';

/** How many levels each prediction is off: in the baseline, in the candidate. */
const LEVELS = {a: [10, 40], b: [30, 20], c: [7, 7], [HOSTILE]: [5, 60]} as const;

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
  for (const [key, levels] of Object.entries(LEVELS)) {
    for (const [set, level] of levels.entries()) await work.image(`${set}/${key}.png`, flat(100 + level, 24, 32));
    await work.image(`target/${key}.png`, flat(100, 24, 32));
  }
});

afterAll(() => browser.close());

async function evaluate(report: string, args: readonly string[], formats = 'csv,json,jsonl'): Promise<void> {
  const {code, stderr} = await work.run(['eval', ...args, '--report', report, '--report-format', formats, '--quiet']);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
}

/** What a comparison says on standard error. */
async function compare(...args: string[]): Promise<string> {
  const {code, stderr} = await work.run(['compare', ...args, '--level', 'warn', '--quiet']);
  expect(code).toBe(0);
  return stderr;
}

/** The pairs that the page shows: key, captions, and the middle pixel of each image, '' where there is none. */
function shownPairs(page: Page): Promise<unknown> {
  return page.locator('#changed li').evaluateAll((items) =>
    Promise.all(
      items.map(async (item) => {
        const pixel = async (frame: Element) => {
          const image = frame.querySelector('img');
          if (!image) return null;
          await image.decode();
          const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
          const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
          context.drawImage(image, 0, 0);
          return context.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[0];
        };
        const captions = [...item.querySelectorAll('figcaption')].map(({textContent}) => textContent);
        return [
          item.querySelector('h3')?.textContent,
          captions,
          await Promise.all([...item.querySelectorAll('.frame')].map(pixel)),
        ];
      }),
    ),
  );
}

test('the pairs that worsened and improved most, the target beside both predictions', async () => {
  const photos = (set: number) => ['--pred', String(set), '--target', 'target', '--losses', 'mae'];
  await evaluate('before', photos(0));
  await evaluate('now', photos(1));
  expect(await compare('before', 'now', '--report', 'comparison')).toBe('');
  const {page, incidents} = await openFile(browser, work.path('comparison', 'comparison.html'));
  const told = (name: string, level: number) => expect.stringMatching(`^${name}${String(level / 255).slice(0, 6)}`);
  const near = (level: number) => expect.closeTo(level, -0.5);
  expect(await shownPairs(page)).toEqual([
    [HOSTILE, ['target', told('before', 5), told('now', 60)], [near(100), near(105), near(160)]],
    ['a', ['target', told('before', 10), told('now', 40)], [near(100), near(110), near(140)]],
  ]);
  await page.locator('#changed').getByRole('combobox', {name: 'Order'}).selectOption('improved most');
  expect(await shownPairs(page)).toEqual([
    ['b', ['target', told('before', 30), told('now', 20)], [near(100), near(130), near(120)]],
  ]);
  expect(incidents).toEqual([]);
  await page.close();
  // What a report names is code of others: nothing of it is loaded, or missed.
  const {config, ...report} = work.json('now', 'report.json') as {config: object};
  const losses = [{type: 'theirs'}, {type: 'perceptual', id: 'mae', network: {model: 'gone.onnx'}}];
  const named = {...config, losses, plugins: [{file: 'gone.js', sha256: '0'.repeat(64)}]};
  work.write('named/report.json', JSON.stringify({...report, config: named}));
  work.write('named/rows.jsonl', work.read('now', 'rows.jsonl'));
  expect(await compare('before', 'named', '--report', 'unloaded')).toBe('');
  expect(work.read('unloaded', 'comparison.html')).toContain('data-block="runs"');
  const looked = await openFile(browser, work.path('comparison', 'comparison.html'), {bypassCSP: true});
  expect(await seriousFindings(looked.page)).toEqual([]);
  await looked.page.close();
});

test('files that are gone or not what was scored have no picture: a notice says so, and the page is made', async () => {
  await work.image('0/a.png', flat(200, 24, 32));
  rmSync(work.path('1', 'b.png'));
  await evaluate('hashless', ['--pred', '1', '--target', 'target', '--losses', 'mae', '--allow-missing'], 'csv,json');
  const later = Date.now() / 1000 + 60;
  utimesSync(work.path('1', `${HOSTILE}.png`), later, later);
  expect(await compare('before', 'now', '--report', 'gone')).toBe(
    'cv-loss: gallery: now: no picture of b: the files are gone\n' +
      'cv-loss: gallery: before: no picture of a: pred changed after it was scored; score it again\n',
  );
  expect(await compare('before', 'hashless', '--report', 'newer')).toContain(
    `hashless: no picture of ${HOSTILE}: the files are newer than the report`,
  );
  const {page} = await openFile(browser, work.path('gone', 'comparison.html'));
  expect(await page.locator('#changed li', {hasText: /^a/}).locator('img').count()).toBe(2);
  await page.close();
  const elsewhere = await work.run(
    ['compare', '../before', '../now', '--report', 'page', '--level', 'warn', '--quiet'],
    {cwd: work.path('target')},
  );
  expect([elsewhere.code, elsewhere.stderr.split('\n').length]).toEqual([0, 3]);
  expect(elsewhere.stderr).toMatch(/^cv-loss: gallery: \.\.\/before: no pictures .*: pred: cannot read .*\/0: /);
  expect(work.read('target', 'page', 'comparison.html')).not.toContain('data-block="runs"');
});

test('masks in the colours of their classes; none with --gallery 0', async () => {
  const [colour, target] = [fixture('segmentation/colour/pred'), fixture('segmentation/colour/target')];
  work.write('classes.yaml', 'task: mask\npalette: cityscapes\nlosses: [iou]\n');
  await evaluate('masks', ['--config', 'classes.yaml', '--pred', colour, '--target', target]);
  await evaluate('perfect', ['--config', 'classes.yaml', '--pred', target, '--target', target]);
  expect(await compare('masks', 'perfect', '--report', 'classes')).toBe('');
  const {page, incidents} = await openFile(browser, work.path('classes', 'comparison.html'));
  const first = page.locator('#changed li').first();
  expect(await first.locator('img').count()).toBe(3);
  const [truth, before, now] = await first
    .locator('img')
    .evaluateAll((images) => images.map((image) => image.getAttribute('src')));
  // The candidate predicts the target itself.
  expect(now).toBe(truth);
  expect(before).not.toBe(truth);
  expect(incidents).toEqual([]);
  await page.close();
  expect(await compare('masks', 'perfect', '--report', 'none', '--gallery', '0')).toBe('');
  expect(work.read('none', 'comparison.html')).not.toContain('data-block="runs"');
});
