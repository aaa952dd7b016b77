import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, expect, onTestFinished, test} from 'vitest';
import {fixture, Workspace} from '../cli/workspace.js';
import {expectClose} from '../losses/close.js';

const work = new Workspace(afterAll);
const home = process.env.CV_LOSS_HOME as string;
const env = {CV_LOSS_HOME: home};
const photos = ['eval', '--pred', fixture('photos/pred'), '--target', fixture('photos/target'), '--quiet'];
const losses = ['--losses', 'mse,ssim,gmsd,perceptual'];

interface Report {
  readonly device: {readonly name: string; readonly gpu: boolean; readonly versions: Readonly<Record<string, string>>};
}

test('eval computes on the TensorFlow that was set up, the report names it, and no tensor is left', async () => {
  const onDevice = await work.run([...photos, ...losses, '--device', 'tensorflow', '--report', 'tensorflow'], {env});
  // On Node 24 too, which has no functions that its binding calls.
  expect(onDevice).toEqual({code: 0, stdout: '', stderr: ''});
  const {device} = work.json('tensorflow', 'report.json') as Report;
  expect(device).toMatchObject({
    name: 'tensorflow',
    gpu: false,
    versions: {tensorflow: expect.stringMatching(/^2\.\d+\.\d+$/), '@tensorflow/tfjs-node': '4.22.0'},
  });
  expect(await work.run([...photos, ...losses, '--device', 'cpu', '--report', 'cpu'], {env})).toMatchObject({code: 0});
  const rows = work.rows('tensorflow');
  for (const [key, {mse, ssim, gmsd, perceptual}] of work.rows('cpu')) {
    const row = rows.get(key);
    for (const [name, value] of Object.entries({mse, ssim, gmsd})) {
      expectClose(Number(row?.[name]), Number(value), {relative: 1e-5, floor: 1e-6}, `${key} ${name}`);
    }
    expectClose(Number(row?.perceptual), Number(perceptual), {relative: 1e-4, floor: 1e-2}, `${key} perceptual`);
  }
});

test('setting it up again finds that it works; without a GPU --require-gpu refuses to run', async () => {
  const again = await work.run(['setup', 'tensorflow'], {env});
  expect(again).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^TensorFlow 2\.15\.1 was set up before, and works: /),
  });
  for (const device of ['tensorflow', 'auto']) {
    const {code, stderr} = await work.run([...photos, '--device', device, '--require-gpu', '--no-report'], {env});
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: expect.stringMatching(/was set up without --gpu; run cv-loss setup tensorflow/),
    });
  }
  const {stdout} = await work.run(['doctor'], {env});
  expect(stdout).toMatch(
    /^ok +tensorflow +tensorflow 2\.15\.1, computes correctly, a convolution at \d+ GFLOP\/s, on the CPU/m,
  );
});

test('a set-up whose library is gone is refused in one line', async () => {
  const copy = mkdtempSync(join(home, 'broken-'));
  onTestFinished(() => rmSync(copy, {recursive: true, force: true}));
  execFileSync('cp', ['-al', join(home, 'tensorflow'), copy]);
  const {folder} = JSON.parse(readFileSync(join(copy, 'tensorflow/current.json'), 'utf8')) as {folder: string};
  rmSync(join(copy, 'tensorflow', folder, 'node_modules/@tensorflow/tfjs-node/deps/lib/libtensorflow_cc.so.2'));
  const {code, stderr} = await work.run([...photos, '--device', 'tensorflow', '--no-report'], {
    env: {...env, CV_LOSS_HOME: copy},
  });
  expect({code, stderr}).toEqual({
    code: 2,
    stderr: expect.stringMatching(
      /^cv-loss: --device tensorflow: @tensorflow\/tfjs-node does not load \(.*libtensorflow.*\); run cv-loss setup tensorflow again[^\n]*\n$/,
    ),
  });
});
