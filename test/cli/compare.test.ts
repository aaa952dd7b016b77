import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {Workspace} from './workspace.js';

const workspace = new Workspace(afterAll);
const SIDE = 8;

/** A flat grey image and one with an error of `step` levels, a pair for each of `count` keys. */
async function pairs(folder: string, count: number, step: (i: number) => number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const flat = (level: number) => new Uint8Array(SIDE * SIDE).fill(level);
    const image = {height: SIDE, width: SIDE, channels: 1} as const;
    await workspace.image(`${folder}/pred/${i}.png`, {...image, data: flat(100 + i + step(i))});
    await workspace.image(`truth/${i}.png`, {...image, data: flat(100 + i)});
  }
}

async function report(folder: string, name = folder): Promise<void> {
  const args = ['eval', '--pred', `${folder}/pred`, '--target', 'truth', '--losses', 'mse,psnr', '--allow-missing'];
  const {code, stderr} = await workspace.run([...args, '--report', `${name}-report`, '--quiet']);
  expect([code, stderr]).toEqual([0, '']);
}

beforeAll(async () => {
  await pairs('main', 8, (i) => 4 + (i % 3));
  await pairs('worse', 8, (i) => 6 + (i % 3));
  await pairs('fewer', 6, (i) => 4 + (i % 3));
  for (const folder of ['main', 'worse', 'fewer']) await report(folder);
});

const compare = (...args: string[]) => workspace.run(['compare', ...args]);

describe('cv-loss compare', () => {
  test('a run with itself: the same, exit 0', async () => {
    const {code, stdout, stderr} = await compare('main-report', 'main-report');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^8 pairs in both\n/);
    expect(stdout).toMatch(/^mse +lower .* same$/m);
    expect(stdout).toMatch(/^psnr +higher .* same$/m);
    expect(stdout).toContain('2 gates passed');
  });

  test('a regression: worse, the pairs named, exit 1', async () => {
    const {code, stdout} = await compare('main-report', 'worse-report');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^mse +lower .* worse$/m);
    expect(stdout).toMatch(/^worsened +1 /m);
    expect(stdout).toMatch(/^gate failed: mse against the baseline: expected no worse; got .*; worse$/m);
  });

  test('the other way round: better, exit 0', async () => {
    const {code, stdout} = await compare('worse-report', 'main-report');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mse +lower .* better$/m);
  });

  test('a limit that is wide enough lets the change pass, --level warn only says it', async () => {
    expect((await compare('main-report', 'worse-report', '--limit', '300%')).code).toBe(0);
    const {code, stdout} = await compare('main-report', 'worse-report', '--level', 'warn');
    expect(code).toBe(0);
    expect(stdout).toContain('gate warning: mse against the baseline');
  });

  test('pairs that are gone fail, and are named', async () => {
    const {code, stdout} = await compare('main-report', 'fewer-report');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^6 pairs in both, 2 removed\n/);
    expect(stdout).toContain('removed: 6, 7');
    expect(stdout).toContain('gate failed: pairs of the baseline: expected all there; got 2; 2 are gone');
  });

  test('JSON for programs', async () => {
    const {code, stdout} = await compare('main-report', 'worse-report', '--json');
    expect(code).toBe(1);
    const {columns, passed} = JSON.parse(stdout);
    expect(passed).toBe(false);
    expect(columns[0]).toMatchObject({name: 'mse', verdict: 'worse', pairs: 8});
  });

  test.each([
    [['main-report'], /missing required argument 'candidate'/],
    [
      ['main-report', 'nowhere'],
      /nowhere\/report\.json: expected a report; there is none; make one with cv-loss eval --report DIR/,
    ],
    [['main-report', 'worse-report', '--limit', 'mse'], /--limit.*Expected column=number/],
    [['main-report', 'worse-report', '--level', 'off'], /--level.*error, warn/],
  ])('%j: one line, exit 2', async (args, message) => {
    const {code, stdout, stderr} = await compare(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
