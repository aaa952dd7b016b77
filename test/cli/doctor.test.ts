import {readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {afterAll, describe, expect, onTestFinished, test} from 'vitest';
import {workingBinding} from '../device/scratch.js';
import type {Finished} from './cv-loss.js';
import {Installation} from './installation.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

interface Check {
  readonly status: string;
  readonly detail: string;
  readonly remedy: string | null;
  readonly [fact: string]: unknown;
}

interface Diagnosis {
  readonly version: string;
  readonly status: string;
  readonly improvement: string | null;
  readonly checks: Readonly<Record<string, Check>>;
}

const NAMES = [
  'node',
  'platform',
  'cpu',
  'gpu',
  'tensorflow',
  'webgpu',
  'networks',
  'sharp',
  'formats',
  'memory',
  'cores',
  'cache',
  'terminal',
];

async function diagnose(command = 'cv-loss', env: Readonly<Record<string, string>> = {}) {
  return read(await work.shell(`${command} doctor --json`, {env}));
}

function read({code, stdout, stderr}: Finished) {
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  const check = (name: string) => diagnosis.checks[name] as Check;
  return {code, stderr, diagnosis, check};
}

function packageOf(name: string): {version: string} {
  return JSON.parse(readFileSync(name === '' ? 'package.json' : `node_modules/${name}/package.json`, 'utf8'));
}

describe('a machine where all is well', () => {
  test('a line for each check, exit code 0, nothing written anywhere', async () => {
    const before = work.contents();
    const {code, stdout, stderr} = await work.run(['doctor']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const names = [...stdout.matchAll(/^(?:ok|notice) +([a-z]+) {2}/gm)].map(([, name]) => name);
    expect(names).toEqual(NAMES);
    expect(stdout).toMatch(/\ncv-loss \d+\.\d+\.\d+ runs here/);
    expect(work.contents()).toEqual(before);
  });

  test('the versions are those installed', async () => {
    const {diagnosis, check} = await diagnose();
    expect(diagnosis.version).toBe(packageOf('').version);
    expect(Object.keys(diagnosis.checks)).toEqual(NAMES);
    expect(check('node')).toMatchObject({status: 'ok', version: process.versions.node});
    expect(check('sharp')).toMatchObject({status: 'ok', sharp: packageOf('sharp').version});
    expect(check('platform')).toMatchObject({platform: process.platform, arch: process.arch});
    expect(check('cpu')).toMatchObject({
      status: 'ok',
      works: true,
      versions: {'@tensorflow/tfjs-core': packageOf('@tensorflow/tfjs-core').version},
    });
  });

  test('every format that errors list is tried', async () => {
    const {check} = await diagnose();
    const {status, detail, remedy, ...formats} = check('formats');
    expect({status, remedy}).toEqual({status: 'ok', remedy: null});
    expect(formats).toEqual(
      Object.fromEntries(
        ['png', 'jpeg', 'webp', 'avif', 'tiff', 'bmp', 'pnm', 'npy', 'npz'].map((name) => [name, 'ok']),
      ),
    );
  });

  test('without a GPU nothing is asked for; with one, the command that brings it into use', async () => {
    const none = await diagnose();
    expect(none.code).toBe(0);
    expect(none.check('gpu')).toMatchObject({status: 'ok', nvidia: []});
    expect(none.check('tensorflow')).toMatchObject({status: 'ok', remedy: null, installed: [], gpu: false});
    expect(none.diagnosis.improvement).toBeNull();
    work.write('bin/nvidia-smi', '#!/bin/sh\necho "NVIDIA L4, 23034, 550.54.15"\n');
    await work.shell('chmod +x bin/nvidia-smi');
    const one = await diagnose('cv-loss', {PATH: `${work.path('bin')}:${process.env.PATH}`});
    expect(one.check('gpu')).toMatchObject({
      status: 'ok',
      detail: 'NVIDIA L4, 23034 MiB, driver 550.54.15',
      nvidia: [{name: 'NVIDIA L4', memory_mib: 23034, driver: '550.54.15'}],
    });
    expect(one.check('tensorflow')).toMatchObject({status: 'notice', remedy: 'cv-loss setup tensorflow --gpu'});
    expect(one.diagnosis).toMatchObject({status: 'notice', improvement: 'cv-loss setup tensorflow --gpu'});
  });

  test('on a terminal it says so and is in colour, under NO_COLOR without', async () => {
    const script = 'SHELL=$(command -v bash) script -qec "cv-loss doctor" screen.txt';
    const coloured = await work.shell(script, {env: {TERM: 'xterm'}});
    expect(coloured.stdout).toMatch(/standard output is a terminal of \d+ columns, in colour; progress is shown/);
    expect(coloured.stdout).toContain('\u001b[32mok');
    const plain = await work.shell(script, {env: {TERM: 'xterm', NO_COLOR: '1'}});
    expect(plain.stdout).toContain('without colours');
    expect(plain.stdout).not.toContain('\u001b');
  });
});

describe('what keeps cv-loss from running: exit code 2', () => {
  test('a Node that is too old', async () => {
    const broken = new Installation(onTestFinished);
    broken.edit('package.json', '">=20.19"', '">=99.1"');
    const {code, check} = await diagnose(broken.command);
    expect(code).toBe(2);
    expect(check('node')).toEqual({
      status: 'problem',
      detail: `${process.versions.node} is too old, cv-loss needs >=99.1`,
      remedy: 'nvm install 22',
      version: process.versions.node,
      required: '>=99.1',
    });
  });

  test('a sharp that does not load: its formats are named, the others work', async () => {
    const broken = new Installation(onTestFinished, ['sharp']);
    broken.install('sharp', `throw new Error('no libvips here\\nadvice')`);
    const {code, stderr, check} = await diagnose(broken.command);
    expect({code, stderr}).toEqual({code: 2, stderr: ''});
    expect(check('sharp')).toMatchObject({
      status: 'problem',
      detail: `does not load on ${process.platform}-${process.arch}: no libvips here`,
      remedy: 'npm install --include=optional sharp',
    });
    const {status, remedy, png, bmp, npz, detail} = check('formats');
    expect({status, remedy, bmp, npz}).toEqual({
      status: 'problem',
      remedy: 'npm install --include=optional sharp',
      bmp: 'ok',
      npz: 'ok',
    });
    expect(png).toContain('sharp does not load');
    expect(detail).toMatch(/^png, jpeg, webp, avif do not decode: /);
    expect(check('cpu').status).toBe('ok');
  });

  test('a sharp that is not installed', async () => {
    const broken = new Installation(onTestFinished, ['sharp']);
    const {code, stdout, stderr} = await work.shell(`${broken.command} doctor`);
    expect({code, stderr}).toEqual({code: 2, stderr: ''});
    expect(stdout).toMatch(/problem +sharp +does not load on .*: Cannot find package 'sharp'/);
    expect(stdout).toContain('→ npm install --include=optional sharp');
    expect(stdout).toMatch(/\n2 problems; first: npm install --include=optional sharp\n$/);
  });

  test('a libvips that gives other pixels', async () => {
    const broken = new Installation(onTestFinished, ['sharp']);
    const real = new URL('../../node_modules/sharp', import.meta.url).pathname;
    broken.install(
      'sharp',
      `const sharp = require(${JSON.stringify(real)});
      module.exports = Object.assign((...input) => sharp(...input).negate(), sharp);`,
    );
    const {code, check} = await diagnose(broken.command);
    expect(code).toBe(2);
    expect(check('formats')).toMatchObject({status: 'problem', png: 'decodes to other pixels', bmp: 'ok'});
  });

  test('no WebAssembly', async () => {
    const {code, check} = await diagnose('cv-loss', {NODE_OPTIONS: '--jitless'});
    expect(code).toBe(2);
    expect(check('cpu')).toMatchObject({status: 'problem', remedy: 'npm ci', works: false});
    expect(check('cpu').detail).toMatch(/^the wasm backend of TensorFlow\.js does not start/);
  });

  test('TensorFlow.js is not installed', async () => {
    const broken = new Installation(onTestFinished, ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm']);
    const {code, check} = await diagnose(broken.command);
    expect(code).toBe(2);
    expect(check('cpu')).toMatchObject({status: 'problem', remedy: 'npm ci'});
    expect(check('cpu').detail).toMatch(/Cannot find (package|module) '@tensorflow\/tfjs-core/);
  });
});

describe('TensorFlow is never a problem', () => {
  async function withBinding(name: string, code: string) {
    const installation = new Installation(onTestFinished);
    installation.install(name, code);
    const result = await diagnose(installation.command);
    expect(result.code).toBe(0);
    return result.check('tensorflow');
  }

  test('with a GPU', async () => {
    expect(await withBinding('@tensorflow/tfjs-node-gpu', workingBinding({gpu: true}))).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(
        /^@tensorflow\/tfjs-node-gpu 4\.22\.0, computes correctly, a convolution at \d+ GFLOP\/s, on a GPU$/,
      ),
      works: true,
      gpu: true,
    });
  });

  test('without a GPU, by either binding', async () => {
    const code = workingBinding({gpu: false});
    expect(await withBinding('@tensorflow/tfjs-node-gpu', code)).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('on the CPU: --device auto does not take it'),
    });
    expect(await withBinding('@tensorflow/tfjs-node', code)).toMatchObject({
      status: 'ok',
      remedy: null,
      works: true,
    });
  });

  test('one that does not load', async () => {
    const check = await withBinding('@tensorflow/tfjs-node', `throw new Error('libtensorflow.so.2 is missing')`);
    expect(check).toMatchObject({status: 'notice', remedy: 'cv-loss setup tensorflow', works: false});
    expect(check.detail).toContain('libtensorflow.so.2 is missing');
  });

  test('one that this processor cannot run ends its own process only', async () => {
    const check = await withBinding('@tensorflow/tfjs-node', `process.kill(process.pid, 'SIGILL'); while (true);`);
    expect(check).toMatchObject({status: 'notice', detail: expect.stringContaining('SIGILL'), works: false});
  });

  test('one that computes wrongly', async () => {
    const wrong = `${workingBinding({gpu: true})}\nmodule.exports = {...tf, sum: () => tf.tensor1d([7])};`;
    expect(await withBinding('@tensorflow/tfjs-node-gpu', wrong)).toMatchObject({
      status: 'notice',
      detail: '1 + 2 + … + 1000 comes out as 7, not 500500',
      works: false,
    });
  });
});

describe('ONNX Runtime, which runs networks on the CPU, is never a problem', () => {
  const remedy = 'npm install onnxruntime-node --ignore-scripts';

  async function withRuntime(code: string | null) {
    const installation = new Installation(onTestFinished, ['onnxruntime-node']);
    if (code !== null) installation.install('onnxruntime-node', code);
    const {code: exit, stderr, check} = await diagnose(installation.command);
    expect({exit, stderr}).toEqual({exit: 0, stderr: ''});
    return check('networks');
  }

  test('installed: its version and how many threads a run gives it', async () => {
    const {check} = await diagnose();
    const {version} = packageOf('onnxruntime-node');
    const threads = availableParallelism();
    expect(check('networks')).toEqual({
      status: 'ok',
      detail: expect.stringContaining(`onnxruntime-node ${version}, computes correctly; ${threads} thread`),
      remedy: null,
      version,
      works: true,
      threads,
    });
  });

  test('missing: networks are slower, and the command that helps', async () => {
    expect(await withRuntime(null)).toEqual({
      status: 'notice',
      detail: 'onnxruntime-node is missing, so networks run on tfjs, several times slower',
      remedy,
      version: null,
      works: false,
      threads: null,
    });
  });

  test.each([
    ['that does not load', `throw new Error('GLIBC_2.99 not found')`, /slower: GLIBC_2\.99 not found$/],
    ['that this processor cannot run', `process.kill(process.pid, 'SIGILL'); while (true);`, /SIGILL/],
    [
      'that computes wrongly',
      `const run = async () => ({y: {data: [1, 2, 3, 4]}});
       module.exports = {InferenceSession: {create: async () => ({run, release: async () => {}})}, Tensor: class {}};`,
      /slower: a convolution comes out as 1,2,3,4, not 5421,6532,8754,9865$/,
    ],
  ])('one %s', async (_, code, detail) => {
    expect(await withRuntime(code)).toMatchObject({
      status: 'notice',
      detail: expect.stringMatching(detail),
      remedy,
      works: false,
    });
  });
});

describe('the cache folder', () => {
  test('where the variables say, not made', async () => {
    const inCache = await diagnose('cv-loss', {XDG_CACHE_HOME: work.path('xdg')});
    expect(inCache.check('cache')).toMatchObject({path: work.path('xdg', 'cv-loss'), exists: false, writable: true});
    const own = await diagnose('cv-loss', {XDG_CACHE_HOME: work.path('xdg'), CV_LOSS_HOME: work.path('own')});
    expect(own.check('cache')).toMatchObject({path: work.path('own'), from: 'CV_LOSS_HOME', status: 'ok'});
    expect(work.contents()).not.toContain('work/own');
  });

  test('not writable is a notice', async () => {
    await work.shell('mkdir locked && chmod 555 locked');
    const {code, check} = read(
      await work.run(['doctor', '--json'], {env: {CV_LOSS_HOME: work.path('locked/cache')}, unprivileged: true}),
    );
    expect(code).toBe(0);
    expect(check('cache')).toMatchObject({
      status: 'notice',
      writable: false,
      exists: false,
      remedy: 'export CV_LOSS_HOME=DIRECTORY',
    });
    expect(check('cache').detail).toContain('permission denied');
  });

  test('a file in its place is a notice', async () => {
    work.write('file', '');
    const {check} = await diagnose('cv-loss', {CV_LOSS_HOME: work.path('file')});
    expect(check('cache')).toMatchObject({status: 'notice', detail: expect.stringContaining('a file is in its place')});
  });
});
