import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkGates, type GatedRun, gatesPass} from '../../src/gate/check.js';
import type {GateRule} from '../../src/gate/rule.js';
import type {Row} from '../../src/rows/row.js';
import {Aggregator} from '../../src/run/aggregate.js';

const columns = [
  {name: 'mse', better: 'lower'},
  {name: 'psnr', better: 'higher'},
] as const;

type Cells = Row['cells'];

/** A run of these rows, aggregated as a real one is. */
function runOf(rows: readonly Readonly<Record<string, Cells[string] | string>>[]): GatedRun {
  const aggregates = new Aggregator(columns, []);
  rows.forEach(({group, ...cells}, i) => {
    const row = {key: String(i), status: 'ok', reason: '', width: 1, height: 1, sha256: {}} as const;
    aggregates.add({...row, cells: cells as Cells, ...(group === undefined ? {} : {group: group as string})});
  });
  return {
    summary: aggregates.summary(),
    groups: aggregates.groups(),
    countWithin: (...given) => aggregates.countWithin(...given),
  };
}

function rule(column: string, statistic: string, bounds: Partial<GateRule['bounds']>, more = {}): GateRule {
  return {
    column,
    group: null,
    measure: {statistic},
    bounds: {min: null, max: null, ...bounds},
    level: 'error',
    ...more,
  };
}

const run = runOf([
  {mse: 0.01, psnr: 20},
  {mse: 0.03, psnr: 15},
]);

describe('a rule on an aggregate', () => {
  test.each([
    ['mean', {max: 0.02}, 'pass'],
    ['mean', {max: 0.0199}, 'fail'],
    ['mean', {min: 0.02, max: 0.02}, 'pass'],
    ['mean', {min: 0.021}, 'fail'],
    ['max', {max: 0.03}, 'pass'],
    ['undefined', {max: 0}, 'pass'],
    ['count', {min: 3}, 'fail'],
  ] as const)('mse.%s %j: %s', (statistic, bounds, verdict) => {
    const [result] = checkGates([rule('mse', statistic, bounds)], run);
    expect(result).toMatchObject({name: `mse.${statistic}`, verdict, reason: ''});
  });

  test.each([
    ['a column that was not computed', rule('ssim', 'mean', {min: 0}), 'ssim was not computed'],
    ['a name that every object has', rule('constructor', 'mean', {min: 0}), 'constructor was not computed'],
    ['an aggregate that does not exist', rule('mse', 'dataset', {min: 0}), 'mse has no dataset'],
    ['a group that is not there', rule('mse', 'mean', {min: 0}, {group: 'night'}), 'there is no group night'],
    ['every group, and there is none', rule('mse', 'mean', {min: 0}, {group: '*'}), 'there is no group *'],
  ])('%s fails', (_, given, reason) => {
    expect(checkGates([given], run)).toEqual([expect.objectContaining({verdict: 'fail', actual: null, reason})]);
  });

  test('without a row that has a number it fails', () => {
    const empty = runOf([{mse: {undefined: 'no valid pixel'}, psnr: null}]);
    for (const statistic of ['mean', 'value', 'p95']) {
      const [result] = checkGates([rule('mse', statistic, {max: 1e9, min: -1e9})], empty);
      expect(result).toMatchObject({verdict: 'fail', actual: null});
    }
    expect(checkGates([rule('mse', 'undefined', {max: 0})], empty)).toMatchObject([{verdict: 'fail', actual: 1}]);
  });

  test('a warning does not fail the run', () => {
    expect(gatesPass(checkGates([rule('mse', 'mean', {max: 0}, {level: 'warn'})], run))).toBe(true);
    expect(gatesPass(checkGates([rule('mse', 'mean', {max: 0})], run))).toBe(false);
  });
});

describe('infinite rows', () => {
  const infinite = runOf([
    {mse: 0, psnr: Number.POSITIVE_INFINITY},
    {mse: 0.01, psnr: 20},
  ]);
  const onMean = rule('psnr', 'mean', {min: 10});

  test('fail a rule on the column', () => {
    const results = checkGates([onMean], infinite);
    expect(results.map(({name, verdict}) => [name, verdict])).toEqual([
      ['psnr.mean', 'pass'],
      ['psnr.infinite', 'fail'],
    ]);
  });

  test('pass where the rules say how many', () => {
    expect(gatesPass(checkGates([onMean, rule('psnr', 'infinite', {max: 1})], infinite))).toBe(true);
    expect(gatesPass(checkGates([onMean, rule('psnr', 'infinite', {max: 0})], infinite))).toBe(false);
  });

  test('are no matter of a rule that counts', () => {
    expect(checkGates([rule('psnr', 'undefined', {max: 0})], infinite)).toHaveLength(1);
  });
});

test('every group is held against a rule for all', () => {
  const grouped = runOf([
    {mse: 0.01, psnr: 1, group: 'day'},
    {mse: 0.5, psnr: 1, group: 'night'},
  ]);
  const results = checkGates([rule('mse', 'mean', {max: 0.1}, {group: '*'})], grouped);
  expect(results.map(({name, verdict}) => [name, verdict])).toEqual([
    ['mse.mean of group day', 'pass'],
    ['mse.mean of group night', 'fail'],
  ]);
});

test('a share counts undefined and failed rows as not within, and leaves out those the column does not concern', () => {
  const cell = fc.oneof(
    fc.double({min: 0, max: 1, noNaN: true}),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.constant({undefined: 'empty'}),
    fc.constant(null),
    fc.constant('n/a' as const),
  );
  fc.assert(
    fc.property(fc.array(cell, {maxLength: 12}), fc.double({min: 0, max: 1, noNaN: true}), (cells, least) => {
      const share: GateRule = {
        ...rule('mse', '', {min: least}),
        measure: {share: {min: null, max: 0.5}},
      };
      const [result] = checkGates([share], runOf(cells.map((mse) => ({mse, psnr: 1}))));
      const concerned = cells.filter((mse) => mse !== 'n/a');
      const within = concerned.filter((mse) => typeof mse === 'number' && mse <= 0.5).length;
      if (concerned.length === 0) expect(result).toMatchObject({verdict: 'fail', actual: null});
      else {
        const actual = within / concerned.length;
        expect(result).toMatchObject({actual, verdict: actual >= least ? 'pass' : 'fail'});
        expect(result?.name).toBe('mse.share');
      }
    }),
    {numRuns: 1000},
  );
});

test("a loss's own aggregates, by their path", () => {
  const {summary} = run;
  const own = {...summary.mse, active: 0.5, 'odd.name': 7, recall_at_k: {'1': 0.9}} as (typeof summary)[string];
  const gated = {...run, summary: {...summary, 'set.mse': own}};
  const verdict = (column: string, statistic: string) =>
    checkGates([rule(column, statistic, {min: 0.4})], gated).map(({name, actual}) => [name, actual]);
  expect(verdict('set.mse', 'active')).toEqual([['set.mse.active', 0.5]]);
  expect(verdict('set.mse.active', 'value')).toEqual([['set.mse.active', 0.5]]);
  expect(verdict('set.mse.recall_at_k.1', 'value')).toEqual([['set.mse.recall_at_k.1', 0.9]]);
  expect(verdict('set.mse', 'recall_at_k.1')).toEqual([['set.mse.recall_at_k.1', 0.9]]);
  expect(verdict('set.mse', 'odd.name')).toEqual([['set.mse.odd.name', 7]]);
  expect(verdict('set.mse', 'recall_at_k.2')).toEqual([['set.mse.recall_at_k.2', null]]);
  expect(verdict('set.mse', 'recall_at_k')).toEqual([['set.mse.recall_at_k', null]]);
});

describe('of two readings of a name', () => {
  const {summary} = run;
  const own = {...summary.mse, active: 0.5, value: 3, none: null, text: 'abc', odd: Number.NaN, map: {a: 1}};
  const gated = {
    ...run,
    summary: {...summary, set: {...own, 'mse.active': 9}, 'set.mse': own, 'set.mse.own': own} as typeof summary,
  };
  const found = (given: GateRule) => checkGates([given], gated).map(({actual, reason}) => [actual, reason]);

  test('a column is one by its whole name before it is an aggregate of another', () => {
    expect(found(rule('set.mse', 'value', {max: 9}))).toEqual([[3, '']]);
    expect(found(rule('set.mse.own', 'value', {max: 9}))).toEqual([[3, '']]);
  });

  test('the owner with the longest name has the aggregate', () => {
    expect(found(rule('set.mse.active', 'value', {max: 9}))).toEqual([[0.5, '']]);
  });

  test('only where the value itself is asked for', () => {
    expect(found(rule('set.mse.active', 'mean', {max: 9}))).toEqual([[null, 'set.mse.active was not computed']]);
    const share = {...rule('set.mse.active', '', {min: 0}), measure: {share: {min: null, max: 1}}};
    expect(found(share)).toEqual([[null, 'set.mse.active was not computed']]);
    expect(found(rule('nothing.at.all', 'value', {max: 9}))).toEqual([[null, 'nothing.at.all was not computed']]);
  });

  test.each(['none', 'text', 'odd', 'map'])('what is no number is none: %s', (statistic) => {
    expect(found(rule('set.mse', statistic, {max: 9}))).toEqual([
      [null, `set.mse.${statistic} is not a number: no row has one`],
    ]);
  });

  test.each(['none.a', 'text.length', 'active.a', 'map.b', 'map.toString'])('what does not exist: %s', (statistic) => {
    expect(found(rule('set.mse', statistic, {max: 9}))).toEqual([[null, `set.mse has no ${statistic}`]]);
  });
});

test('a bound of one side leaves the other open, below zero too', () => {
  const {summary} = run;
  const gated = {...run, summary: {...summary, score: {...summary.mse, mean: -5}} as typeof summary};
  const verdicts = [{max: 0}, {min: -6}, {max: -6}, {min: 0}].map(
    (bounds) => checkGates([rule('score', 'mean', bounds)], gated)[0]?.verdict,
  );
  expect(verdicts).toEqual(['pass', 'pass', 'fail', 'fail']);
});

test('a rule for no group, or for one, is held against that alone', () => {
  const grouped = runOf([
    {mse: 0.01, psnr: 1, group: 'day'},
    {mse: 0.5, psnr: 1, group: 'night'},
  ]);
  const of = (group: string | null) =>
    checkGates([rule('mse', 'mean', {max: 1}, {group})], grouped).map(({name, actual}) => [name, actual]);
  expect(of(null)).toEqual([['mse.mean', 0.255]]);
  expect(of('night')).toEqual([['mse.mean of group night', 0.5]]);
});

describe('the rule that an infinite row brings', () => {
  const infinite = runOf([{mse: 0, psnr: Number.POSITIVE_INFINITY}]);

  test.each(['count', 'undefined', 'infinite', 'rows'])('is none for %s', (statistic) => {
    expect(checkGates([rule('psnr', statistic, {max: 9})], infinite)).toHaveLength(1);
  });

  test('is none for a share, which counts each row', () => {
    const share = {...rule('psnr', '', {min: 0}), measure: {share: {min: 3, max: null}}};
    expect(checkGates([share], infinite)).toEqual([
      {
        name: 'psnr.share',
        level: 'error',
        expected: 'share of rows at least 3: at least 0',
        actual: 1,
        verdict: 'pass',
        reason: '',
      },
    ]);
  });

  test('says what it expects, and has the stricter level of those that bring it, whatever their order', () => {
    const rules = [rule('psnr', 'max', {}), rule('psnr', 'mean', {}, {level: 'warn'})];
    for (const given of [rules, rules.toReversed()]) {
      expect(checkGates(given, infinite).at(-1)).toEqual({
        name: 'psnr.infinite',
        level: 'error',
        expected: 'at most 0',
        actual: 1,
        verdict: 'fail',
        reason: '',
      });
    }
    expect(checkGates(rules.slice(1), infinite).at(-1)).toMatchObject({name: 'psnr.infinite', level: 'warn'});
  });
});

test('a share of a column without a row says so', () => {
  const share = {...rule('mse', '', {min: 0}), measure: {share: {min: 0, max: null}}};
  expect(checkGates([share], runOf([{mse: 'n/a', psnr: 1}]))).toMatchObject([{reason: 'mse has no row'}]);
});
