import {join} from 'node:path';
import {buildReport} from '../../../src/report/build.js';
import {Ledger} from '../../../src/report/ledger.js';
import {openReport} from '../../../src/report/open.js';
import type {Report} from '../../../src/report/report.js';
import type {Gallery} from '../../../src/rows/gallery.js';
import type {Cell, Column, Row} from '../../../src/rows/row.js';
import {Aggregator} from '../../../src/run/aggregate.js';

/** The columns of the sample page. */
const COLUMNS: readonly Column[] = [
  {name: 'mse', better: 'lower'},
  {name: 'psnr', better: 'higher'},
  {name: 'psnr.count', better: 'none'},
  {name: 'ssim', better: 'higher'},
];

/** A name that would run a script if it ever became markup. */
export const HOSTILE = '<img src=x onerror=alert(1)>.png';

/** Text that would end the data of the page if it were written as it is. */
const ENDING = '</script><script>alert(2)</script><!--\u2028';

/** Rows in key order with all that can happen: ok, infinite, undefined, failed, names that are markup. */
export const ROWS: readonly Row[] = [
  sample(HOSTILE, [0.25, 6.02, 64, 0.11], {group: HOSTILE}),
  sample('a/000', [0.04, 13.979, 64, 0.41], {group: 'a'}),
  sample('a/001', [0.01, 20, 64, 0.62], {group: 'a'}),
  sample('a/002', [0.0025, 26.02, 64, 0.83], {group: 'a'}),
  sample('a/003', [0.09, 10.4576, 64, {undefined: 'smaller than the window'}], {
    group: 'a',
    status: 'undefined',
    reason: 'undefined: ssim: smaller than the window',
  }),
  sample('b/000', [0, Number.POSITIVE_INFINITY, 64, 1], {group: 'b'}),
  sample('b/001', [0.0004, 33.979, 64, 0.95], {group: 'b'}),
  sample('b/002', [null, null, null, null], {
    group: 'b',
    status: 'failed',
    reason: `truncated-file: ${ENDING}`,
    width: null,
    height: null,
  }),
];

function sample(key: string, values: readonly Cell[], more: Partial<Row>): Row {
  const cells = Object.fromEntries(COLUMNS.map(({name}, i) => [name, values[i] ?? null]));
  return {key, status: 'ok', reason: '', width: 8, height: 8, cells, sha256: {pred: 'a'.repeat(64)}, ...more};
}

/** The report of some rows of these columns, as a run builds it. */
export function reportOfPage(rows: readonly Row[], gates: Report['gates'] = []): Report {
  const types = ['mse', 'psnr', 'ssim'];
  const aggregates = new Aggregator(
    COLUMNS,
    types.map((id) => ({
      id,
      options: {},
      descriptor: {},
      instance: {columns: columnsOf(id)},
    })),
  );
  const ledger = new Ledger();
  for (const row of rows) {
    aggregates.add(row);
    ledger.add(row);
  }
  return buildReport({
    version: '1.2.3',
    config: {task: 'photo', losses: types.map((type) => ({type}))},
    device: {name: 'cpu', gpu: false, versions: {'@tensorflow/tfjs-core': '4.22.0'}},
    roots: {pred: 'out/', target: 'truth/'},
    missing: 0,
    losses: types.map((id) => ({id, descriptor: {id}, better: id === 'mse' ? 'lower' : 'higher'})),
    prepared: {},
    columns: COLUMNS,
    results: aggregates.results(),
    ledger,
    gates: gates.map((gate) => ({...gate, actual: typeof gate.actual === 'number' ? gate.actual : null})),
  });
}

function columnsOf(id: string): Part[] {
  return COLUMNS.filter(({name}) => name === id || name.startsWith(`${id}.`)).map(({name, better}) => ({
    part: name.slice(id.length + 1),
    better,
  }));
}

interface Part {
  readonly part: string;
  readonly better: Column['better'];
}

/** Writes report.html of some rows into a directory, and gives its path. */
export async function writeSamplePage(
  dir: string,
  {
    rows = ROWS,
    gates = [],
    gallery = null,
  }: {readonly rows?: readonly Row[]; readonly gates?: Report['gates']; readonly gallery?: Gallery | null} = {},
): Promise<string> {
  const writer = await openReport({dir, formats: ['csv', 'html', 'json'], columns: COLUMNS});
  for (const row of rows) await writer.row(row);
  await writer.end(reportOfPage(rows, gates), {seconds: 1}, gallery);
  await writer.publish();
  return join(dir, 'report.html');
}
