import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {Workspace} from './workspace.js';

const workspace = new Workspace(afterAll);
const SIDE = 8;
const KEYS = ['day/0', 'day/1', 'night/0', 'night/1', 'night/2', 'night/3', 'night/4', 'night/5'];

/** Flat images whose error grows with the key's place, more by `worse` levels. */
async function predictions(folder: string, worse: number, keys: readonly string[] = KEYS): Promise<void> {
  for (const [i, key] of keys.entries()) {
    const data = new Uint8Array(SIDE * SIDE).fill(100 + 5 + i + worse);
    await workspace.image(`${folder}/${key}.png`, {height: SIDE, width: SIDE, channels: 1, data});
  }
}

beforeAll(async () => {
  for (const key of KEYS) {
    const data = new Uint8Array(SIDE * SIDE).fill(100);
    await workspace.image(`truth/${key}.png`, {height: SIDE, width: SIDE, channels: 1, data});
  }
  await predictions('pred', 0);
  await predictions('regressed', 3);
});

const evaluate = (pred: string, ...args: string[]) =>
  workspace.run(['eval', '--pred', pred, '--target', 'truth', '--losses', 'mse,psnr', ...args]);

describe('--gate', () => {
  test('rules that hold: exit 0, the verdicts in the report', async () => {
    const {code, stdout} = await evaluate('pred', '--gate', 'mse.mean<=0.01', '--gate', 'psnr.min>=20');
    expect(code).toBe(0);
    expect(stdout).toContain('2 gates passed');
    const {gates} = workspace.json('cv-loss-report', 'report.json') as {gates: unknown[]};
    expect(gates).toMatchObject([
      {name: 'mse.mean', level: 'error', expected: 'at most 0.01', verdict: 'pass'},
      {name: 'psnr.min', level: 'error', expected: 'at least 20', verdict: 'pass'},
    ]);
  });

  test('a rule that does not: a line, exit 1, the report written all the same', async () => {
    const {code, stdout, stderr} = await evaluate('pred', '--gate', 'mse<=1e-5', '--report', 'broken');
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^gate failed: mse\.value: expected at most 0\.00001; got 0\.00\d+$/m);
    expect(workspace.rows('broken').size).toBe(8);
  });

  test('a column that is not computed fails', async () => {
    const {code, stdout} = await evaluate('pred', '--gate', 'ssim>=0', '--no-report');
    expect(code).toBe(1);
    expect(stdout).toContain('gate failed: ssim.value: expected at least 0; ssim was not computed');
  });

  test('what is no rule: exit 2', async () => {
    const {code, stderr} = await evaluate('pred', '--gate', 'mse<0.1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/'--gate <rule>' argument 'mse<0\.1' is invalid\. Expected column\.aggregate<=number/);
  });
});

describe('gates of a config', () => {
  const config = (gates: string) =>
    `inputs: {pred: pred, target: truth}\nlosses: [mse]\ngroup_by: '{dir}'\ngates:\n${gates}`;

  test('shares, groups and warnings', async () => {
    workspace.write(
      'gates.yaml',
      config(
        "  mse: {share: {max: 0.0012, at_least: 0.9}, level: warn, groups: {'*': {max: {max: 0.001}}, day: {level: error, mean: {max: 0.1}}}}\n",
      ),
    );
    const {code, stdout} = await workspace.run(['eval', '--config', 'gates.yaml', '--report', 'grouped']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/gate warning: mse\.share: expected share of rows at most 0\.0012: at least 0\.9; got 0\.5/);
    expect(stdout).toContain('gate warning: mse.max of group night');
    expect(stdout).not.toContain('of group day:');
  });

  test('a mistake is a line with its place', async () => {
    workspace.write('wrong.yaml', config('  mse: {mean: {maximum: 1}}\n'));
    const {code, stderr} = await workspace.run(['eval', '--config', 'wrong.yaml']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/wrong\.yaml:5:\d+: .*maximum/);
  });
});

describe('--baseline', () => {
  test('a CI story: baseline, the same again, a regression, JUnit for the reviewer', async () => {
    const none = await evaluate('pred', '--baseline', 'base');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is no baseline at base; make one with --update-baseline');

    expect((await evaluate('pred', '--baseline', 'base', '--update-baseline', '--quiet')).code).toBe(0);
    expect(workspace.rows('base').size).toBe(8);

    const again = await evaluate('pred', '--baseline', 'base');
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/^mse +lower .* same$/m);
    expect(again.stdout).toContain('2 gates passed');

    const worse = await evaluate('regressed', '--baseline', 'base', '--report-format', 'csv,json,junit,markdown');
    expect(worse.code).toBe(1);
    expect(worse.stdout).toMatch(/^mse +lower .* worse$/m);
    expect(workspace.read('cv-loss-report', 'junit.xml')).toContain('<failure message="expected no worse, got 0.0');
    expect(workspace.read('cv-loss-report', 'summary.md')).toContain('❌ 2 of 2 gates failed');
    expect(Number(workspace.rows('base').get('day/0')?.mse)).toBeCloseTo((5 / 255) ** 2, 12);

    const limited = await evaluate('regressed', '--baseline', 'base', '--limit', '500%');
    expect(limited.code).toBe(0);
  });

  test('predictions that are gone fail', async () => {
    await predictions('fewer', 0, KEYS.slice(0, 5));
    await evaluate('pred', '--baseline', 'whole', '--update-baseline', '--quiet');
    const {code, stdout} = await evaluate('fewer', '--baseline', 'whole', '--allow-missing');
    expect(code).toBe(1);
    expect(stdout).toContain('removed: night/3, night/4, night/5');
  });

  test('targets of other bytes are named', async () => {
    await evaluate('pred', '--baseline', 'bytes', '--update-baseline', '--quiet');
    const data = new Uint8Array(SIDE * SIDE).fill(101);
    await workspace.image('truth/day/0.png', {height: SIDE, width: SIDE, channels: 1, data});
    const {stdout} = await evaluate('pred', '--baseline', 'bytes');
    expect(stdout).toContain('scored against other data: day/0');
  });

  test('a baseline where the report goes is refused', async () => {
    const {code, stderr} = await evaluate('pred', '--baseline', 'here', '--report', 'here', '--update-baseline');
    expect(code).toBe(2);
    expect(stderr).toContain("baseline here is where this run's report goes");
  });
});

describe('--github', () => {
  test('annotations for what failed and the worst pairs, and the summary of the step', async () => {
    workspace.write('summary.md', 'before\n');
    const args = [
      'eval',
      '--pred',
      'pred',
      '--target',
      'truth',
      '--losses',
      'mse',
      '--no-report',
      '--quiet',
      '--github',
    ];
    const {code, stdout, stderr} = await workspace.run([...args, '--gate', 'mse.mean<=1e-9'], {
      env: {GITHUB_STEP_SUMMARY: workspace.path('summary.md')},
    });
    expect([code, stdout]).toEqual([1, '']);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^::error title=cv-loss gate::mse\.mean: expected at most 1e-9, got 0\.00\d+$/);
    expect(lines.slice(1)).toHaveLength(8);
    expect(lines[1]).toMatch(/^::notice title=cv-loss worst mse::1\. night\/5: 0\.00\d+$/);
    expect(workspace.read('summary.md')).toMatch(/^before\n### cv-loss: ❌ 1 of 1 gates failed, 8 samples\n/);
  });

  test('a name cannot begin a command of its own', async () => {
    const name = 'a\n::error::b';
    await workspace.image(`odd/pred/${name}.png`, {height: 1, width: 1, channels: 1, data: new Uint8Array(1)});
    workspace.write(`odd/truth/${name}.png`, 'no image');
    const {stderr} = await workspace.run([
      'eval',
      '--pred',
      'odd/pred',
      '--target',
      'odd/truth',
      '--losses',
      'mse',
      '--no-report',
      '--github',
    ]);
    const commands = stderr.split('\n').filter((line) => line.startsWith('::'));
    expect(commands).toEqual([expect.stringMatching(/^::warning title=cv-loss sample::a%0A::error::b: /)]);
  });
});
