import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const scripts = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string);
const commands = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
  (block as string).split('\n').filter((line) => line !== ''),
);
/** `.ci/run` calls this one; running it here would run this test again. */
const TESTS = 'npm cit';
const INSTALL = commands[0] as string;

const home = mkdtempSync(join(tmpdir(), 'cv-loss-home-'));
const clone = mkdtempSync(join(tmpdir(), 'cv-loss-clone-'));

beforeAll(() => {
  // The files of a clone, with what is not committed yet.
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const file of listed.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(clone, file)), {recursive: true});
    cpSync(file, join(clone, file));
  }
});

afterAll(() => {
  rmSync(home, {recursive: true, force: true});
  rmSync(clone, {recursive: true, force: true});
});

/** Runs a line of shell in the clone, as a user with an empty home and none of npm's variables would. */
function run(command: string, input?: string) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_ENV|NODE_PATH)/i.test(name));
  const env = {...Object.fromEntries(inherited), HOME: home};
  return spawnSync('bash', ['-c', command], {
    cwd: clone,
    env,
    encoding: 'utf8',
    ...(input === undefined ? {} : {input}),
  });
}

test('the first command installs and scores the bundled photographs', {timeout: 300_000}, () => {
  expect(INSTALL).toMatch(/^npm ci && npx cv-loss eval /);
  const {status, stdout, stderr} = run(INSTALL);
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
  expect(stdout).toContain('12 samples: 12 ok');
  expect(readFileSync(join(clone, 'cv-loss-report/rows.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(13);
  expect(JSON.parse(readFileSync(join(clone, 'cv-loss-report/report.json'), 'utf8')).counts.ok).toBe(12);
});

test('the table shown is the table printed', () => {
  const shown = /^```text\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  const {stdout} = run(INSTALL.replace('npm ci && ', ''));
  const withoutSeconds = (text: string) => text.trim().replace(/[\d.]+ s$/m, '… s');
  expect(withoutSeconds(stdout)).toBe(withoutSeconds(shown));
});

test('CI runs the command that tests', () => {
  expect(commands).toContain(TESTS);
  expect(readFileSync('.ci/run', 'utf8')).toContain(TESTS);
});

test.each(commands.filter((command) => command !== INSTALL && command !== TESTS))(
  '%s',
  {timeout: 60_000},
  (command) => {
    const {status, stdout, stderr} = run(command);
    // init says there what it saw, eval which values do not exist, triplets which items have none; what goes wrong begins with the program's name.
    expect(stderr).not.toMatch(/^cv-loss: (?!.*: undefined: |\d+ of \d+ embeddings|\d+ anchor)|Error/m);
    expect(status).toBe(0);
    if (!command.includes(' > ')) expect(stdout).not.toBe('');
  },
);

test('what is said of devices: each flag works, or is refused with the command that helps', {timeout: 120_000}, () => {
  const [, section = ''] = /^## Devices\n([\s\S]*?)^\[CONTRIBUTING/m.exec(readme) ?? [];
  const pair = '--pred fixtures/photos/pred/000.png --target fixtures/photos/target/000.png --losses mse --no-report';
  const evalOn = (flags: string) => {
    // Named in the section, apart from the default.
    for (const flag of flags.match(/--device (?!auto)\w+|--require-gpu/g) ?? []) expect(section).toContain(flag);
    const {status, stdout, stderr} = run(`node bin/cv-loss.js eval ${pair} ${flags}`);
    // npm may warn of its own settings.
    const said = stderr.split('\n').filter((line) => line.startsWith('cv-loss: '));
    return {status, device: / · device (\w+) · /.exec(stdout)?.[1], said};
  };
  expect(evalOn('--device cpu')).toEqual({status: 0, device: 'cpu', said: []});
  expect(section).toContain('`auto`, the default');
  expect(evalOn('')).toEqual({status: 0, device: 'cpu', said: []});
  const refused = (flags: string, ...remedies: string[]) => {
    const {status, said} = evalOn(flags);
    expect({status, lines: said.length}).toEqual({status: 2, lines: 1});
    for (const remedy of remedies) {
      expect(section.replaceAll('\n', ' ')).toContain(remedy);
      expect(said[0]).toContain(remedy);
    }
  };
  refused('--device tensorflow', 'cv-loss setup tensorflow', '--gpu');
  refused('--device webgpu', 'webgpu', '@tensorflow/tfjs-backend-webgpu');
  refused('--require-gpu', '--require-gpu', 'cv-loss setup tensorflow');
  expect(section).toContain('`cv-loss doctor`');
  const {stdout} = run('node bin/cv-loss.js doctor');
  for (const device of ['tensorflow', 'webgpu']) expect(stdout).toMatch(new RegExp(`^\\S+ +${device} `, 'm'));
});

test.each(scripts)('the program %#', {timeout: 60_000}, (code) => {
  const {status, stdout, stderr} = run('node --input-type=module', code);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).not.toBe('');
});
