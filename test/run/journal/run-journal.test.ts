import {copyFileSync, existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Row} from '../../../src/rows/row.js';
import type {Sample} from '../../../src/samples/sample.js';
import {systemError, watchFileSystem} from '../../storage/faults.js';
import {sha256Of} from '../scratch.js';
import {IDENTITY, Journaled} from './journals.js';

const KEYS = ['a', 'b', 'c'];
const keysOf = (rows: readonly (Row | null)[]) => rows.map((row) => row?.key ?? null);

test('rows of a run that was cut short come back as they were made, and the next batch follows them', async () => {
  const work = new Journaled(KEYS);
  const [a, b, c] = KEYS.map((key) => work.entry(key));
  if (!a || !b || !c) throw new Error('three entries');
  await work.run([a, b]);
  const journal = await work.open();
  expect(work.notices).toEqual(['going on with an interrupted run: 2 rows are in report/rows.journal']);
  expect({kept: journal.kept, restored: journal.restored}).toEqual({kept: 2, restored: 0});
  expect(await journal.row(work.samples[0] as Sample, 0)).toStrictEqual(a.row);
  expect(await journal.row(work.samples[2] as Sample, 2)).toBeNull();
  await journal.append([c]);
  expect({kept: journal.kept, restored: journal.restored}).toEqual({kept: 3, restored: 1});
  await journal.close();
  expect(await work.rows()).toStrictEqual([a.row, b.row, c.row]);
});

test('a report takes the journal away', async () => {
  const work = new Journaled(KEYS);
  const journal = await work.open();
  await journal.append(KEYS.map((key) => work.entry(key)));
  await journal.remove();
  expect(existsSync(work.path)).toBe(false);
});

test('rows in any order, some of them twice: of two rows of a sample the later one counts', async () => {
  const keys = Array.from({length: 12}, (_, i) => `key ${i}`);
  const work = new Journaled(keys);
  const written = fc.array(fc.tuple(fc.constantFrom(...keys), fc.double({noNaN: true})), {maxLength: 30});
  await fc.assert(
    fc.asyncProperty(written, async (rows) => {
      rmSync(work.path, {force: true});
      await work.run(rows.map(([key, mse]) => work.entry(key, {cells: {mse, psnr: null}})));
      const last = new Map(rows);
      const expected = work.samples.map(({key}) => last.get(key));
      expect((await work.rows()).map((row) => row?.cells.mse)).toStrictEqual(expected);
    }),
    {numRuns: 40},
  );
});

test('keys with quotes, line breaks, lone surrogates and what else a file name may hold', async () => {
  const keys = ['a b', '"q" \\', 'two\nlines', 'Zürich/雨', '\ud800', '', ' ', '__proto__', '1'];
  const work = new Journaled(keys);
  await work.run(keys.map((key) => work.entry(key)));
  expect(keysOf(await work.rows())).toEqual(work.samples.map(({key}) => key));
});

test('rows of samples that are there no more are passed over, new samples have none, groups are those of now', async () => {
  const work = new Journaled(KEYS);
  await work.run(KEYS.map((key) => work.entry(key, {group: 'then'})));
  const [a, , c] = work.samples as [Sample, Sample, Sample];
  const samples = [{...a, group: 'now'}, {...a, key: 'bb'}, c];
  const rows = await work.rows({samples});
  expect(rows.map((row) => row && [row.key, row.group])).toEqual([['a', 'now'], null, ['c', undefined]]);
});

test('rows longer than what is read at once', async () => {
  const work = new Journaled(KEYS);
  const reason = 'x'.repeat(3 << 20);
  await work.run([work.entry('a'), work.entry('b', {status: 'failed', reason}), work.entry('c')]);
  const rows = await work.rows();
  expect(keysOf(rows)).toEqual(KEYS);
  expect(rows[1]?.reason).toBe(reason);
});

describe('a damaged journal', () => {
  test('a line in the middle that was changed is computed anew, the others are not', async () => {
    const work = new Journaled(KEYS);
    await work.run(KEYS.map((key) => work.entry(key)));
    const lines = readFileSync(work.path, 'utf8').split('\n');
    writeFileSync(work.path, lines.map((line, i) => (i === 2 ? line.replace('0.1', '0.7') : line)).join('\n'));
    expect(keysOf(await work.rows())).toEqual(['a', null, 'c']);
  });

  test('cut at any byte: whole rows are there, and the journal goes on', async () => {
    const work = new Journaled(KEYS);
    await work.run(KEYS.map((key) => work.entry(key)));
    const whole = readFileSync(work.path);
    const ends = KEYS.map(
      (_, i) =>
        whole
          .toString('latin1')
          .split('\n')
          .slice(0, i + 2)
          .join('\n').length + 1,
    );
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(work.path, whole.subarray(0, length));
      const expected = KEYS.filter((_, i) => length >= (ends[i] as number));
      const journal = await work.open();
      expect(journal.kept).toBe(expected.length);
      await journal.append([work.entry('c')]);
      await journal.close();
      expect(keysOf(await work.rows()).filter((key) => key !== null)).toEqual([...new Set([...expected, 'c'])]);
    }
  });

  test.each(['', '\0'.repeat(5000)])(
    'of nothing but %j, as a power loss leaves it, is begun again',
    async (content) => {
      const work = new Journaled(KEYS);
      writeFileSync(work.path, content);
      await work.run([work.entry('a')]);
      expect(keysOf(await work.rows())).toEqual(['a', null, null]);
    },
  );
});

test.each([
  'mine',
  'mine\n',
  'cbf43926 123456789\n',
  '{"journal":"cv-loss-journal/1"}\n',
  '00000000 {"journal":"cv-loss-journal/2"',
  '\ufeff\0',
])(
  'a file of somebody else with the content %j is refused, whatever --resume says, and stays as it is',
  async (content) => {
    const work = new Journaled(KEYS);
    writeFileSync(work.path, content);
    for (const resume of ['auto', 'never', 'require'] as const) {
      await expect(work.open({resume})).rejects.toMatchObject({
        name: 'UsageError',
        message: 'report/rows.journal is no journal of this version of cv-loss; remove it, or choose another --report',
      });
      expect(readFileSync(work.path, 'utf8')).toBe(content);
    }
  },
);

describe('what decides rows has changed', () => {
  const identity = {...IDENTITY, version: '2', 'config.image': {}};
  const difference =
    'an interrupted run left rows in report/rows.journal, but what decides them has changed (version, config.image)';

  test('all are computed anew, and the notice names it', async () => {
    const work = new Journaled(KEYS);
    await work.run([work.entry('a')]);
    expect(keysOf(await work.rows({identity}))).toEqual([null, null, null]);
    expect(work.notices).toEqual([`${difference}: all are computed anew [CVL-W010]`]);
    expect(keysOf(await work.rows())).toEqual([null, null, null]);
  });

  test('require: refused, and the rows stay', async () => {
    const work = new Journaled(KEYS);
    await work.run([work.entry('a')]);
    await expect(work.open({identity, resume: 'require'})).rejects.toMatchObject({
      name: 'UsageError',
      message: `--resume require: ${difference}`,
    });
    expect(keysOf(await work.rows())).toEqual(['a', null, null]);
  });
});

describe('--resume', () => {
  test('never computes all, without a word', async () => {
    const work = new Journaled(KEYS);
    await work.run([work.entry('a')]);
    expect(keysOf(await work.rows({resume: 'never'}))).toEqual([null, null, null]);
    expect(work.notices).toEqual([]);
  });

  test('require where nothing is: refused, and nothing is left', async () => {
    const work = new Journaled(KEYS);
    const refused = {name: 'UsageError', message: '--resume require: report/rows.journal holds nothing to go on with'};
    await expect(work.open({resume: 'require'})).rejects.toMatchObject(refused);
    expect(existsSync(work.path)).toBe(false);
    await work.run([]);
    await expect(work.open({resume: 'require'})).rejects.toMatchObject(refused);
  });

  test('require where rows are', async () => {
    const work = new Journaled(KEYS);
    await work.run([work.entry('a')]);
    expect(keysOf(await work.rows({resume: 'require'}))).toEqual(['a', null, null]);
  });
});

describe('a file of a row', () => {
  /** What a journal has of sample a, after something happened to its prediction. */
  async function rowAfter(change: (pred: string, work: Journaled) => void, readAfter?: number): Promise<Row | null> {
    const work = new Journaled(['a']);
    await work.run([work.entry('a', {}, readAfter)]);
    change(work.samples[0]?.files.pred as string, work);
    const [row] = await work.rows();
    return row ?? null;
  }

  test.each<[string, boolean, (pred: string, work: Journaled) => void]>([
    ['untouched', true, () => undefined],
    ['touched only', true, (pred) => utimesSync(pred, 1, 1)],
    [
      'replaced by the same bytes',
      true,
      (pred) => {
        copyFileSync(pred, `${pred}.new`);
        renameSync(`${pred}.new`, pred);
      },
    ],
    ['of other bytes, as many', false, (pred) => writeFileSync(pred, 'PRED of 0')],
    ['of more bytes', false, (pred) => writeFileSync(pred, 'pred of 0 ')],
    ['removed', false, (pred) => rmSync(pred)],
  ])('%s: kept %s', async (_, kept, change) => {
    expect((await rowAfter(change)) !== null).toBe(kept);
    expect((await rowAfter(change, 0)) !== null).toBe(kept);
  });

  test('of a role that the row was not made of, or of one less', async () => {
    const work = new Journaled(['a']);
    await work.run([work.entry('a')]);
    const [a] = work.samples as [Sample];
    const weight = work.file('weight', 'weight');
    const roles = new Set(['pred', 'target', 'weight']);
    const more = [{...a, files: {...a.files, weight}}];
    expect(await work.rows({samples: more, roles})).toEqual([null]);
    expect(keysOf(await work.rows({samples: more}))).toEqual(['a']);
    expect(await work.rows({roles: new Set(['pred'])})).toEqual([null]);
  });

  test('of several files: all of them, in their order', async () => {
    const work = new Journaled(['a']);
    const parts = ['1', '2'].map((name) => work.file(name, `part ${name}`));
    const {row, files} = work.entry('a');
    const both = work.file('both', 'part 1part 2');
    const states = parts.map(() => [0, 0, 0, 0] as const);
    await work.run([{row: {...row, sha256: {...row.sha256, pred: sha256Of(both)}}, files: {...files, pred: states}}]);
    const [a] = work.samples as [Sample];
    const of = (pred: readonly string[]) => work.rows({samples: [{...a, files: {...a.files, pred}}]});
    expect(keysOf(await of(parts))).toEqual(['a']);
    expect(await of([...parts].reverse())).toEqual([null]);
    expect(await of(parts.slice(0, 1))).toEqual([null]);
  });
});

test.each([
  ['unreadable-file: pred: files/a.png cannot be read (EIO)', false],
  ['out-of-memory: ssim: too large', false],
  ['timeout: pred: took over 60 s', false],
  ['loss-failed: mse: broken; out-of-memory: ssim: too large', false],
  ['decode-failed: pred: files/a.png: damaged', true],
  ['loss-failed: mse: broken; undefined-value: ssim: out-of-memory', true],
])('a row that failed with %j is kept: %s', async (reason, kept) => {
  const work = new Journaled(['a']);
  await work.run([work.entry('a', {status: 'failed', reason})]);
  const journal = await work.open();
  expect((await journal.row(work.samples[0] as Sample, 0)) !== null).toBe(kept);
  expect(journal.kept).toBe(kept ? 1 : 0);
  await journal.close();
});

test('a failure at the N-th file-system call, for every N: rows that were acknowledged are there', async () => {
  const work = new Journaled(KEYS);
  let failures = 0;
  for (let failing = 0; ; failing++) {
    rmSync(work.path, {force: true});
    await work.run([work.entry('a')]);
    let calls = 0;
    const watch = watchFileSystem(() => {
      if (calls++ === failing) throw systemError('EIO');
    });
    const acknowledged = ['a'];
    const journal = await work.open().catch((error: unknown) => error as Error);
    if (journal instanceof Error) failures++;
    else {
      for (const key of ['b', 'c']) {
        await journal.append([work.entry(key)]).then(
          () => acknowledged.push(key),
          (error: unknown) => {
            failures++;
            expect(error).toMatchObject({name: 'RunError', code: 'write-failed'});
          },
        );
      }
      await journal.close();
    }
    watch.release();
    expect(keysOf(await work.rows())).toEqual(expect.arrayContaining(acknowledged));
    if (calls <= failing) break;
  }
  expect(failures).toBeGreaterThan(5);
});
