import {readdirSync, rmSync} from 'node:fs';
import {
  datasetLosses,
  defineDatasetLoss,
  type Evaluation,
  evaluate,
  type LossInput,
  losses,
  type Row,
  RunError,
  type TripletCount,
  UsageError,
  version,
  writeTriplets,
  z,
} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const INPUTS = {pred: 'pred', target: 'target'};
const LOSSES: LossInput[] = ['mse', {type: 'ssim', color: 'luma8', weight: 2}, 'psnr'];

beforeAll(async () => {
  for (const i of [1, 2, 3]) {
    await work.image(`pred/${i}.png`, noise(i, 16, 18));
    await work.image(`target/${i}.png`, flat(50 * i, 16, 18));
  }
  await work.image('pred/4.png', noise(1, 16, 18));
  work.write('target/4.png', 'no image');
});

describe('evaluate', () => {
  test('gives the rows and the report that the command line writes, and writes none', async () => {
    const before = work.contents();
    const evaluation: Evaluation = await evaluate({inputs: INPUTS, losses: LOSSES}, {cwd: work.path()});
    expect(work.contents()).toEqual(before);
    expect(evaluation.reportDir).toBeNull();

    const input = JSON.stringify({inputs: INPUTS, losses: LOSSES});
    expect(await work.run(['eval', '--config', '-', '--quiet'], {input})).toMatchObject({code: 3});
    expect(evaluation.report).toEqual(work.json('cv-loss-report', 'report.json'));
    const written = work.rows();
    expect(evaluation.rows.map(({key}) => key)).toEqual([...written.keys()]);
    for (const row of evaluation.rows.slice(0, 3)) {
      for (const column of ['mse', 'ssim', 'psnr', 'total']) {
        expect(row.cells[column]).toBe(cell(written.get(row.key), column));
      }
    }
    expect(evaluation.rows[3]).toMatchObject({key: '4', status: 'failed', cells: {mse: null, total: null}});
  });

  test('gives every row as it comes, and keeps none when told so', async () => {
    const seen: Row[] = [];
    const started: number[] = [];
    const evaluation = await evaluate(
      {inputs: INPUTS, losses: ['mse']},
      {
        cwd: work.path(),
        keepRows: false,
        onRow: (row) => seen.push(row),
        onStart: ({samples}) => started.push(samples),
      },
    );
    expect(started).toEqual([4]);
    expect(seen.map(({key}) => key)).toEqual(['1', '2', '3', '4']);
    expect(evaluation.rows).toEqual([]);
    const [first] = [...seen.slice(0, 3)].sort((a, b) => Number(b.cells.mse) - Number(a.cells.mse));
    expect(evaluation.worst('mse', 1)).toEqual([{key: first?.key, value: first?.cells.mse}]);
  });

  test('writes a report where it is told to, relative to cwd', async () => {
    const config = {inputs: INPUTS, losses: ['mse'], report: {dir: 'library', formats: ['csv' as const]}};
    const {reportDir} = await evaluate(config, {cwd: work.path()});
    expect(reportDir).toBe(work.path('library'));
    expect(work.rows('library').size).toBe(4);
  });

  test('stops when the signal says so, with its reason, and leaves no report; the next one goes on with its rows', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const config = {inputs: INPUTS, losses: LOSSES, batch_size: 1, report: {dir: 'stopped'}};
    const onRow = () => controller.abort(reason);
    const notices: string[] = [];
    const options = {cwd: work.path(), onNotice: (line: string) => notices.push(line)};
    await expect(evaluate(config, {...options, onRow, signal: controller.signal})).rejects.toBe(reason);
    expect(readdirSync(work.path('stopped'))).toEqual(['rows.journal']);
    await evaluate(config, options);
    expect(notices).toEqual([
      '1 of 4 rows are kept in stopped/rows.journal: the same command goes on with them',
      'going on with an interrupted run: 1 row is in stopped/rows.journal',
    ]);
    expect(work.json('stopped', 'timing.json')).toMatchObject({restored_rows: 1});
    await evaluate({...config, report: {dir: 'not-stopped'}}, options);
    for (const file of ['rows.csv', 'report.json']) {
      expect(work.read('stopped', file)).toBe(work.read('not-stopped', file));
    }
  });

  test('goes on only where it is told to, and never with losses of its own', async () => {
    const config = {inputs: INPUTS, losses: ['mse'], batch_size: 1, report: {dir: 'modes'}};
    const stop = async (more: object = {}) => {
      const controller = new AbortController();
      const onRow = () => controller.abort(new Error('enough'));
      await evaluate(config, {cwd: work.path(), onRow, signal: controller.signal, ...more}).catch(() => undefined);
    };
    const restored = () => (work.json('modes', 'timing.json') as {restored_rows: number}).restored_rows;
    const required = evaluate(config, {cwd: work.path(), resume: 'require'});
    await expect(required).rejects.toThrow('--resume require: modes/rows.journal holds nothing to go on with');
    await stop();
    await evaluate(config, {cwd: work.path(), resume: 'never'});
    expect(restored()).toBe(0);
    await stop();
    await evaluate(config, {cwd: work.path(), resume: 'require'});
    expect(restored()).toBe(1);
    await stop({descriptors: losses});
    await evaluate(config, {cwd: work.path(), descriptors: losses});
    expect(restored()).toBe(0);
  });

  test('throws UsageError for a shard that there is not', async () => {
    const config = {inputs: INPUTS, losses: ['mse'], report: {dir: 'shard'}};
    const error = evaluate(config, {cwd: work.path(), shard: {index: 3, count: 2}});
    await expect(error).rejects.toThrow('shard: expected whole numbers, index from 1 to count, got 3 of 2');
    await expect(error).rejects.toBeInstanceOf(UsageError);
  });

  test.each<[string, Parameters<typeof evaluate>[0], RegExp]>([
    ['an unknown loss', {inputs: INPUTS, losses: ['msee']}, /^options: unknown loss 'msee'.*did you mean 'mse'\?$/],
    ['no target', {inputs: {pred: 'pred'}}, /needs target/],
    ['a folder that is not there', {inputs: {...INPUTS, pred: 'nowhere'}}, /no such file or directory/],
  ])('throws UsageError for %s', async (_, config, message) => {
    const error: unknown = await evaluate(config, {cwd: work.path()}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({message: expect.stringMatching(message)});
  });

  test('throws RunError where the report is lost while the run goes on', async () => {
    const config = {inputs: INPUTS, losses: ['mse'], report: {dir: 'lost'}};
    const onStart = () => rmSync(work.path('lost'), {recursive: true});
    const error: unknown = await evaluate(config, {cwd: work.path(), onStart}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({code: 'output-lost'});
  });
});

test('a loss of whole sets of a program is run beside the built-in ones', async () => {
  work.write('vectors/e.csv', 'key,label,v0,v1\nb,x,3,4\na,x,6,8\nc,y,5,12\n');
  const lengths = defineDatasetLoss({
    id: 'length',
    family: 'mine',
    scope: 'dataset',
    task: 'embedding',
    better: 'higher',
    summary: 'The length of each vector',
    formula: '|v|',
    reference: 'none',
    undefinedWhen: 'never',
    options: z.strictObject({scale: z.number().default(1).describe('a factor')}),
    create: ({scale}) => ({
      columns: [{part: '', better: 'higher'}],
      *rows(dataset) {
        const {keys, vectors} = dataset.embeddings();
        for (const [i, key] of keys.entries()) {
          yield {key, cells: {'': scale * Math.hypot(vectors[2 * i] as number, vectors[2 * i + 1] as number)}};
        }
      },
      aggregate: async (columns) => ({'': {longest: Math.max(...columns.numbers(''))}}),
    }),
  });
  const config = {embeddings: {file: 'vectors/e.csv'}, losses: [{type: 'length', scale: 2}, 'triplet']};
  const descriptors = [...losses, ...datasetLosses, lengths];
  const {rows, report, worst} = await evaluate(config, {cwd: work.path(), descriptors});
  expect(rows.map(({key, cells}) => [key, cells.length])).toEqual([
    ['a', 20],
    ['b', 10],
    ['c', 26],
  ]);
  expect(report.summary.length).toMatchObject({value: 56 / 3, longest: 26});
  expect(report.summary.triplet?.count).toBe(2);
  expect(worst('length', 1)).toEqual([{key: 'b', value: 10}]);
  const none = await evaluate({...config, task: 'adversarial'}, {cwd: work.path(), descriptors}).catch(String);
  expect(none).toMatch(/length reads embeddings, and the task here is adversarial/);
});

describe('writeTriplets', () => {
  const input = {embeddings: 'e.csv', strategy: 'all', normalize: false} as const;
  const csv = 'anchor,positive,negative,d_ap,d_an\na,b,c,1,9\nb,a,c,1,4\n';

  beforeAll(() => {
    work.write('mining/e.csv', 'key,label,v0\na,x,1\nb,x,2\nc,y,4\n');
  });

  test('gives a function the bytes that the command line writes, and counts them', async () => {
    let text = '';
    const told: unknown[] = [];
    const count: TripletCount = await writeTriplets(input, {
      out: (piece) => {
        text += piece;
      },
      cwd: work.path('mining'),
      onStart: (run) => told.push(run),
      onAnchor: () => told.push('anchor'),
    });
    expect(count).toEqual({triplets: 2, anchors: 2, without: 1, unused: 0});
    expect(told).toEqual([{anchors: 2}, 'anchor', 'anchor']);
    expect(text).toBe(csv);
    const flags = ['--embeddings', 'e.csv', '--strategy', 'all', '--no-normalize', '--out', '-'];
    const {stdout} = await work.run(['triplets', ...flags], {cwd: work.path('mining')});
    expect(stdout).toBe(csv);
  });

  test('writes a file relative to cwd; where it is stopped, the earlier file stays', async () => {
    const options = {out: 't.csv', cwd: work.path('mining')};
    await writeTriplets(input, options);
    expect(work.read('mining', 't.csv')).toBe(csv);
    const before = work.contents();
    const controller = new AbortController();
    const onAnchor = () => controller.abort(new Error('enough'));
    const stopped = writeTriplets({...input, normalize: true}, {...options, onAnchor, signal: controller.signal});
    await expect(stopped).rejects.toThrow('enough');
    const full = {...options, out: () => Promise.reject(new Error('full'))};
    await expect(writeTriplets(input, full)).rejects.toThrow('full');
    expect(work.contents()).toEqual(before);
    expect(work.read('mining', 't.csv')).toBe(csv);
  });

  test.each<[string, object, string]>([
    [
      'a strategy',
      {strategy: 'hardest'},
      "triplets: strategy: expected all, random, hard, semi-hard or distance-weighted, got 'hardest'",
    ],
    ['a key', {perPair: 1}, "triplets: unknown key 'perPair', expected embeddings, labels,"],
    ['a limit', {per_pair: 0}, 'triplets: per_pair: expected a number of at least 1, got 0'],
    ['no embeddings', {embeddings: undefined}, "triplets: missing 'embeddings', expected text"],
    ['a file', {embeddings: 'none.csv'}, 'none.csv: cannot be read: no such file'],
  ])('throws UsageError for %s', async (_, wrong, message) => {
    const options = {out: 'wrong.csv', cwd: work.path('mining')};
    const error: unknown = await writeTriplets({...input, ...wrong}, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({message: expect.stringContaining(message)});
    expect(work.contents()).not.toContain('work/mining/wrong.csv');
  });
});

test('losses are the descriptors that the command line lists', async () => {
  const listed = JSON.parse((await work.run(['losses', '--json'])).stdout) as {id: string; summary: string}[];
  const all = [...losses, ...datasetLosses];
  expect(all.map(({id, summary}) => ({id, summary}))).toEqual(listed.map(({id, summary}) => ({id, summary})));
});

test('version is that of the command line', async () => {
  expect((await work.run(['--version'])).stdout).toBe(`${version}\n`);
});
