import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {afterAll, describe, expect, onTestFinished, test} from 'vitest';
import {wheelBytes} from '../setup/write-wheel.js';
import {finished, startCvLoss} from './cv-loss.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const CPU_WHEEL = 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux2014_x86_64.whl';
const HEADER = {'tensorflow/include/tensorflow/c/c_api.h': '// none'};
const LIBRARIES = {'tensorflow/libtensorflow_cc.so.2': 'cc', 'tensorflow/libtensorflow_framework.so.2': 'framework'};

/** No registry answers, and nothing is tried twice. */
const OFFLINE = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  PIP_RETRIES: '0',
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_fetch_retries: '0',
};

/** A folder with links to some programs, as the only PATH. */
function only(...programs: readonly string[]): string {
  const folder = work.path(`bin-${programs.join('-')}`);
  mkdirSync(folder, {recursive: true});
  for (const name of ['env', 'bash', 'sh', 'node', ...programs]) {
    const path = pathOf(name);
    if (!existsSync(join(folder, name))) symlinkSync(path, join(folder, name));
  }
  return folder;
}

/** Where a program lies; Python's own place, in which it finds its library. */
function pathOf(name: string): string {
  const [file, args] =
    name === 'python3'
      ? [name, ['-c', 'import os, sys; print(os.path.realpath(sys.executable))']]
      : ['bash', ['-c', `command -v ${name}`]];
  return execFileSync(file as string, args as string[], {encoding: 'utf8'}).trim();
}

async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = work.path('refused-home');
  const {code, stdout, stderr} = await work.run(['setup', 'tensorflow', '--quiet', ...args], {
    env: {...OFFLINE, CV_LOSS_HOME: home, ...env},
  });
  expect({code, stdout}, stderr).toEqual({code: 2, stdout: ''});
  // Nothing half done is left.
  expect(existsSync(join(home, 'tensorflow')) ? readdirSync(join(home, 'tensorflow')) : []).toEqual([]);
  expect(stderr).toMatch(/^cv-loss: [^\n]*\n$/);
  return stderr;
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('setup tensorflow', () => {
  describe('is refused in one line, exit code 2', () => {
    test('without a compiler, Python or make', async () => {
      expect(await refusal([], {PATH: only('python3', 'make', 'npm')})).toMatch(
        /a C\+\+ compiler is missing.*apt install g\+\+/,
      );
      expect(await refusal([], {PATH: only('g++', 'make', 'npm')})).toMatch(/Python 3 is missing.*apt install python3/);
      expect(await refusal([], {PATH: only('python3', 'g++', 'npm')})).toMatch(/make is missing.*apt install make/);
    });

    test('without a network', async () => {
      expect(await refusal([])).toMatch(
        /cannot get tensorflow-cpu==2\.15\.1: .*\(without a network: --from FILE\.whl\)/,
      );
    });

    test('for a wheel that is damaged or has another hash; where npm has no network', async () => {
      work.write(CPU_WHEEL, 'no archive');
      expect(await refusal(['--from', CPU_WHEEL])).toContain(`${CPU_WHEEL} is no wheel, or damaged: `);
      const whole = wheelBytes({...HEADER, ...LIBRARIES});
      work.write(`whole/${CPU_WHEEL}`, whole);
      const sha256 = createHash('sha256').update(whole).digest('hex');
      expect(await refusal(['--from', `whole/${CPU_WHEEL}`, '--sha256', '0'.repeat(64)])).toContain(
        `${CPU_WHEEL} has the SHA-256 ${sha256}, expected ${'0'.repeat(64)}; get the file again`,
      );
      expect(await refusal(['--from', `whole/${CPU_WHEEL}`, '--sha256', sha256])).toMatch(
        /npm cannot install @tensorflow\/tfjs-node 4\.22\.0: .*--from FOLDER, filled by --download FOLDER/,
      );
    });

    test('for flags that do not go together', async () => {
      expect(await refusal(['--remove', '--gpu'])).toContain('leave out --gpu');
      expect(await refusal(['--download', 'x', '--from', 'y'])).toContain('exclude each other');
    });

    test('for a hash that is none, and a release that the index does not have', async () => {
      expect(await refusal(['--sha256', 'xyz'])).toContain("--sha256: expected 64 hexadecimal digits, got 'xyz'");
      expect(await refusal(['--version', 'new'])).toContain(
        "--version: expected a release of TensorFlow such as 2.15.1, got 'new'",
      );
      const files = ['2.12.0rc0', '2.12.0', '2.15.1', '2.16.2', '2.17.0rc1'].map((version) => {
        const file = `tensorflow_cpu-${version}-cp311-cp311-manylinux2014_x86_64.whl`;
        return `<a href="${file}">${file}</a>`;
      });
      work.write('index/tensorflow-cpu/index.html', files.join('\n'));
      const index = `file://${work.path('index')}`;
      expect(await refusal(['--version', '9.9'], {PIP_INDEX_URL: index})).toBe(
        'cv-loss: setup tensorflow: there is no tensorflow-cpu==9.9 for linux-x64; the index has 2.12.0 to 2.16.2\n',
      );
    });

    test('where its folder cannot be written', async () => {
      work.write('file', '');
      const {code, stderr} = await work.run(['setup', 'tensorflow', '--quiet', '--from', `whole/${CPU_WHEEL}`], {
        env: {...OFFLINE, CV_LOSS_HOME: work.path('file')},
      });
      expect({code, stderr}).toEqual({code: 2, stderr: expect.stringMatching(/^cv-loss: cannot write [^\n]*\n$/)});
      expect(await refusal(['--download', work.path('file')])).toMatch(/^cv-loss: cannot write /);
    });
  });

  test('an interruption leaves nothing, and what a killed one left goes with the next', async () => {
    // An index that never answers.
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const home = work.path('interrupted-home');
    const env = {
      ...OFFLINE,
      CV_LOSS_HOME: home,
      PIP_INDEX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    };
    const begin = async () => {
      const child = startCvLoss(['setup', 'tensorflow'], work.surroundings({env}));
      const ended = finished(child);
      await new Promise((resolve) => server.once('request', resolve));
      return {child, ended};
    };
    const left = () => readdirSync(join(home, 'tensorflow'));
    const killed = await begin();
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(left()).toHaveLength(1);
    const interrupted = await begin();
    expect(left()).toHaveLength(1);
    interrupted.child.kill('SIGINT');
    const {code, stderr} = await interrupted.ended;
    expect({code, stderr}).toEqual({
      code: 130,
      stderr: expect.stringContaining('cv-loss: interrupted; nothing was set up\n'),
    });
    expect(left()).toEqual([]);
  });

  test('--remove removes what was set up, and says so when there is nothing', async () => {
    const home = work.path('full-home');
    const folder = join(home, 'tensorflow/tensorflow-cpu-2.15.1');
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'setup.json'), '{}');
    writeFileSync(join(home, 'kept'), '');
    const run = () => work.run(['setup', 'tensorflow', '--remove'], {env: {CV_LOSS_HOME: home}});
    expect(await run()).toEqual({code: 0, stdout: `removed ${join(home, 'tensorflow')}, 2 B\n`, stderr: ''});
    expect(readdirSync(home)).toEqual(['kept']);
    expect(await run()).toEqual({code: 0, stdout: `nothing was set up in ${join(home, 'tensorflow')}\n`, stderr: ''});
  });
});
