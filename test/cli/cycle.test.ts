import {afterAll, describe, expect, test} from 'vitest';
import expected from '../../fixtures/embeddings/expected.json' with {type: 'json'};
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const set = (role: string) => `--input=${role}=${fixture('embeddings', 'cycle', role)}`;
const roles = ['real_a', 'rec_a', 'same_a', 'real_b', 'rec_b', 'same_b'];
const cycle = (given: readonly string[], ...more: string[]) =>
  work.run(['eval', '--task', 'cycle', ...given.map(set), '--set', 'losses.0.range=[0,1]', ...more]);

interface Summary {
  readonly value: number;
  readonly [own: string]: unknown;
}

function summary(): Record<string, Summary> {
  return (work.json('cv-loss-report', 'report.json') as {summary: Record<string, Summary>}).summary;
}

describe('task cycle', () => {
  test('both directions and the identity, as the reference has them', async () => {
    const {code, stderr, stdout} = await cycle(roles);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^10 samples: 10 ok/);
    const {value, cycle_a, identity_b} = summary()['cycle-consistency'] as Summary;
    const {cycle: reference} = expected;
    expect(Math.abs(value / reference.value - 1)).toBeLessThan(1e-6);
    expect(Math.abs(Number(cycle_a) / (10 * reference.terms.rec_a) - 1)).toBeLessThan(1e-6);
    expect(Math.abs(Number(identity_b) / (5 * reference.terms.same_b) - 1)).toBeLessThan(1e-6);
    const rows = work.rows();
    expect([...rows.keys()]).toEqual(['a', 'b'].flatMap((name) => [0, 1, 2, 3, 4].map((i) => `${name}/${i}`)));
    expect(Object.keys(rows.get('a/0') ?? {})).toEqual(
      expect.arrayContaining(['cycle-consistency.cycle', 'cycle-consistency.identity']),
    );
  });

  test('without identity images that part is n/a', async () => {
    const {code} = await cycle(roles.filter((role) => !role.startsWith('same')));
    expect(code).toBe(0);
    expect(Math.abs((summary()['cycle-consistency'] as Summary).value / expected.cycle.cycle - 1)).toBeLessThan(1e-6);
    expect(work.rows().get('b/3')?.['cycle-consistency.identity']).toBe('n/a');
  });

  test.each([
    ['one direction only', ['real_a', 'rec_a'], [], /loss 'cycle-consistency' needs real_b: give --input real_b=PATH/],
    ['predictions beside it', roles, ['--pred', '.'], /reads the role .?pred/],
    [
      'another loss',
      roles,
      ['--losses', 'mse'],
      /mse compares predictions with targets, and task cycle pairs two sets/,
    ],
  ])('%s: one clear line, exit 2', async (_, given, more, message) => {
    const {code, stdout, stderr} = await cycle(given, ...more);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('the loss under another task', async () => {
    const {code, stderr} = await work.run(['eval', ...roles.map(set), '--losses', 'cycle-consistency']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cycle-consistency reads two sets of images, and the task here is photo; give task: cycle/);
  });

  test('sets that do not pair are refused by name', async () => {
    const keys = ['0', '1'];
    for (const key of keys) work.write(`real/${key}.npy`, '');
    work.write('rec/0.npy', '');
    const roles = ['real_a=real', 'rec_a=rec', 'real_b=real', 'rec_b=real'];
    const {code, stderr} = await work.run(['eval', '--task', 'cycle', ...roles.map((role) => `--input=${role}`)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/the inputs do not pair: .*rec_a/);
  });

  test('a reconstruction of another size is a failed row', async () => {
    const image = (side: number) =>
      ({height: side, width: side, channels: 1, data: new Uint8Array(side * side)}) as const;
    for (const role of ['ra', 'ca', 'rb', 'cb']) await work.image(`${role}/x.png`, image(role === 'cb' ? 3 : 4));
    const inputs = ['real_a=ra', 'rec_a=ca', 'real_b=rb', 'rec_b=cb'].map((role) => `--input=${role}`);
    const {code, stderr} = await work.run(['eval', '--task', 'cycle', ...inputs]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/b\/x: sizes-differ: rec_b is 3x3.*real_b/);
  });
});
