import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {Workspace} from '../cli/workspace.js';

const work = new Workspace(afterAll);
const SIDE = 8;

beforeAll(async () => {
  for (const key of ['1', '2']) {
    for (const [folder, level] of [
      ['out', 105],
      ['truth', 100],
    ] as const) {
      const data = new Uint8Array(SIDE * SIDE).fill(level);
      await work.image(`${folder}/${key}.png`, {height: SIDE, width: SIDE, channels: 1, data});
    }
  }
  work.write(
    'cv-loss.yaml',
    'inputs: {pred: out, target: truth}\nlosses: [mse, psnr]\ngates: {mse: {mean: {max: 0.001}}}\n',
  );
});

const example = (file: string) => parse(readFileSync(file, 'utf8'));

/** Runs a script of an example. `npx --yes cv-loss@VERSION` would ask the registry: in its place stands this build. */
const shell = (script: string, env: Record<string, string> = {}) =>
  work.shell(`npx() { [[ $1 == --yes && $2 == cv-loss* ]] || return 99; shift 2; cv-loss "$@"; }\n${script}`, {env});

describe('action.yml', () => {
  const [step] = example('action.yml').runs.steps;
  const run = (args: string) => shell(step.run, {CV_LOSS_ARGS: args, CV_LOSS_VERSION: 'latest'});

  test('scores what its arguments say', async () => {
    const {code, stdout} = await run('--pred out --target truth --losses mse');
    expect(code).toBe(0);
    expect(stdout).toContain('2 samples: 2 ok');
  });

  test('a failed gate fails the step, with an annotation; quotes are those of a shell', async () => {
    const {code, stderr} = await run("--pred out --target truth --losses mse --gate 'mse.mean <= 1e-9'");
    expect(code).toBe(1);
    expect(stderr).toContain('::error title=cv-loss gate::mse.mean: expected at most 1e-9');
  });

  test('nothing in the arguments is run', async () => {
    const {stderr} = await run('--pred $(touch\tpwned) --target `touch pwned2`');
    expect(work.contents().join()).not.toContain('pwned');
    expect(stderr).toContain('cv-loss: ');
  });
});

test('the GitLab job scores and leaves the reports that it names', async () => {
  const job = example('docs/ci/gitlab-ci.yml')['cv-loss'];
  expect((await shell(job.script.join('\n'))).code).toBe(0);
  for (const file of Object.values<string>(job.artifacts.reports)) expect(work.read(file).length).toBeGreaterThan(0);
});

test('the pre-commit hook passes, and stops a commit that breaks a gate', async () => {
  const [hook] = example('docs/ci/pre-commit-config.yaml').repos[0].hooks;
  expect((await shell(hook.entry)).code).toBe(0);
  expect((await shell(`${hook.entry} --gate 'mse<=0'`)).code).toBe(1);
});

test('the GitHub workflow: main makes the baseline, a pull request is held against it', async () => {
  const steps: {run?: string; if?: string}[] = example('docs/ci/github-workflow.yml').jobs.score.steps;
  const [main, pull] = steps.flatMap(({run}) => (run === undefined ? [] : [run]));
  expect((await shell(pull ?? '')).code).toBe(2);
  expect((await shell(main ?? '')).code).toBe(0);
  expect((await shell(pull ?? '')).code).toBe(0);
});
