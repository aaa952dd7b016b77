import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {Ajv} from 'ajv';
import {afterAll, describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {noise} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

/** A working directory of its own. */
function workspace(): Workspace {
  return new Workspace((cleanUp) => cleanUps.push(cleanUp));
}

/** Copies the first images of a folder of fixtures, under other names where asked. */
function copy(work: Workspace, from: string, to: string, name: (name: string) => string = (same) => same): void {
  mkdirSync(work.path(to), {recursive: true});
  for (const file of readdirSync(fixture(from)).slice(0, 3)) cpSync(fixture(from, file), work.path(to, name(file)));
}

/** Runs `init` and expects it to write a config, then `eval` with it and expects every sample to be scored. */
async function initThenEval(work: Workspace, args: readonly string[] = ['--yes']) {
  const init = await work.run(['init', ...args]);
  expect(init).toMatchObject({code: 0, stdout: ''});
  const run = await work.run(['eval', '--quiet']);
  expect(run).toEqual({code: 0, stdout: '', stderr: ''});
  const {config} = work.json('cv-loss-report', 'report.json') as {config: {losses: {type: string}[]}};
  return {said: init.stderr, text: work.read('cv-loss.yaml'), losses: config.losses.map(({type}) => type)};
}

/** The config with every switched-off key taken in. */
function everyKey(text: string): string {
  return text.replace(/^(\s*)#(?=\S)/gm, '$1');
}

describe.concurrent('the config runs', () => {
  test('photographs', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'out');
    copy(work, 'photos/target', 'truth');
    const {said, text, losses} = await initThenEval(work);
    expect(losses).toEqual(['mse', 'mae', 'psnr', 'ssim']);
    expect(said).toBe(
      [
        'pred: out, 3 files, PNG, 8-bit RGB, 512x512',
        'target: truth, 3 files, PNG, 8-bit RGB, 512x512',
        'pairs: 3, by name',
        'content: images',
        'wrote cv-loss.yaml; next: cv-loss eval',
        'for completion in editors: cv-loss schema > cv-loss.schema.json',
        '',
      ].join('\n'),
    );
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/cv-loss\.schema\.json\n/);
    expect(text).toContain('#- gmsd #');
  });

  test('probabilities against masks', async () => {
    const work = workspace();
    copy(work, 'masks/prob', 'prob');
    copy(work, 'masks/target', 'target');
    const {said, losses} = await initThenEval(work);
    expect(losses).toEqual(['cross-entropy', 'focal', 'weighted-cross-entropy']);
    expect(said).toContain('content: probabilities of 2 classes against masks\n');
  });

  test('masks against masks', async () => {
    const work = workspace();
    copy(work, 'masks/pred', 'pred');
    copy(work, 'masks/target', 'target');
    const {said, losses} = await initThenEval(work);
    expect(losses).toEqual(['dice', 'iou']);
    expect(said).toContain('content: masks of two values on both sides\n');
  });

  test('label maps of several classes', async () => {
    const work = workspace();
    for (const side of ['pred', 'gt']) {
      const ids = Uint8Array.from({length: 400}, (_, i) => i % (side === 'gt' ? 5 : 4));
      await work.image(`${side}/a.png`, {height: 20, width: 20, channels: 1, data: ids});
    }
    const {said, text} = await initThenEval(work);
    expect(said).toContain('content: label maps of 5 classes on both sides\n');
    expect(text).toContain('\nclasses: 5 #');
  });

  test.each([
    ['logits', 'labels'],
    ['probabilities', 'labels'],
    ['binary-logits', 'binary-target'],
    ['binary-probabilities', 'binary-target'],
  ])('arrays of %s against %s', async (pred, target) => {
    const work = workspace();
    const args = ['--pred', fixture('formulas', `${pred}.npy`), '--target', fixture('formulas', `${target}.npy`)];
    const {text, losses} = await initThenEval(work, args);
    expect(losses).toContain('cross-entropy');
    expect(text).toContain(`{ type: cross-entropy, input: ${pred.replace('binary-', '')} }`);
  });

  test('names with a suffix', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'data/results', (name) => name.replace('.png', '_sr.png'));
    copy(work, 'photos/target', 'data/hr');
    const {said, text} = await initThenEval(work);
    expect(said).toContain('pairs: 3, pred {key}_sr\n');
    expect(parse(text)).toMatchObject({
      inputs: {pred: 'data/results', target: 'data/hr'},
      match: {pred: '{key}_sr'},
    });
  });

  test('names with a pattern that is told', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'out', (name) => `epoch7-${name}`);
    copy(work, 'photos/target', 'gt', (name) => `truth-${name}`);
    const match = ['--match', 'pred=epoch7-{key}', '--match', 'target=truth-{key}'];
    const {text} = await initThenEval(work, ['--pred', 'out', '--target', 'gt', ...match]);
    expect(parse(text)).toMatchObject({match: {pred: 'epoch7-{key}', target: 'truth-{key}'}});
  });

  test('two files', async () => {
    const work = workspace();
    await work.image('a.png', noise(1, 20, 20));
    await work.image('b.png', noise(2, 20, 20));
    const {said} = await initThenEval(work, ['--pred', 'a.png', '--target', 'b.png']);
    expect(said).toContain('pairs: 1, as given\n');
  });

  test('hostile names of folders', async () => {
    const work = workspace();
    for (const folder of ['- "a" #b: {c}', "true'\n"]) await work.image(`${folder}/x.png`, noise(1, 20, 20));
    const {said} = await initThenEval(work, ['--pred', '- "a" #b: {c}', '--target', "true'\n"]);
    expect(said).toContain("target: true'\\n, 1 file,");
  });

  test('images smaller than the window of SSIM: only what is defined', async () => {
    const work = workspace();
    for (const side of ['out', 'gt']) await work.image(`${side}/a.png`, noise(side.length, 8, 30));
    const {losses} = await initThenEval(work);
    expect(losses).toEqual(['mse', 'mae', 'psnr']);
  });

  test('a config elsewhere: paths are relative to it', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'out');
    copy(work, 'photos/target', 'gt');
    mkdirSync(work.path('configs/deep'), {recursive: true});
    const {code, stderr} = await work.run(['init', '--yes', '--output', 'configs/deep/photos.yaml']);
    expect(code).toBe(0);
    expect(stderr).toContain('wrote configs/deep/photos.yaml; next: cv-loss eval --config configs/deep/photos.yaml\n');
    expect(stderr).toContain('cv-loss schema > configs/deep/cv-loss.schema.json\n');
    expect(parse(work.read('configs/deep/photos.yaml'))).toMatchObject({
      inputs: {pred: '../../out', target: '../../gt'},
    });
    expect(await work.run(['eval', '--config', 'configs/deep/photos.yaml', '--quiet'])).toMatchObject({code: 0});
  });

  test('on standard output, and from there into eval', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'data/out');
    copy(work, 'photos/target', 'data/gt');
    const {code, stdout} = await work.shell(
      'cv-loss init data --yes --output - | cv-loss eval --config - --json --no-report',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({counts: {ok: 3}});
    expect(work.contents().filter((name) => name.endsWith('.yaml'))).toEqual([]);
  });
});

describe.concurrent('keys that are switched off', () => {
  test.each<[string, string, string]>([
    ['photographs', 'photos/pred', 'photos/target'],
    ['probabilities', 'masks/prob', 'masks/target'],
    ['masks', 'masks/pred', 'masks/target'],
  ])('are valid when they are taken in: %s', async (_, pred, target) => {
    const work = workspace();
    const {stdout} = await work.run(['init', '--pred', fixture(pred), '--target', fixture(target), '--output', '-']);
    const schema = JSON.parse((await work.run(['schema'])).stdout) as object;
    const validate = new Ajv({strict: true, strictTypes: false, strictTuples: false}).compile(schema);
    for (const text of [stdout, everyKey(stdout)]) {
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(Object.keys(parse(everyKey(stdout)))).toEqual(
      expect.arrayContaining(['inputs', 'match', 'losses', 'image', 'group_by', 'allow_missing', 'device', 'report']),
    );
    for (const line of stdout.split('\n').filter((text) => /^\s*#\S/.test(text))) expect(line).toMatch(/ # \S/);
  });
});

describe.concurrent('the schema for editors', () => {
  test('of an installed cv-loss, here or above', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'app/out');
    copy(work, 'photos/target', 'app/gt');
    work.write('node_modules/cv-loss/dist/config.schema.json', '{}');
    const {stderr} = await work.run(['init', 'app', '--yes', '--output', 'app/cv-loss.yaml']);
    expect(stderr).not.toContain('for completion in editors');
    expect(work.read('app/cv-loss.yaml')).toMatch(/\$schema=\.\.\/node_modules\/cv-loss\/dist\/config\.schema\.json\n/);
    expect(existsSync(work.path('app', '../node_modules/cv-loss/dist/config.schema.json'))).toBe(true);
  });

  test('one that is there already is not asked for', async () => {
    const work = workspace();
    copy(work, 'photos/pred', 'out');
    copy(work, 'photos/target', 'gt');
    work.write('cv-loss.schema.json', '{}');
    expect((await work.run(['init', '--yes'])).stderr).not.toContain('for completion in editors');
  });
});

test('many files: a few of them are looked at', async () => {
  const work = workspace();
  for (const side of ['out', 'gt']) {
    await work.image(`${side}/000.png`, noise(1, 12, 12));
    const bytes = readFileSync(work.path(side, '000.png'));
    for (let i = 1; i < 200; i++) work.write(`${side}/${String(i).padStart(3, '0')}.png`, bytes);
  }
  const {said} = await initThenEval(work);
  expect(said).toContain('pred: out, 200 files, PNG, 8-bit RGB, 12x12 (50 looked at)\n');
});
