// report.html of 100,000 rows in Chromium: size of the file, what writing it takes, first paint, and how long a sort
// and a filter take until the next frame. Limits: 40 MB, 2 s, 300 ms.
//   node bench/html.js [ROWS] [COLUMNS]
import {createWriteStream, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {html} from '../dist/report/html/html.js';

const [ROWS = 100_000, COLUMNS = 8] = process.argv.slice(2).map(Number);
const columns = Array.from({length: COLUMNS}, (_, i) => ({
  name: `loss-${i}`,
  better: i % 2 === 0 ? 'lower' : 'higher',
}));

/** A report of no meaning in which every number has all its digits, as measured ones have. */
function report() {
  const statistics = {value: 0.5, count: ROWS, undefined: 0, infinite: 0, mean: 0.5, std: 0.3, min: 0, p05: 0.05};
  const more = {p25: 0.25, median: 0.5, p75: 0.75, p95: 0.95, max: 1, ci95: [0.49, 0.51], ci95_method: 'normal'};
  return {
    schema: 'cv-loss-report/1',
    version: '0',
    config: {},
    device: {name: 'cpu', gpu: false, versions: {}},
    inputs: {roots: {}, count: ROWS, missing: 0, hash: ''},
    counts: {samples: ROWS, ok: ROWS, undefined: 0, failed: 0},
    losses: Object.fromEntries(columns.map(({name, better}) => [name, {type: name, better}])),
    columns,
    summary: Object.fromEntries(columns.map(({name}) => [name, {...statistics, ...more}])),
    groups: {},
    failure_count: 0,
    failures: [],
    gates: [],
  };
}

async function write(path) {
  const file = createWriteStream(path);
  const output = {
    write: (text) => new Promise((resolve) => (file.write(text) ? resolve() : file.once('drain', resolve))),
  };
  const page = await html.open(output, columns);
  for (let i = 0; i < ROWS; i++) {
    const cells = Object.fromEntries(columns.map(({name}) => [name, Math.random()]));
    const key = `validation/sequence-${String(i % 97).padStart(3, '0')}/${String(i).padStart(6, '0')}`;
    await page.row({key, status: 'ok', reason: '', width: 1024, height: 768, cells, sha256: {}});
  }
  await page.end(report(), null);
  await new Promise((resolve) => file.end(resolve));
}

/** Milliseconds from an action in the page to the frame after it. */
const UNTIL_PAINTED = `async (action) => {
  const start = performance.now();
  action();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}`;

async function measure(path) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({viewport: {width: 1280, height: 900}});
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector('table.rows tbody th');
    const paints = await page.evaluate(
      `performance.getEntriesByType('paint').map(({name, startTime}) => [name, startTime])`,
    );
    const ready = await page.evaluate(
      'performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart',
    );
    const timed = async (action) => Math.round(await page.evaluate(`(${UNTIL_PAINTED})(() => { ${action} })`));
    const sort = (at) => timed(`document.querySelectorAll('table.rows thead button')[${at}].click()`);
    const sorts = [];
    for (const at of [1, 1, 2, 3, 4]) sorts.push(await sort(at));
    const filter = await timed(
      `const field = document.querySelector('input[type=search]'); field.value = 'loss-1<0.5 0123'; field.dispatchEvent(new Event('input'))`,
    );
    const scroll = await timed(`document.querySelector('.rows-frame').scrollTop = 1e6`);
    return {paints: Object.fromEntries(paints), ready, sorts, filter, scroll};
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-bench-'));
try {
  const path = join(folder, 'report.html');
  const start = performance.now();
  await write(path);
  const seconds = (performance.now() - start) / 1000;
  const {paints, ready, sorts, filter, scroll} = await measure(path);
  console.log(`${ROWS} rows of ${COLUMNS} columns`);
  console.log(`file          ${(statSync(path).size / 1e6).toFixed(1)} MB, written in ${seconds.toFixed(1)} s`);
  console.log(`heap          ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident while writing`);
  for (const [name, ms] of Object.entries(paints)) console.log(`${name.padEnd(13)} ${Math.round(ms)} ms`);
  console.log(`page complete ${ready} ms`);
  console.log(`sort          ${sorts.join(', ')} ms`);
  console.log(`filter        ${filter} ms`);
  console.log(`scroll        ${scroll} ms`);
} finally {
  rmSync(folder, {recursive: true, force: true});
}
