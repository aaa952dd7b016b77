import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-package-'));
const home = join(folder, 'home');
const project = join(folder, 'project');
const photos = ['--pred', resolve('fixtures/photos/pred'), '--target', resolve('fixtures/photos/target')];

/** Runs a program in the project that installed the package, without npm's variables. */
function run(command: string, ...args: string[]): string {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_ENV|NODE_PATH)/i.test(name));
  return execFileSync(command, args, {
    cwd: project,
    env: {...Object.fromEntries(inherited), HOME: home},
    encoding: 'utf8',
  });
}

beforeAll(() => {
  for (const path of [home, project]) mkdirSync(path);
  writeFileSync(join(project, 'package.json'), '{"private": true, "type": "module"}');
  // dist/ is built before the tests; building it again would pull it from under those that run beside this one.
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  run('npm', 'install', '--no-audit', '--no-fund', '--silent', join(folder, tarball));
}, 300_000);

afterAll(() => rmSync(folder, {recursive: true, force: true}));

test('the package holds the program, its types, schemas and configs, and nothing of the workshop', () => {
  const packed = join(project, 'node_modules/cv-loss');
  expect(readdirSync(packed).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'configs',
    'dist',
    'package.json',
  ]);
  expect(readdirSync(join(packed, 'dist'))).toEqual(
    expect.arrayContaining(['index.js', 'index.d.ts', 'config.schema.json', 'report.schema.json']),
  );
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
