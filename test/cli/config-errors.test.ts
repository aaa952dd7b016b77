import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {cell} from './rows.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const INPUTS = 'inputs: {pred: pred.png, target: target.png}\n';

beforeAll(async () => {
  await work.image('pred.png', noise(1, 12, 12));
  await work.image('target.png', noise(2, 12, 12));
});

/** Runs a config that must be refused: exit code 2, a line for each mistake, nothing written. */
async function refusal(name: string, config: string | Uint8Array): Promise<string> {
  work.write(name, config);
  const before = work.contents();
  const {code, stdout, stderr} = await work.run(['eval', '--config', name]);
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(work.contents()).toEqual(before);
  for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^cv-loss: /);
  return stderr;
}

describe('what a config gets wrong, with its place', () => {
  test.each([
    [
      'losses:\n  - type: ssim\n    colour: luma8\n',
      /^cv-loss: c\.yaml:4:5: unknown key 'colour' in losses\.0, .*; did you mean 'color'\?\n$/,
    ],
    ['losses: [msee]\n', /^cv-loss: c\.yaml:2:10: unknown loss 'msee', .*; did you mean 'mse'\?\n$/],
    ['losses: [mse, mae, mse]\n', /^cv-loss: c\.yaml:2:20: duplicate id 'mse', losses\.0 has it already/],
    [
      'losses: [{type: mse, weight: .nan}]\n',
      /^cv-loss: c\.yaml:2:30: losses\.0\.weight: expected a finite number, got NaN\n$/,
    ],
    ['losses: [toString]\n', /^cv-loss: c\.yaml:2:10: unknown loss 'toString'/],
    ['__proto__: {x: 1}\n', /^cv-loss: c\.yaml:2:1: unknown key '__proto__'/],
    ['losses: [mse\n', /^cv-loss: c\.yaml:\d+:\d+: not YAML: /],
  ])('%j', async (config, line) => {
    expect(await refusal('c.yaml', INPUTS + config)).toMatch(line);
  });

  test('JSON has the same places', async () => {
    const stderr = await refusal('c.json', '{\n  "losses": [\n    {"type": "mse", "wieght": 2}\n  ]\n}\n');
    expect(stderr).toMatch(/^cv-loss: c\.json:3:21: unknown key 'wieght' in losses\.0, .*; did you mean 'weight'\?\n$/);
  });
});

test('keys that no release has built yet are refused, each in its place', async () => {
  const keys = ['queue', 'shard'];
  const lines = (await refusal('c.yaml', `${INPUTS}${keys.map((key) => `${key}: {}\n`).join('')}`))
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => line.slice(0, line.indexOf(', expected')))).toEqual(
    keys.map((key, i) => `cv-loss: c.yaml:${i + 2}:1: unknown key '${key}'`),
  );
});

describe('a hostile config', () => {
  const nine = (name: string) => `[${Array(9).fill(name).join(', ')}]`;
  const bomb = [
    'a: &a [x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, i) => `${key}: &${key} ${nine(`*${'abcdefg'[i]}`)}`),
  ];
  test.each<[string, string | Uint8Array, RegExp]>([
    ['over 1 MiB', `# ${'x'.repeat(2 ** 20)}\n${INPUTS}`, /^cv-loss: c\.yaml: over 1 MiB, which no config is\n$/],
    [
      'aliases that multiply',
      `${bomb.join('\n')}\n`,
      /^cv-loss: c\.yaml:\d+:\d+: too much for a config: .*aliases counted\n$/,
    ],
    ['no text', Uint8Array.of(0xff, 0xfe, 0, 1, 2, 3), /^cv-loss: c\.yaml: not UTF-8 text, expected YAML or JSON\n$/],
    ['a newline in a key', '"a\\nb": 1\n', /^cv-loss: c\.yaml:1:1: unknown key 'a\\u000ab'.*\n$/],
  ])('%s', async (_, config, line) => {
    expect(await refusal('c.yaml', config)).toMatch(line);
  });
});

test('a config that is not there', async () => {
  const {code, stderr} = await work.run(['eval', '--config', 'lost.yaml']);
  expect({code, stderr}).toEqual({code: 2, stderr: 'cv-loss: lost.yaml: cannot be read: no such file\n'});
});

describe('where a config comes from', () => {
  const config = `${INPUTS}losses: [{type: mse, id: from-config}]\nreport: {dir: out}\n`;
  const columns = () => work.read('out', 'rows.csv').split('\n')[0]?.split(',').slice(5);

  test.each(['cv-loss.yaml', 'cv-loss.yml', 'cv-loss.json'])('%s in the working directory', async (name) => {
    const {parse} = await import('yaml');
    work.write(name, name.endsWith('.json') ? JSON.stringify(parse(config)) : config);
    try {
      expect(await work.run(['eval', '--quiet'])).toEqual({code: 0, stdout: '', stderr: ''});
      expect(columns()).toEqual(['from-config']);
    } finally {
      await work.shell(`rm ${name}`);
    }
  });

  test('standard input, its paths relative to the working directory', async () => {
    const run = await work.run(['eval', '--quiet', '--config', '-'], {input: config});
    expect(run).toEqual({code: 0, stdout: '', stderr: ''});
    expect(columns()).toEqual(['from-config']);
    const wrong = await work.run(['eval', '--config', '-'], {input: 'loses: [mse]\n'});
    expect(wrong.stderr).toMatch(/^cv-loss: <stdin>:1:1: unknown key 'loses'/);
  });

  test('a file in another folder: its paths are relative to it, those of flags are not', async () => {
    work.write('configs/c.yaml', 'inputs: {pred: ../pred.png, target: lost.png}\nlosses: [mse]\nreport: {dir: here}\n');
    const args = ['eval', '--quiet', '--config', 'configs/c.yaml', '--target', 'target.png'];
    expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
    expect([...work.rows('configs/here').keys()]).toEqual(['pred']);
    expect(await work.run([...args, '--report', 'there'])).toEqual({code: 0, stdout: '', stderr: ''});
    expect([...work.rows('there').keys()]).toEqual(['pred']);
  });

  test('a flag goes before --set, that before the file', async () => {
    work.write('c.yaml', `${INPUTS}losses: [{type: huber, delta: 1}, mae]\nbatch_size: 3\n`);
    const run = (...args: string[]) => work.run(['eval', '--quiet', '--config', 'c.yaml', ...args]);
    expect(await run('--report', 'plain')).toMatchObject({code: 0});
    expect(await run('--set', 'losses.huber.delta=0.01', '--set', 'report.dir=lost', '--report', 'set')).toMatchObject({
      code: 0,
    });
    expect(await run('--losses', 'mse', '--set', 'losses.0.color=luma', '--report', 'flag')).toMatchObject({code: 0});
    const value = (report: string, column: string) => cell(work.rows(report).get('pred'), column);
    expect(value('set', 'huber')).toBeLessThan(value('plain', 'huber') / 5);
    expect(value('set', 'mae')).toBe(value('plain', 'mae'));
    expect(work.contents()).not.toContain('work/lost');
    expect(work.json('flag', 'report.json')).toMatchObject({config: {losses: [{type: 'mse', color: 'luma'}]}});
  });
});
