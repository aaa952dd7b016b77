import {copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {evaluate} from 'cv-loss';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {journalLine} from '../../src/journal/line.js';
import {contentsOf, interrupted} from './interrupting.js';
import {photoDataset, runArgs, type SplitDataset} from './split-datasets.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
let photos: SplitDataset;

/** Scores a shard in this process. */
async function shard(dir: string, index: number, count: number, config: object = {}): Promise<void> {
  const written = work.json(photos.config) as object;
  await evaluate({...written, ...config, report: {dir}}, {cwd: work.path(), shard: {index, count}});
}

beforeAll(async () => {
  photos = await photoDataset(work, 24);
  for (const index of [1, 2, 3]) await shard(`s${index}`, index, 3);
});

/** The lines that a refused command printed; nothing else was. */
async function refusal(...args: readonly string[]): Promise<string[]> {
  const {code, stdout, stderr} = await work.run(args);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  return stderr.trimEnd().split('\n');
}

describe('merge refuses', () => {
  const merged = (...dirs: readonly string[]) => refusal('merge', ...dirs, '--report', 'merged');

  test('a missing shard, one that is there twice, and what is none, with a line for each', async () => {
    expect(await merged('s1', 's3')).toEqual(['cv-loss: missing shard: 2/3']);
    expect(await merged('s1', 's3', './s1')).toEqual([
      'cv-loss: shard 1/3 is there twice: s1 and s1',
      'cv-loss: missing shard: 2/3',
    ]);
    await work.run(runArgs(photos, 'report'));
    expect(await merged('s1', 'report', 'nowhere')).toEqual([
      'cv-loss: report holds no finished shard (shard.jsonl); run it with eval --shard',
      'cv-loss: nowhere holds no finished shard (shard.jsonl); run it with eval --shard',
    ]);
    expect(await refusal('merge')).toEqual(["cv-loss: missing required argument 'shard'; --help describes it"]);
    expect(work.contents()).not.toContain('work/merged');
  });

  test('a shard that is not finished', async () => {
    work.write(
      'long.csv',
      `key,pred,target\n${Array.from({length: 900}, (_, i) => `${i},photos/pred/1.png,photos/target/1.png`).join('\n')}\n`,
    );
    const args = runArgs(photos, 'unfinished', '--pairs', 'long.csv', '--shard', '1/2');
    await interrupted(work, {args, report: 'unfinished', rows: 16}, 'SIGINT');
    expect(await merged('unfinished', 's2', 's3')).toEqual([
      'cv-loss: unfinished holds no finished shard (shard.jsonl); run it with eval --shard',
    ]);
  });

  test('shards of another config, split or dataset', async () => {
    await shard('other', 2, 3, {losses: ['mse']});
    expect(await merged('s1', 'other', 's3')).toEqual([
      'cv-loss: other and s1 are not of one run: they differ in columns, config.losses',
    ]);
    await shard('other-split', 2, 4);
    expect(await merged('s1', 'other-split', 's3')).toEqual(['cv-loss: other-split is shard 2/4, s1 is shard 1/3']);
    const lines = work.read('photos.csv').split('\n');
    writeFileSync(work.path('photos.csv'), lines.filter((_, i) => i !== 4).join('\n'));
    await shard('fewer', 2, 3);
    writeFileSync(work.path('photos.csv'), lines.join('\n'));
    expect(await merged('s1', 'fewer', 's3')).toEqual([
      'cv-loss: fewer and s1 saw different samples (23 and 24); run them on the same files',
    ]);
  });

  test('shards of another version or device, and damaged ones', async () => {
    /** A copy of a shard with another header or other text. */
    const copied = (name: string, change: (lines: string[]) => string[]) => {
      cpSync(work.path('s2'), work.path(name), {recursive: true});
      const path = work.path(name, 'shard.jsonl');
      writeFileSync(path, change(readFileSync(path, 'utf8').split('\n')).join('\n'));
    };
    const headed = (name: string, identity: object) =>
      copied(name, ([head = '', ...rest]) => {
        const header = JSON.parse(head.slice(9)) as {identity: object};
        return [journalLine({...header, identity: {...header.identity, ...identity}}).trimEnd(), ...rest];
      });
    headed('old', {version: '0.0.1'});
    expect(await merged('s1', 'old', 's3')).toEqual([
      expect.stringMatching(/^cv-loss: old is of cv-loss 0\.0\.1, this is \d+\.\d+\.\d+; merge with the same$/),
    ]);
    headed('gpu', {device: {name: 'tensorflow', gpu: true, versions: {}}});
    expect(await merged('s1', 'gpu', 's3')).toEqual(['cv-loss: gpu and s1 are not of one run: they differ in device']);
    copied('damaged', (lines) => lines.map((line, i) => (i === 3 ? line.replace('photo', 'fhoto') : line)));
    expect(await merged('s1', 'damaged', 's3')).toEqual([
      'cv-loss: damaged/shard.jsonl:4: the shard is damaged, run it again',
    ]);
    copied('cut', (lines) => lines.slice(0, -2));
    expect((await merged('s1', 'cut', 's3')).join()).toMatch(
      /^cv-loss: cut\/shard\.jsonl:\d+: the shard is damaged, run it again$/,
    );
    copied('none', () => ['no shard', '']);
    expect(await merged('s1', 'none', 's3')).toEqual([
      'cv-loss: none/shard.jsonl is no shard that this version of cv-loss reads; run the shard again',
    ]);
    expect(work.contents()).not.toContain('work/merged');
  });

  test('a report directory that is one of the shards', async () => {
    const before = contentsOf(work, 's1');
    expect(await refusal('merge', 's1', 's2', 's3', '--report', 's1')).toEqual([
      'cv-loss: s1 is one of the shards; give the report another directory',
    ]);
    expect(contentsOf(work, 's1')).toEqual(before);
  });

  test('a loss of a plugin without its plugin, or with another', async () => {
    mkdirSync(work.path('node_modules'));
    symlinkSync(fileURLToPath(new URL('../../', import.meta.url)), work.path('node_modules/cv-loss'));
    const code = (summary: string) => `
import {defineLoss, toView, viewOptions, z} from 'cv-loss';
export default defineLoss({
  id: 'wide', family: 'own', better: 'lower', summary: '${summary}', formula: 'w', reference: 'none',
  undefinedWhen: 'never', inputs: {pred: 'pixels', target: 'pixels'}, objective: 'itself',
  options: z.strictObject({...viewOptions}),
  create: (options) => ({
    columns: [{part: '', better: 'lower'}], memory: () => 1, view: toView(options),
    perSample: async ({samples}) => ({'': samples.map((sample) => sample.view('pred').width)}),
  }),
});
`;
    work.write('width.mjs', code('Width'));
    const own = ['--plugin', 'width.mjs', '--losses', 'wide', '--pairs', 'photos.csv', '--quiet'];
    for (const index of [1, 2]) {
      const args = ['eval', ...own, '--shard', `${index}/2`, '--report', `own-${index}`];
      expect(await work.run(args)).toMatchObject({code: 3});
    }
    expect(await refusal('merge', 'own-1', 'own-2')).toEqual([
      "cv-loss: loss 'wide' is of the type 'wide', which is not built in; name its --plugin",
    ]);
    expect(await work.run(['merge', 'own-1', 'own-2', '--plugin', 'width.mjs', '--report', 'own'])).toMatchObject({
      code: 3,
    });
    await work.run(['eval', ...own, '--report', 'own-whole']);
    expect(contentsOf(work, 'own')).toEqual(contentsOf(work, 'own-whole'));
    work.write('changed.mjs', code('Another'));
    expect(await refusal('merge', 'own-1', 'own-2', '--plugin', 'changed.mjs')).toEqual([
      'cv-loss: --plugin changed.mjs: is no plugin that the shards were run with',
    ]);
  });
});

describe('eval --shard refuses', () => {
  const sharded = (shard: string, ...args: readonly string[]) =>
    refusal(...runArgs(photos, 'x'), '--shard', shard, ...args);

  test.each(['0/3', '4/3', 'x', '1', '3/', '-1/3', '1/0', '1/1000000'])('--shard %s', async (text) => {
    const flag = `--shard=${text}`;
    expect(await refusal(...runArgs(photos, 'x'), flag)).toEqual([
      `cv-loss: --shard ${text}: expected I/N, from 1/N to N/N, such as 3/16`,
    ]);
  });

  test('what a shard cannot have: a printed report, annotations, a baseline, no directory', async () => {
    expect(await sharded('1/3', '--json')).toEqual([
      "cv-loss: option '--shard <i/n>' cannot be used with option '--json'",
    ]);
    expect(await sharded('1/3', '--github')).toEqual([
      "cv-loss: option '--shard <i/n>' cannot be used with option '--github'",
    ]);
    expect(await sharded('1/3', '--baseline', 'b')).toEqual([
      "cv-loss: option '--shard <i/n>' cannot be used with option '--baseline <dir>'",
    ]);
    expect(await refusal('eval', '--config', photos.config, '--no-report', '--shard', '1/3')).toEqual([
      'cv-loss: --shard writes its rows into the report directory; leave out --no-report',
    ]);
  });

  test('a directory that holds another shard of as many; the same one is scored again', async () => {
    const before = contentsOf(work, 's2');
    expect(await refusal(...runArgs(photos, 's2'), '--shard', '1/3')).toEqual([
      'cv-loss: s2 holds shard 2/3; give each shard a --report of its own',
    ]);
    expect(contentsOf(work, 's2')).toEqual(before);
    expect(await work.run([...runArgs(photos, 's2'), '--shard', '2/3'])).toMatchObject({code: photos.code});
    expect(contentsOf(work, 's2')).toEqual(before);
  });

  test('tasks whose rows need the whole set, and series', async () => {
    work.write('e.csv', 'key,label,v0\na,x,1\nb,x,2\nc,y,4\n');
    expect(await refusal('eval', '--embeddings', 'e.csv', '--losses', 'triplet', '--shard', '1/2')).toEqual([
      'cv-loss: --shard is for tasks of images: a row of task embedding needs the whole set',
    ]);
    mkdirSync(work.path('epochs/1'), {recursive: true});
    mkdirSync(work.path('truth'), {recursive: true});
    for (const file of ['epochs/1/a.png', 'truth/a.png']) copyFileSync(work.path(photos.target), work.path(file));
    expect(await refusal('eval', '--series', 'epochs/*', '--target', 'truth', '--shard', '1/2')).toEqual([
      'cv-loss: --shard is for one set of predictions: score the sets of a series one by one',
    ]);
    work.write('series.yaml', 'series: epochs/*\ninputs: {target: truth}');
    expect(await refusal('eval', '--config', 'series.yaml', '--profile')).toEqual([
      'cv-loss: --profile is for one set of predictions: score the sets of a series one by one',
    ]);
  });
});
