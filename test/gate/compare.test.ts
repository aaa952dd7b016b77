import {describe, expect, test} from 'vitest';
import {type CompareOptions, compareRuns} from '../../src/gate/compare.js';
import type {ComparedRun} from '../../src/gate/pair-rows.js';
import type {Cell, Row} from '../../src/rows/row.js';

const columns = [
  {name: 'mse', better: 'lower'},
  {name: 'psnr', better: 'higher'},
  {name: 'psnr.count', better: 'none'},
] as const;

const options: CompareOptions = {limits: new Map(), default: null, level: 'error'};

function row(key: string, mse: Cell, sha256: Row['sha256'] = {}, psnr: Cell = 20): Row {
  const cells = {mse, psnr, 'psnr.count': 3};
  return {key, status: mse === null ? 'failed' : 'ok', reason: '', width: 1, height: 1, cells, sha256};
}

const run = (rows: readonly Row[], own: ComparedRun['columns'] = columns): ComparedRun => ({columns: own, rows});
const keys = Array.from({length: 8}, (_, i) => `k${i}`);
const base = keys.map((key, i) => row(key, 0.1 + i / 100));
const failed = (gates: Awaited<ReturnType<typeof compareRuns>>['gates']) =>
  gates.filter(({verdict}) => verdict === 'fail').map(({name, reason}) => `${name}: ${reason}`);

describe('a run against a baseline', () => {
  test('itself: the same, and every gate passes', async () => {
    const {columns: compared, gates, common} = await compareRuns(run(base), run(base), options);
    expect(compared.map(({name, verdict}) => [name, verdict])).toEqual([
      ['mse', 'same'],
      ['psnr', 'same'],
    ]);
    expect(failed(gates)).toEqual([]);
    expect(common).toBe(8);
  });

  test('a regression fails, and the pairs that worsened most are named', async () => {
    const after = keys.map((key, i) => row(key, 0.1 + i / 50 + 0.001));
    const {columns: compared, gates} = await compareRuns(run(base), run(after), options);
    expect(compared[0]).toMatchObject({verdict: 'worse', pairs: 8});
    expect(compared[0]?.mostWorsened.map(({key}) => key)).toEqual([...keys].reverse());
    expect(failed(gates)).toEqual(['mse against the baseline: worse']);
  });

  test('a mean beyond its limit fails even where the pairs are too few to tell', async () => {
    const [before, after] = [base.slice(0, 2), keys.slice(0, 2).map((key, i) => row(key, 0.2 + i / 100))];
    const limits = new Map([['mse', {absolute: 0.05, relative: 0}]]);
    const {columns: compared, gates} = await compareRuns(run(before), run(after), {...options, limits});
    expect(compared[0]?.verdict).toBe('inconclusive');
    expect(failed(gates)).toEqual([expect.stringMatching(/^mse against the baseline: the mean worsened by 0\.1/)]);
    const wide = new Map([['mse', {absolute: 0.5, relative: 0}]]);
    expect(failed((await compareRuns(run(before), run(after), {...options, limits: wide})).gates)).toEqual([]);
  });
});

describe('missing data never pass', () => {
  test.each([
    ['a pair that is gone', run(base.slice(1)), ['pairs of the baseline: 1 are gone']],
    [
      'other keys',
      run(base.map((each) => ({...each, key: `x${each.key}`}))),
      [
        'mse against the baseline: no pair has a value in both',
        'psnr against the baseline: no pair has a value in both',
        'pairs of the baseline: 8 are gone',
      ],
    ],
    [
      'a row that failed',
      run([row('k0', null), ...base.slice(1)]),
      ['mse against the baseline: 1 of its values are gone'],
    ],
    [
      'an undefined value',
      run([row('k0', {undefined: 'empty'}), ...base.slice(1)]),
      ['mse against the baseline: 1 of its values are gone'],
    ],
    ['a column that is gone', run(base, columns.slice(1)), ['mse against the baseline: gone']],
    [
      'no rows',
      run([]),
      [
        'mse against the baseline: no pair has a value in both',
        'psnr against the baseline: no pair has a value in both',
        'pairs of the baseline: 8 are gone',
      ],
    ],
  ])('%s', async (_, candidate, reasons) => {
    expect(failed((await compareRuns(run(base), candidate, options)).gates)).toEqual(reasons);
  });

  test('a limit on a column that no run has', async () => {
    const limits = new Map([['mze', {absolute: 1, relative: 0}]]);
    const {gates} = await compareRuns(run(base), run(base), {...options, limits});
    expect(failed(gates)).toEqual(['mze against the baseline: no column mze in both']);
  });
});

describe('what is not the same in both runs is listed', () => {
  test('pairs added and removed, columns added', async () => {
    const before = run(base.slice(1), columns.slice(0, 1));
    const made = await compareRuns(before, run(base.slice(0, 7)), options);
    expect(made).toMatchObject({
      added: ['k0'],
      removed: ['k7'],
      addedColumns: ['psnr', 'psnr.count'],
      removedColumns: [],
    });
  });

  test('targets of other bytes; predictions may differ', async () => {
    const before = [row('a', 1, {pred: '1', target: '2'}), row('b', 1, {pred: '1', target: '2'})];
    const after = [row('a', 1, {pred: '9', target: '2'}), row('b', 1, {pred: '1', target: '9'})];
    expect((await compareRuns(run(before), run(after), options)).changed).toEqual(['b']);
  });

  test('without hashes nothing is said of bytes', async () => {
    expect((await compareRuns(run(base), run(base), options)).changed).toBeNull();
  });
});
