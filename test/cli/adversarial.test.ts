import {readFileSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const scores = (name: string) => fixture('embeddings', `scores-${name}.csv`);
const {gan_from_logits: expected} = JSON.parse(readFileSync(fixture('embeddings', 'expected.json'), 'utf8'));
const GANS = ['gan-minimax', 'gan-non-saturating', 'lsgan', 'wgan', 'hinge-gan'];

/** Within 1e-6 of a reference value. */
function near(value: number) {
  return expect.closeTo(value, 6 - Math.floor(Math.log10(Math.abs(value))));
}

async function reportOf(name: string, flags: readonly string[]): Promise<Report> {
  const args = ['eval', ...flags, '--report', name, '--quiet'];
  expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(name, 'report.json') as Report;
}

describe.concurrent('the reference values', () => {
  test('every objective from logits', async () => {
    const flags = ['--real', scores('real'), '--fake', scores('fake'), '--losses', GANS.join(',')];
    const {summary, counts, columns, inputs} = await reportOf('logits', flags);
    const value = (column: string) => summary[column]?.value;
    expect(value('gan-minimax.discriminator')).toEqual(near(expected.minimax.discriminator));
    expect(value('gan-minimax.generator')).toEqual(near(expected.minimax.generator));
    expect(value('gan-non-saturating.discriminator')).toEqual(near(expected.non_saturating.discriminator));
    expect(value('gan-non-saturating.generator')).toEqual(near(expected.non_saturating.generator));
    expect(value('lsgan.discriminator')).toEqual(near(expected.lsgan_a0_b1_c1.discriminator));
    expect(value('lsgan.generator')).toEqual(near(expected.lsgan_a0_b1_c1.generator));
    expect(value('wgan.critic')).toEqual(near(expected.wgan.critic));
    expect(value('wgan.generator')).toEqual(near(expected.wgan.generator));
    expect(summary.wgan?.earth_movers_distance).toEqual(near(expected.wgan.earth_movers_distance));
    expect(value('hinge-gan.discriminator')).toEqual(near(expected.hinge.discriminator));
    expect(value('hinge-gan.generator')).toEqual(near(expected.hinge.generator));
    expect(counts).toEqual({samples: 700, ok: 700, undefined: 0, failed: 0});
    expect(Object.keys(inputs.roots)).toEqual(['fake', 'real']);
    expect(columns.filter(({better}) => better === 'none').map(({name}) => name)).toEqual([
      ...['gan-minimax.discriminator', 'gan-non-saturating.discriminator', 'lsgan.discriminator'],
      ...['wgan.critic', 'hinge-gan.discriminator'],
    ]);
    const rows = work.rows('logits');
    expect(rows.get('real/real0000')?.['wgan.generator']).toBe('n/a');
    expect(rows.get('fake/fake0000')?.['wgan.generator']).toBe('-1.8780711919215158');
  });

  test('the same from probabilities, where they make sense', async () => {
    const {summary} = await reportOf('probabilities', [
      ...['--real', scores('real-probabilities'), '--fake', scores('fake-probabilities')],
      ...['--set', 'scores.input=probabilities', '--losses', 'gan-minimax,gan-non-saturating'],
    ]);
    expect(summary['gan-minimax.discriminator']?.value).toEqual(near(expected.minimax.discriminator));
    expect(summary['gan-minimax.generator']?.value).toEqual(near(expected.minimax.generator));
    expect(summary['gan-non-saturating.generator']?.value).toEqual(near(expected.non_saturating.generator));
  });

  test('the summary shows both parts and what stands beside them; a part without a direction has no worst', async () => {
    const {code, stdout} = await work.run([
      ...[
        'eval',
        '--real',
        scores('real'),
        '--fake',
        scores('fake'),
        '--losses',
        'wgan',
        '--no-report',
        '--worst',
        '1',
      ],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^700 samples: 700 ok/);
    expect(stdout).toMatch(/^wgan\.critic +none +-0\.43487 +– /m);
    expect(stdout).toMatch(/^wgan\.generator +lower +0\.15978 /m);
    expect(stdout).toMatch(/^wgan +earth_movers_distance +0\.94624$/m);
    expect(stdout).toMatch(/^wgan\.generator +fake\/fake0223 4\.9908$/m);
    expect(stdout).not.toMatch(/^wgan\.critic +(real|fake)\//m);
  });
});

test('sets of different sizes, patches, and the default loss from a config', async () => {
  work.write('patches/real.csv', 'key,score\na,1\na,3\nb,0\n');
  work.write('patches/fake.csv', 'key,score0,score1\nx,-1,1\n');
  work.write('patches/c.yaml', 'scores: {real: real.csv, fake: fake.csv}\n');
  const {summary, losses} = await reportOf('patches/report', ['--config', 'patches/c.yaml']);
  const softplus = (x: number) => Math.log(1 + Math.exp(x));
  expect(Object.keys(losses)).toEqual(['gan-non-saturating']);
  // Per item the mean over its patches, then over the items.
  const fake = (softplus(-1) + softplus(1)) / 2;
  const real = ((softplus(-1) + softplus(-3)) / 2 + softplus(0)) / 2;
  expect(summary['gan-non-saturating.discriminator']?.value).toBeCloseTo(real + fake, 12);
  expect(summary['gan-non-saturating.generator']?.value).toBeCloseTo(fake, 12);
});

describe.concurrent('wrong input is one line and exit 2', () => {
  test.each([
    ['key,score\na,0.5\nb,1.2\n', [], "r.csv:3: the score of 'b': expected a probability in 0..1, got 1.2"],
    ['key,score\na,high\n', [], "r.csv:2: the score of 'a': expected a finite number, got 'high'"],
    ['key,score\n', [], 'r.csv: no rows below the header'],
    ['a,0.5\n', [], "r.csv:1: no column 'key': expected key,score"],
    ['key,score\na,0.5\n', ['--losses', 'wgan'], 'wgan'],
    [
      'key,score\na,0.5\n',
      ['--group-by', '{dir}'],
      '--group-by: group_by: the rows of task adversarial have no groups',
    ],
  ])('%j %j', async (real, flags, message) => {
    const folder = `wrong-${message.replaceAll(/\W+/g, '-')}`;
    work.write(`${folder}/r.csv`, real);
    work.write(`${folder}/f.csv`, 'key,score\nx,0.1\n');
    const {code, stdout, stderr} = await work.run(
      ['eval', '--real', 'r.csv', '--fake', 'f.csv', '--set', 'scores.input=probabilities', ...flags],
      {cwd: work.path(folder)},
    );
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

test.concurrent('the losses of sets are listed, shown and in the schema', async () => {
  const list = await work.run(['losses']);
  for (const id of ['triplet', ...GANS]) expect(list.stdout).toMatch(new RegExp(`^${id} `, 'm'));
  const one = await work.run(['losses', 'triplet']);
  expect(one.stdout).toMatch(/^ {2}inputs {5}embeddings \(task embedding\)$/m);
  expect(one.stdout).toMatch(/^tuples +all \| file +"all" /m);
  expect((await work.run(['losses', 'wgan'])).stdout).toMatch(/Options: none\n$/);
  const json = JSON.parse((await work.run(['losses', 'wgan', '--json'])).stdout) as object;
  expect(json).toMatchObject({id: 'wgan', task: 'adversarial', family: 'adversarial'});
  expect(json).not.toHaveProperty('inputs');
  const schema = (await work.run(['schema'])).stdout;
  expect(schema).toContain('"const": "wgan"');
});
