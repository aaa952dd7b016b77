import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const FOLDERS = ['--pred', 'pred', '--target', 'target'];

beforeAll(async () => {
  for (const key of ['a', 'b']) {
    await work.image(`pred/${key}.png`, noise(1, 12, 12));
    await work.image(`target/${key}.png`, noise(2, 12, 12));
  }
  for (const key of ['b', 'c', 'd']) await work.image(`other/${key}.png`, noise(3, 12, 12));
  for (const name of ['a.png', 'a.jpg', 'b.png']) await work.image(`twice/${name}`, noise(3, 12, 12));
  await work.image('one.png', noise(1, 12, 12));
  await work.image('lonely/z.png', noise(1, 12, 12));
  work.write('e.csv', 'key,label,v0\nann/1,ann,1\nann/2,ann,2\nbob/1,bob,4\n');
  work.write('empty/notes.txt', 'no images here');
});

/** Expects exit code 2, one line on standard error and nothing else, anywhere. */
async function expectRefusal(args: readonly string[], line: string | RegExp, input?: string): Promise<void> {
  const before = work.contents();
  const {code, stdout, stderr} = await work.run(args, {input});
  expect(stderr).toMatch(line);
  expect(stderr).toMatch(/^cv-loss: .*\n$/);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(work.contents()).toEqual(before);
}

describe.concurrent('commands and flags', () => {
  test.each<[readonly string[], string | RegExp]>([
    [['frobnicate'], "cv-loss: unknown command 'frobnicate'; --help lists them\n"],
    [['evl'], "cv-loss: unknown command 'evl' (Did you mean eval?)\n"],
    [['eval', '--prd', 'x'], "cv-loss: unknown option '--prd' (Did you mean --pred?)\n"],
    [['eval', '--pred'], "cv-loss: option '--pred <path>' argument missing\n"],
    [
      ['eval', 'pred', 'target'],
      "cv-loss: too many arguments for 'eval'. Expected 0 arguments but got 2. Quote globs ('out/*.png'), join lists with commas (mse,ssim).\n",
    ],
    [['nothing', 'more'], "cv-loss: unknown command 'nothing'; --help lists them\n"],
    [['help', 'nothing'], "cv-loss: unknown command 'nothing'; --help lists them\n"],
    [['help', 'evl'], "cv-loss: unknown command 'evl' (Did you mean eval?)\n"],
    [['models', 'help', 'pul'], "cv-loss: unknown command 'pul' (Did you mean pull?)\n"],
    [
      ['eval', ...FOLDERS, '--resume', 'require', '--no-report'],
      'cv-loss: --resume require: rows are kept in the directory of the report, and there is none\n',
    ],
    [
      ['eval', '--task', 'embedding', '--embeddings', 'e.csv', '--resume', 'require', '--report', 'sets'],
      'cv-loss: --resume require: rows are kept of samples, and a task of whole sets has none to go on with\n',
    ],
    [['eval', ...FOLDERS, '--max-memory', '0'], "--max-memory: expected a size such as 4GiB or 500MB, got '0'\n"],
    [['eval', '--config', ''], "cv-loss: config: expected the name of a file, got ''\n"],
    [
      ['eval', ...FOLDERS, '--shards', '3'],
      'cv-loss: --shards is for runs that --queue shares out: give --queue, or leave it out\n',
    ],
    [['eval', ...FOLDERS, '--shared', 'x'], 'cv-loss: --shared is for runs that --queue shares out'],
    [['eval', '--nothing'], "cv-loss: unknown option '--nothing'; --help lists them\n"],
    [['completion'], "cv-loss: missing required argument 'shell'; --help describes it\n"],
    [['completion', 'tcsh'], "cv-loss: argument 'shell' is 'tcsh'. Allowed choices are bash, zsh, fish.\n"],
    [['view', 'one.png'], 'cv-loss: one.png is a file; expected the directory of a report, which holds report.json\n'],
    [
      ['compare', 'one.png', 'pred'],
      'cv-loss: one.png/report.json: expected a report; the directory that holds it is to be named, not a file\n',
    ],
    [['eval', ...FOLDERS, '--batch-size', '0'], 'Expected at least 1.\n'],
    [['eval', ...FOLDERS, '--worst', '-1'], 'Expected a whole number from 0 to 999999.\n'],
    [['eval', ...FOLDERS, '--input', 'weight'], 'Expected role=value, such as weight=weights/ or pred={key}_sr.\n'],
    [['eval', ...FOLDERS, '--match', '=x'], 'Expected role=value'],
  ])('%j', (args, line) => expectRefusal(args, line));
});

describe.concurrent('values of flags, named by their flag', () => {
  test.each<[readonly string[], string | RegExp]>([
    [['--device', 'gpu'], "cv-loss: --device: expected auto, cpu, tensorflow or webgpu, got 'gpu'\n"],
    [
      ['--device', 'tensorflow'],
      'cv-loss: --device tensorflow: TensorFlow is not set up; run cv-loss setup tensorflow (with a GPU: --gpu), or use --device cpu\n',
    ],
    [
      ['--task', 'masks'],
      "cv-loss: --task: expected photo, mask, cycle, embedding or adversarial, got 'masks'; did you mean 'mask'?\n",
    ],
    [['--losses', 'msee'], /^cv-loss: --losses: unknown loss 'msee', expected mse, .*; did you mean 'mse'\?\n/],
    [['--losses', ''], /^cv-loss: --losses: .*expected a list that is not empty/],
    [
      ['--report-format', 'xml'],
      /^cv-loss: --report-format: .*expected csv, jsonl, parquet, json, html, junit, .*, got 'xml'/,
    ],
    [['--match', 'pred=x'], /^cv-loss: --match: .*expected a pattern that contains \{key\}, got 'x'/],
    [['--input', 'wieght=one.png'], /^cv-loss: --input: unknown key 'wieght' .*; did you mean 'weight'\?/],
    [['--input', 'instances=one.png'], /no loss of this config reads the role 'instances'.*weighted-cross-entropy/],
    [['--group-by', '{fold}'], 'expected one of {dir}, {key}, got "{fold}"; other names are columns of a manifest'],
    [['--limit', '1%'], "cv-loss: --baseline: missing 'baseline.dir', expected the directory of an earlier report\n"],
    [['--set', 'gates=null'], 'cv-loss: --set gates=null: expected a map, got null; or leave the key out\n'],
    [['--set', 'losses=null'], 'cv-loss: --set losses=null: expected a list, got null; or leave the key out\n'],
    [['--set', 'report=null'], 'cv-loss: --set report=null: expected a map, got null; or leave the key out\n'],
    [
      ['--set', 'gates.undefined.max=0'],
      'cv-loss: --set gates.undefined.max=0: expected the bounds of an aggregate, as in gates: {mse: {mean: {max: 0.01}}}, got 0\n',
    ],
    [['--set', 'nonsense'], 'cv-loss: --set nonsense: expected path=value, such as losses.0.weight=2\n'],
    [['--set', 'losses.9.weight=2'], 'losses has 4 entries, the last is 3'],
    [['--set', 'losses.psnr.weight=2'], 'psnr cannot carry a weight'],
    [['--set', 'shard.mse=1'], "cv-loss: --set shard.mse=1: unknown key 'shard'"],
  ])('%j', (flags, line) => expectRefusal(['eval', ...FOLDERS, ...flags], line));
});

describe.concurrent('inputs', () => {
  test.each<[readonly string[], string | RegExp]>([
    [['--pred', 'pred'], "cv-loss: loss 'mse' needs target: give --target or inputs.target\n"],
    [['--pred', 'nowhere', '--target', 'target'], /^cv-loss: pred: cannot read .*nowhere: no such file or directory/],
    [['--pred', 'empty', '--target', 'empty'], /^cv-loss: pred: no image files in .*empty/],
    [['--pred', 'one.png', '--target', 'target'], 'expected directories for both, or one file for both'],
    [['--pairs', 'nowhere.csv'], /^cv-loss: cannot read the manifest .*nowhere\.csv: no such file/],
    [
      ['--pred', 'pred', '--target', 'other'],
      'cv-loss: the inputs do not pair: 1 key of pred not in target (a); 2 keys of target not in pred (c, d); to leave out what has no partner, use --allow-missing\n',
    ],
    [['--pred', 'twice', '--target', 'target'], /a\.jpg.*a\.png/],
  ])('%j', (flags, line) => expectRefusal(['eval', ...flags], line));

  test('no key in common is refused, whatever is allowed', () =>
    expectRefusal(
      ['eval', '--pred', 'lonely', '--target', 'target', '--allow-missing'],
      /^cv-loss: the inputs do not pair: no key is in all of pred, target/,
    ));

  test('both folders are missing: a line for each', async () => {
    const {code, stderr} = await work.run(['eval']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "cv-loss: loss 'mse' needs pred: give --pred or inputs.pred\ncv-loss: loss 'mse' needs target: give --target or inputs.target\n",
    );
  });

  test('a manifest on standard input with a row that names no file', () =>
    expectRefusal(
      ['eval', '--pairs', '-'],
      /^cv-loss: standard input: 1 file cannot be used: line 3, pred: .*lost\.png: no such file/,
      'pred,target\npred/a.png,target/a.png\npred/lost.png,target/b.png\n',
    ));
});

test('a folder without permission', async () => {
  await work.image('locked/a.png', noise(1, 12, 12));
  await work.shell('chmod 000 locked');
  try {
    const {code, stdout, stderr} = await work.run(['eval', '--pred', 'locked', '--target', 'target'], {
      unprivileged: true,
    });
    expect(stderr).toBe(`cv-loss: cannot read the directory ${work.path('locked')}: permission denied (EACCES)\n`);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
  } finally {
    await work.shell('chmod 755 locked');
  }
});

test('a report that cannot be written where it should go, known before anything is computed', async () => {
  work.write('file', 'in the way');
  await expectRefusal(['eval', ...FOLDERS, '--report', 'file'], /^cv-loss: cannot write .*file/);
  await expectRefusal(['eval', ...FOLDERS, '--report', 'file/report'], /^cv-loss: cannot write .*file\/report/);
});
