import {buildReport, type ReportParts} from '../../src/report/build.js';
import {Ledger} from '../../src/report/ledger.js';
import type {Report} from '../../src/report/report.js';
import type {Row} from '../../src/rows/row.js';
import {Aggregator} from '../../src/run/aggregate.js';
import {COLUMNS} from './rows.js';

/** The report of some rows, built as a run builds it. */
export function reportOf(rows: readonly Row[], more: Pick<ReportParts, 'networks' | 'sources'> = {}): Report {
  const aggregates = new Aggregator(COLUMNS, [
    {
      id: 'mse',
      options: {},
      descriptor: {aggregate: (columns) => ({dataset: Math.max(...columns.column('')), list: new Float32Array(2)})},
      instance: {columns: [{part: '', better: 'lower'}]},
    },
  ]);
  const ledger = new Ledger();
  for (const row of rows) {
    aggregates.add(row);
    ledger.add(row);
  }
  return buildReport({
    version: '1.2.3',
    config: {task: 'photo', losses: [{type: 'mse', weight: 2}], none: undefined},
    device: {name: 'cpu', gpu: false, versions: {'@tensorflow/tfjs-core': '4.22.0'}},
    roots: {pred: 'out/', target: 'truth/'},
    missing: 0,
    losses: [{id: 'mse', descriptor: {id: 'mse'}, better: 'lower', weight: 2}],
    prepared: {mse: {weights: [1, Number.POSITIVE_INFINITY]}},
    columns: COLUMNS,
    results: aggregates.results(),
    ledger,
    ...more,
  });
}
