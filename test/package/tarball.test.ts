import {execFileSync, spawnSync} from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-package-'));
const home = join(folder, 'home');
const project = join(folder, 'project');
const photos = ['--pred', resolve('fixtures/photos/pred'), '--target', resolve('fixtures/photos/target')];

/** What npm says of the tarball; sizes in bytes. */
let packed: {readonly filename: string; readonly size: number; readonly unpackedSize: number};

/** Runs a program in the project that installed the package, without npm's variables. */
function runBoth(command: string, ...args: string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_ENV|NODE_PATH)/i.test(name));
  const env = {...Object.fromEntries(inherited), HOME: home};
  const {status, stdout, stderr} = spawnSync(command, args, {cwd: project, env, encoding: 'utf8'});
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return {stdout, stderr};
}

function run(command: string, ...args: string[]): string {
  return runBoth(command, ...args).stdout;
}

function modules(...names: string[]): string {
  return join(project, 'node_modules', ...names);
}

/** Installs a package by a link to this repository's. */
function link(name: string): void {
  if (!existsSync(modules(name))) symlinkSync(resolve('node_modules', name), modules(name));
}

beforeAll(() => {
  for (const path of [home, project]) mkdirSync(path);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  // dist/ is built before the tests; building it again would pull it from under those that run beside this one.
  const told = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  packed = JSON.parse(told.toString())[0];
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--silent'];
  run('npm', 'install', ...flags, join(folder, packed.filename));
  // Optional are ONNX Runtime, and the platform's part of sharp, without which no PNG is read.
  mkdirSync(modules('@img'), {recursive: true});
  for (const name of readdirSync('node_modules/@img')) link(join('@img', name));
}, 300_000);

afterAll(() => rmSync(folder, {recursive: true, force: true}));

test('the package holds the program, its types, schemas, configs and weights, and nothing of the workshop', () => {
  const there = modules('cv-loss');
  expect(readdirSync(there).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'configs',
    'dist',
    'package.json',
    'weights',
  ]);
  const weights = ['README.md', 'LICENSE-squeezenet.txt', 'squeezenet1_0-features.safetensors'];
  expect(readdirSync(join(there, 'weights'))).toEqual(
    expect.arrayContaining([...weights, 'squeezenet1_0-calibration.json']),
  );
  expect(readdirSync(join(there, 'dist'))).toEqual(
    expect.arrayContaining(['index.js', 'index.d.ts', 'config.schema.json', 'report.schema.json']),
  );
});

test('it is as large as docs/install.md says', () => {
  const [, size, unpacked] =
    /tarball has ([\d.]+) MB, ([\d.]+) MB unpacked/.exec(readFileSync('docs/install.md', 'utf8')) ?? [];
  // A tenth more or less may stay as it is.
  for (const [is, said] of [
    [packed.size, size],
    [packed.unpackedSize, unpacked],
  ] as const) {
    expect(Math.abs(is / 1e6 / Number(said) - 1)).toBeLessThan(0.1);
  }
});

test('installed into an empty folder its commands answer', {timeout: 60_000}, () => {
  const cvLoss = (...args: string[]) => run('npx', '--no-install', 'cv-loss', ...args);
  expect(cvLoss('--version')).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  expect(cvLoss('losses', 'ssim')).toMatch(/^ssim: /);
  expect(cvLoss('explain', 'CVL-S001')).toMatch(/^CVL-S001 /);
  cvLoss('init', ...photos, '--yes', '--output', 'photos.yaml');
  expect(readFileSync(join(project, 'photos.yaml'), 'utf8')).toMatch(/^losses:$/m);
});

test('installed into an empty folder it scores images', {timeout: 60_000}, () => {
  expect(run('npx', '--no-install', 'cv-loss', 'eval', ...photos, '--report', 'report')).toContain('12 samples: 12 ok');
  const report = JSON.parse(readFileSync(join(project, 'report/report.json'), 'utf8'));
  expect(report.counts).toEqual({samples: 12, ok: 12, undefined: 0, failed: 0});
});

test('installed into an empty folder it is a library', {timeout: 60_000}, () => {
  writeFileSync(
    join(project, 'use.js'),
    `import {evaluate, losses} from 'cv-loss';
     import schema from 'cv-loss/report.schema.json' with {type: 'json'};
     const inputs = {pred: ${JSON.stringify(photos[1])}, target: ${JSON.stringify(photos[3])}};
     const {rows} = await evaluate({inputs, losses: ['mse']});
     console.log(rows.length, losses.some(({id}) => id === 'ssim'), schema.title);`,
  );
  expect(run('node', '--no-warnings', 'use.js')).toBe('12 true cv-loss report\n');
});

describe('networks, in an empty folder', () => {
  const score = (report: string) => {
    const [pred, target, style] = ['pred/001', 'target/001', 'target/000'].map((name) =>
      resolve('fixtures/photos', `${name}.png`),
    );
    const args = ['--pred', `${pred}`, '--target', `${target}`, '--input', `style=${style}`, '--report', report];
    const {stderr} = runBoth('npx', '--no-install', 'cv-loss', 'eval', '--losses', 'perceptual,texture', ...args);
    const {networks, summary, device} = JSON.parse(readFileSync(join(project, report, 'report.json'), 'utf8'));
    return {stderr, networks, versions: device.versions, values: [summary.perceptual.value, summary.texture.value]};
  };

  test('run on tfjs, which is said, and on ONNX Runtime where it is installed', {timeout: 60_000}, () => {
    const slow = score('slow');
    expect(slow.stderr).toBe(
      'cv-loss: networks run on tfjs, several times slower: onnxruntime-node is not installed (npm install onnxruntime-node --ignore-scripts) [CVL-W012]\n',
    );
    expect(slow.networks).toMatchObject([{network: 'squeezenet1_0', weights: 'bundled', executor: 'tfjs', threads: 1}]);
    expect(slow.versions).not.toHaveProperty('onnxruntime-node');
    link('onnxruntime-node');
    const fast = score('fast');
    expect(fast.stderr).toBe('');
    const {weights_sha256} = slow.networks[0];
    expect(fast.networks).toMatchObject([{weights: 'bundled', weights_sha256, executor: 'onnxruntime'}]);
    expect(fast.versions).toHaveProperty('onnxruntime-node');
    for (const [i, value] of fast.values.entries()) expect(slow.values[i] / value).toBeCloseTo(1, 4);
  });

  test('leave nothing in the home folder', () => {
    expect(readdirSync(home).filter((name) => name !== '.npm')).toEqual([]);
  });
});
