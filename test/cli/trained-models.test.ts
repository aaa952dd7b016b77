import {readdirSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {afterAll, describe, expect, test} from 'vitest';
import expected from '../../fixtures/generators/expected.json' with {type: 'json'};
import type {Report} from '../../src/report/report.js';
import {readPng} from '../png.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const at = (...names: string[]) => fixture('generators', ...names);

async function reportOf(name: string, config: object, flags: readonly string[] = []): Promise<Report> {
  work.write(`${name}.json`, JSON.stringify(config));
  const args = ['eval', '--config', `${name}.json`, '--report', name, '--quiet', ...flags];
  expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(name, 'report.json') as Report;
}

const generators = (name: (way: string) => string) => ({
  task: 'cycle',
  inputs: {real_a: at('real_a'), real_b: at('real_b')},
  generators: {
    a_to_b: {model: at(name('a_to_b')), range: [-1, 1]},
    b_to_a: {model: at(name('b_to_a')), range: [-1, 1], output_range: [0, 1]},
  },
});

/** The same to what float32 keeps of it. */
const near = (value: number) => expect.closeTo(value, 5);

const allNear = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, near(value)]));

describe.concurrent('generators that were trained', () => {
  test.each(['trained', 'untrained'] as const)('%s: the cycle loss is what torch gives', async (name) => {
    const prefix = name === 'trained' ? '' : 'untrained-';
    const {summary} = await reportOf(
      name,
      generators((way) => `${prefix}${way}.onnx`),
    );
    expect(summary['cycle-consistency']).toMatchObject(allNear(expected.cycle[name]));
  });

  test('training lowered it', async () => {
    const values: number[] = [];
    for (const prefix of ['', 'untrained-']) {
      const {summary} = await reportOf(
        `lower-${prefix}`,
        generators((way) => `${prefix}${way}.onnx`),
      );
      values.push(Number(summary['cycle-consistency']?.value));
    }
    expect(values[0]).toBeLessThan(0.2 * (values[1] as number));
  });

  test('the images that they make are those that torch makes', async () => {
    await reportOf(
      'kept',
      generators((way) => `${way}.onnx`),
      ['--save-images', 'made'],
    );
    const names = readdirSync(at('fake_b'));
    expect(readdirSync(work.path('made', 'fake_b')).sort()).toEqual(names.sort());
    for (const name of names) {
      const [made, wanted] = [work.path('made', 'fake_b', name), at('fake_b', name)].map((path) =>
        readPng(pathToFileURL(path)),
      );
      const other = (await wanted)?.data;
      // A value next to the middle of two steps may be rounded to either.
      (await made)?.data.forEach((value, i) => {
        expect(Math.abs(value - (other?.[i] as number))).toBeLessThanOrEqual(1);
      });
    }
  });
});

describe.concurrent('a discriminator that was trained', () => {
  const losses = Object.keys(expected.adversarial.losses);
  const scores = {real: at('real_b'), fake: at('fake_b')};
  const model = {model: at('discriminator.onnx'), range: [-1, 1]};

  test('five objectives are what torch gives, each the mean over patches, and the same from the saved scores', async () => {
    const {summary, counts} = await reportOf('judged', {losses, scores: {...scores, ...model}}, [
      '--save-scores',
      'kept',
    ]);
    for (const [loss, parts] of Object.entries(expected.adversarial.losses)) {
      for (const [part, value] of Object.entries(parts)) expect(summary[`${loss}.${part}`]?.value).toEqual(near(value));
    }
    expect(counts).toMatchObject({samples: 11, ok: 11});
    const [, height, width] = expected.adversarial.patches as [number, number, number];
    const saved = work.read('kept', 'real.csv').trimEnd().split('\n').slice(1);
    expect(saved.map((line) => line.split(',').length)).toEqual(Array(5).fill(1 + height * width));
    const again = await reportOf('saved', {losses, scores: {real: 'kept/real.csv', fake: 'kept/fake.csv'}});
    expect(again.summary).toEqual(summary);
    expect(work.read('saved', 'rows.csv')).toBe(work.read('judged', 'rows.csv'));
  });

  test('it tells photographs of B from what the generator makes of A', async () => {
    const {summary} = await reportOf('told', {losses: ['wgan'], scores: {...scores, ...model}});
    expect(summary['wgan.critic']?.value).toBeLessThan(0);
  });
});

describe.concurrent('the range of an output', () => {
  const run = (name: string, b_to_a: object) => {
    const config = generators((way) => `${way}.onnx`);
    const changed = {...config, generators: {...config.generators, b_to_a: {...config.generators.b_to_a, ...b_to_a}}};
    work.write(`${name}.json`, JSON.stringify(changed));
    return work.run(['eval', '--config', `${name}.json`, '--report', name]);
  };

  test('values far outside of it are told of, once, and scored', async () => {
    const {code, stderr} = await run('far', {output_range: [0.1, 0.2]});
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^cv-loss: \S*fixtures\/generators\/b_to_a\.onnx gives pixels of \S+ where black is 0 and white 1; if it should not, say its output_range, such as \[-1, 1\]\n$/,
    );
  });

  test.each([
    ['equal ends', [1, 1], 'expected two numbers that differ, such as [0, 255], got [1, 1]'],
    ['one end', [1], 'expected [low, high], such as [0, 255], got [1]'],
    ['text', 'tanh', "expected [low, high], such as [0, 255], got 'tanh'"],
  ])('%s: one line and exit 2', async (name, output_range, message) => {
    const {code, stdout, stderr} = await run(name.replace(' ', '-'), {output_range});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: \S+\.json:1:\d+: generators\.b_to_a\.output_range: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  test('only generators have one', async () => {
    const scores = {real: at('real_b'), fake: at('fake_b'), model: at('discriminator.onnx'), output_range: [0, 1]};
    work.write('scores.json', JSON.stringify({scores}));
    const {code, stderr} = await work.run(['eval', '--config', 'scores.json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^cv-loss: scores\.json:1:\d+: unknown key 'output_range' in scores, [^\n]+\n$/);
  });
});
