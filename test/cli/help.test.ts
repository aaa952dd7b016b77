import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

/** The commands that `cv-loss --help` names. */
async function commands(): Promise<string[]> {
  const {stdout} = await work.run(['--help']);
  const [, list = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
}

/** The commands of a help text's examples, without the words beside them. */
function examples(help: string): string[] {
  const [, text = ''] = /\nExamples:\n([\s\S]*)/.exec(help) ?? [];
  return [...text.matchAll(/^ {2}(cv-loss .*?)(?: {3,}.*)?$/gm)].map(([, command = '']) => command);
}

beforeAll(async () => {
  for (const key of [1, 2]) {
    await work.image(`truth/${key}.png`, flat(90, 20, 24));
    await work.image(`out/${key}.png`, noise(key, 20, 24));
    await work.image(`runs/7/${key}_sr.png`, noise(key, 20, 24));
    for (const epoch of [1, 2]) await work.image(`runs/epoch-${epoch}/out/${key}.png`, noise(key + epoch, 20, 24));
  }
  for (const shard of [1, 2]) {
    const args = ['eval', '--pred', 'out', '--target', 'truth', '--quiet', '--shard', `${shard}/2`];
    for (const report of [`shard-${shard}`, `shards/${shard}`]) await work.run([...args, '--report', report]);
  }
  await work.run(['eval', '--pred', 'out', '--target', 'truth', '--quiet', '--report', 'main/report']);
  work.write('pairs.csv', 'pred,target\nout/1.png,truth/1.png\n');
  work.write('faces.npy', readFileSync(fixture('embeddings', 'embeddings.npy')));
  work.write('labels.csv', readFileSync(fixture('embeddings', 'labels.csv')));
  for (const set of ['real', 'fake'])
    work.write(`${set}.csv`, readFileSync(fixture('embeddings', `scores-${set}.csv`)));
});

test('the help names its commands', async () => {
  expect(await commands()).toEqual(expect.arrayContaining(['eval', 'losses', 'schema']));
});

test('no arguments print the help', async () => {
  const [bare, asked] = await Promise.all([work.run([]), work.run(['--help'])]);
  expect(bare).toEqual(asked);
  expect(asked).toMatchObject({code: 0, stderr: '', stdout: expect.stringContaining('Exit codes:')});
});

test('every command has help with examples, asked for in either way', async () => {
  for (const command of await commands()) {
    const [flag, word] = await Promise.all([work.run([command, '--help']), work.run(['help', command])]);
    expect(flag).toMatchObject({code: 0, stderr: ''});
    expect(word).toEqual(flag);
    expect(examples(flag.stdout).length, command).toBeGreaterThan(0);
    for (const example of examples(flag.stdout)) expect(example).toMatch(`cv-loss ${command}`);
    expect(flag.stdout).not.toContain('[]');
  }
});

describe('the examples work', () => {
  test.each([[[]], [['eval']], [['compare']], [['merge']], [['view']], [['losses']], [['schema']]])(
    '%s --help',
    async (command) => {
      const {stdout} = await work.run([...command, '--help']);
      await work.shell('rm -rf cv-loss-report report && cp -r main/report cv-loss-report');
      // Those of a queue need a server: test/queue.
      for (const example of examples(stdout).filter((line) => !line.includes('--queue'))) {
        // The config says where the files are; in the other examples the flags do, and match is for theirs.
        work.write('cv-loss.yaml', example.includes('cv-loss.yaml') ? 'inputs: {pred: out, target: truth}\n' : '{}\n');
        // Noise breaks the gates of the example, as it should.
        const code = example.includes('--gate') ? 1 : 0;
        // No browser opens where tests run, but a program that does as if.
        const run = await work.shell(example, {env: {BROWSER: 'true'}});
        expect(run, example).toMatchObject({code, stderr: ''});
      }
    },
  );
});

test('--version prints the version of package.json', async () => {
  const {default: manifest} = await import('../../package.json', {with: {type: 'json'}});
  expect(await work.run(['--version'])).toEqual({code: 0, stdout: `${manifest.version}\n`, stderr: ''});
});
