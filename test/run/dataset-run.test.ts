import {expect, test} from 'vitest';
import {RunError, UsageError} from '../../src/errors.js';
import type {Row} from '../../src/rows/row.js';
import {Aggregator} from '../../src/run/aggregate.js';
import {type SetLossEntry, startDatasetRun} from '../../src/run/dataset-run.js';
import {collect} from './loaded.js';
import {Scratch, sha256Of} from './scratch.js';
import {lengths, setLoss} from './set-losses.js';

const {signal} = new AbortController();

/** Three vectors of lengths 5, 13 and 1, not in key order. */
const VECTORS = 'key,label,v0,v1\nb,x,3,4\na,x,5,-12\nc,y,0,1\n';

/** Sources of one set of vectors. */
function sources(scratch: Scratch, csv = VECTORS) {
  const file = scratch.write('e.csv', csv);
  return {embeddings: {file, labels: null, real: null, fake: null}, scores: null, cwd: scratch.root};
}

async function rowsOf(...losses: readonly SetLossEntry[]): Promise<Row[]> {
  const run = await startDatasetRun({...sources(new Scratch()), losses}, signal);
  return collect(run.rows());
}

function brief(rows: readonly Row[]) {
  return rows.map(({key, status, reason, cells}) => ({key, status, reason, cells}));
}

test('rows come in key order, without sizes and hashes', async () => {
  const rows = await rowsOf(setLoss(lengths));
  expect(rows).toEqual(
    [
      ['a', 13],
      ['b', 5],
      ['c', 1],
    ].map(([key, norm]) => ({
      ...{key, status: 'ok', reason: '', width: null, height: null, sha256: {}},
      cells: {norm},
    })),
  );
});

test('rows of several losses are joined by key; n/a where a loss has no row, or no cell', async () => {
  const two = setLoss(
    () => [
      {key: 'z', cells: {'': 1, extra: 2}},
      {key: 'b', cells: {extra: 3}},
    ],
    {
      columns: [
        {part: '', better: 'higher'},
        {part: 'extra', better: 'none'},
      ],
    },
    {id: 'two'},
  );
  const run = await startDatasetRun({...sources(new Scratch()), losses: [setLoss(lengths), two]}, signal);
  expect(run.columns).toEqual([
    {name: 'norm', better: 'lower'},
    {name: 'two', better: 'higher'},
    {name: 'two.extra', better: 'none'},
  ]);
  const ok = {status: 'ok', reason: ''};
  expect(brief(await collect(run.rows()))).toEqual([
    {...ok, key: 'a', cells: {norm: 13, two: 'n/a', 'two.extra': 'n/a'}},
    {...ok, key: 'b', cells: {norm: 5, two: 'n/a', 'two.extra': 3}},
    {...ok, key: 'c', cells: {norm: 1, two: 'n/a', 'two.extra': 'n/a'}},
    {...ok, key: 'z', cells: {norm: 'n/a', two: 1, 'two.extra': 2}},
  ]);
});

test('undefined values: skipped, failed or replaced as each loss says', async () => {
  const hollow = () => [{key: 'a', cells: {'': {undefined: 'no positive'}}}];
  const policies = (['skip', 'fail', 7] as const).map((policy) =>
    setLoss(hollow, {}, {id: `p-${policy}`, undefined: policy}),
  );
  const [row] = await rowsOf(...policies);
  expect(row).toMatchObject({
    status: 'failed',
    reason: 'undefined-value: p-fail: no positive; p-skip: no positive',
    cells: {'p-skip': {undefined: 'no positive'}, 'p-fail': {undefined: 'no positive'}, 'p-7': 7},
  });
  expect((await rowsOf(policies[0] as SetLossEntry))[0]).toMatchObject({
    status: 'undefined',
    reason: 'p-skip: no positive',
  });
  expect((await rowsOf(policies[2] as SetLossEntry))[0]).toMatchObject({status: 'ok', reason: ''});
});

test('a loss may make its rows one by one, and what it computed as NaN is undefined', async () => {
  async function* slowly() {
    yield {key: 'b', cells: {'': Number.NaN}};
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield {key: 'a', cells: {'': Number.POSITIVE_INFINITY}};
  }
  expect(brief(await rowsOf(setLoss(slowly)))).toEqual([
    {key: 'a', status: 'ok', reason: '', cells: {norm: Number.POSITIVE_INFINITY}},
    {key: 'b', status: 'undefined', reason: 'norm: computed NaN', cells: {norm: {undefined: 'computed NaN'}}},
  ]);
});

test('what was read is told: files, hashes, items', async () => {
  const scratch = new Scratch();
  const {embeddings, ...rest} = sources(scratch);
  const labels = scratch.write('l.csv', 'key,label\na,1\nb,1\nc,2\n');
  const file = scratch.write('bare.csv', 'key,v0\na,1\nb,2\nc,3\n');
  const run = await startDatasetRun({...rest, embeddings: {...embeddings, file, labels}, losses: []}, signal);
  expect(run.roots).toEqual({embeddings: file, labels});
  expect(run.sources).toEqual({embeddings: sha256Of(file), labels: sha256Of(labels)});
  expect(run.items).toBe(3);
  expect(run.device.name).toBe('cpu');
});

test('a manifest of tuples is read once for all losses, and its hash is told', async () => {
  const scratch = new Scratch();
  const manifest = scratch.write('t.csv', 'first,second,same\na,b,1\n');
  const seen: unknown[] = [];
  const check = async (dataset: Parameters<typeof lengths>[0]) => void seen.push(await dataset.tuples(manifest));
  const losses = [setLoss(lengths, {check}), setLoss(lengths, {check}, {id: 'again'})];
  const run = await startDatasetRun({...sources(scratch), losses}, signal);
  expect(seen[0]).toEqual({kind: 'pairs', list: [{key: 'a|b', first: 1, second: 0, same: true}]});
  expect(seen[1]).toBe(seen[0]);
  expect(run.sources).toMatchObject({'tuples.1': sha256Of(manifest)});
  expect(Object.keys(run.sources)).toHaveLength(2);
});

test('aggregates: value and statistics replaced, others beside them, also without a column of that name', async () => {
  const loss = setLoss(lengths, {
    columns: [
      {part: '', better: 'lower'},
      {part: 'double', better: 'none'},
    ],
    rows: function* (dataset) {
      for (const {key, cells} of lengths(dataset)) yield {key, cells: {...cells, double: 2 * (cells[''] as number)}};
    },
    aggregate: async (columns, dataset) => ({
      '': {value: 42, count: 6, keys: columns.keys(''), items: dataset.embeddings().keys.length},
      double: {sum: columns.numbers('double').reduce((a, b) => a + b, 0)},
    }),
  });
  const headless = setLoss(
    () => [{key: 'a', cells: {generator: 2}}],
    {columns: [{part: 'generator', better: 'lower'}], aggregate: async () => ({'': {earth: 0.5}})},
    {id: 'gan'},
  );
  const run = await startDatasetRun({...sources(new Scratch()), losses: [loss, headless]}, signal);
  const aggregates = new Aggregator(run.columns, run.losses);
  for (const row of await collect(run.rows())) aggregates.add(row);
  await aggregates.complete();
  const summary = aggregates.summary();
  expect(Object.keys(summary)).toEqual(['norm', 'norm.double', 'gan.generator', 'gan']);
  expect(summary.norm).toMatchObject({value: 42, count: 6, mean: 19 / 3, keys: ['a', 'b', 'c'], items: 3});
  expect(summary['norm.double']).toMatchObject({value: 38 / 3, sum: 38, count: 3});
  expect(summary['gan.generator']).toMatchObject({value: 2, count: 1});
  expect(summary.gan).toMatchObject({value: null, count: 0, earth: 0.5});
});

test('data that a loss needs and the config does not give', async () => {
  const started = (check: NonNullable<Parameters<typeof setLoss>[1]>['check']) =>
    startDatasetRun({...sources(new Scratch()), losses: [setLoss(lengths, {...(check && {check})})]}, signal);
  await expect(started(async (dataset) => void dataset.embeddingsOf('real'))).rejects.toThrow(
    new UsageError(
      'CVL-C013',
      "loss 'norm' needs two sets of vectors: give embeddings.real and embeddings.fake, or --task embedding --real FILE --fake FILE",
    ),
  );
  await expect(started(async (dataset) => void dataset.scoresOf('fake'))).rejects.toThrow(
    new UsageError(
      'CVL-C013',
      "loss 'norm' needs scores: give scores.real and scores.fake, or --real FILE --fake FILE",
    ),
  );
  const own = new UsageError('CVL-V007', 'norm: all 3 embeddings have the label 1');
  await expect(started(() => Promise.reject(own))).rejects.toBe(own);
});

test('two sets of other dimensions', async () => {
  const scratch = new Scratch();
  const real = scratch.write('real.csv', 'key,v0,v1\na,1,2\n');
  const fake = scratch.write('fake.csv', 'key,v0\na,1\n');
  const embeddings = {file: null, labels: null, real, fake};
  await expect(startDatasetRun({embeddings, scores: null, cwd: scratch.root, losses: []}, signal)).rejects.toThrow(
    new UsageError('CVL-V009', 'fake.csv: vectors of 1 dimensions, real.csv has 2; expected the same'),
  );
});

/** What the rows of a run with that loss end with. */
async function failure(loss: SetLossEntry): Promise<unknown> {
  return rowsOf(loss).then(
    () => null,
    (error: unknown) => error,
  );
}

test.each([
  [
    'throws',
    setLoss(() => {
      throw new TypeError('x is not\na function');
    }),
    'norm: x is not a function',
  ],
  [
    'gives a key twice',
    setLoss(() => [
      {key: 'a', cells: {'': 1}},
      {key: 'a', cells: {'': 2}},
    ]),
    "norm: gave the row 'a' twice",
  ],
  [
    'gives a column that it did not declare',
    setLoss(() => [{key: 'a', cells: {other: 1}}]),
    "norm: rows gave a column 'other', expected those that it declares: ''",
  ],
  [
    'gives no number',
    setLoss(() => [{key: 'a', cells: {'': 'seven' as unknown as number}}]),
    "norm: loss 'norm' gave 'seven' for its column '', expected a number or {undefined: 'why'}",
  ],
])('a loss that %s ends the run', async (_what, loss, message) => {
  const error = await failure(loss);
  expect(error).toBeInstanceOf(RunError);
  expect(error).toMatchObject({code: 'loss-failed', message});
});

test('an aggregate that throws ends the run', async () => {
  const loss = setLoss(lengths, {aggregate: () => Promise.reject(new RangeError('no rows'))});
  const run = await startDatasetRun({...sources(new Scratch()), losses: [loss]}, signal);
  const aggregates = new Aggregator(run.columns, run.losses);
  await expect(aggregates.complete()).rejects.toMatchObject({code: 'loss-failed', message: 'norm: no rows'});
});

test('an abort ends the rows with its reason, however many there would be', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  function* endless() {
    for (let i = 0; ; i++) {
      if (i === 10_000) setImmediate(() => controller.abort(reason));
      yield {key: String(i), cells: {'': 0}};
    }
  }
  const run = await startDatasetRun({...sources(new Scratch()), losses: [setLoss(endless)]}, controller.signal);
  await expect(collect(run.rows())).rejects.toBe(reason);
});
