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

describe('gates in full', () => {
  const raised = base.map((each, i) => row(each.key, 0.2 + i / 100));

  test('an untold limit is zero, and the rule says what it expects', async () => {
    const {columns: compared, gates} = await compareRuns(run(base), run(raised), options);
    expect(compared[0]?.margin).toBe(0);
    expect(gates[0]).toEqual({
      name: 'mse against the baseline',
      level: 'error',
      expected: 'no worse',
      actual: expect.closeTo(0.1, 12),
      verdict: 'fail',
      reason: 'worse',
    });
    expect(gates[1]).toMatchObject({verdict: 'pass', reason: ''});
    expect(gates).toHaveLength(2);
  });

  test('a limit is part of the rule; a mean that worsened by just as much is within', async () => {
    const [before, after] = [run([row('a', 1)]), run([row('a', 1.5)])];
    const limited = (absolute: number) =>
      compareRuns(before, after, {...options, level: 'warn', default: {absolute, relative: 0}});
    expect((await limited(0.5)).gates[0]).toEqual({
      name: 'mse against the baseline',
      level: 'warn',
      expected: 'no worse, and by 0.5 at most',
      actual: 0.5,
      verdict: 'pass',
      reason: '',
    });
    expect((await limited(0.4)).gates[0]).toMatchObject({verdict: 'fail', reason: 'the mean worsened by 0.5'});
    // Without a limit the test decides alone.
    expect((await compareRuns(before, after, options)).gates[0]).toMatchObject({verdict: 'pass'});
  });

  test('reasons are told together', async () => {
    const {gates} = await compareRuns(run(base), run([row('k0', null), ...raised.slice(1)]), {
      ...options,
      default: {absolute: 0.01, relative: 0},
    });
    expect(gates[0]?.reason).toMatch(/^worse, the mean worsened by 0\.\d+, 1 of its values are gone$/);
  });

  test('what is gone: a column, a pair, a column that a limit names', async () => {
    const limits = new Map([['mze', {absolute: 1, relative: 0}]]);
    const {gates} = await compareRuns(run(base), run(base.slice(2), columns.slice(1)), {...options, limits});
    expect(gates.slice(1)).toEqual([
      {
        name: 'mze against the baseline',
        level: 'error',
        expected: 'no worse',
        actual: null,
        verdict: 'fail',
        reason: 'no column mze in both',
      },
      {
        name: 'mse against the baseline',
        level: 'error',
        expected: 'no worse',
        actual: null,
        verdict: 'fail',
        reason: 'gone',
      },
      {
        name: 'pairs of the baseline',
        level: 'error',
        expected: 'all there',
        actual: 2,
        verdict: 'fail',
        reason: '2 are gone',
      },
    ]);
  });
});

describe('the pairs that worsened most', () => {
  const worst = async (before: readonly Row[], after: readonly Row[], column: number) =>
    (await compareRuns(run(before), run(after), options)).columns[column]?.mostWorsened;

  test('only those that did, worst first, by key where they worsened alike, each with its values', async () => {
    const before = [row('d', 1), row('a', 1), row('c', 1), row('b', 1), row('e', 1)];
    const after = [row('d', 3), row('a', 2), row('c', 1), row('b', 3), row('e', 0)];
    expect(await worst(before, after, 0)).toEqual([
      {key: 'b', baseline: 1, candidate: 3},
      {key: 'd', baseline: 1, candidate: 3},
      {key: 'a', baseline: 1, candidate: 2},
    ]);
  });

  test('where higher is better: those that fell, and infinite in both is no change', async () => {
    const infinite = Number.POSITIVE_INFINITY;
    const before = [row('a', 1, {}, 20), row('b', 1, {}, infinite), row('c', 1, {}, infinite), row('d', 1, {}, 5)];
    const after = [row('a', 1, {}, 18), row('b', 1, {}, infinite), row('c', 1, {}, 30), row('d', 1, {}, 6)];
    expect((await worst(before, after, 1))?.map(({key}) => key)).toEqual(['c', 'a']);
  });

  test('ten at most', async () => {
    const many = Array.from({length: 12}, (_, i) => `k${String(i).padStart(2, '0')}`);
    const before = many.map((key) => row(key, 1));
    const after = many.map((key, i) => row(key, 2 + i));
    expect((await worst(before, after, 0))?.map(({key}) => key)).toEqual(many.toReversed().slice(0, 10));
  });
});
