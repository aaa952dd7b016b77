import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {indexSource} from '../../src/setup/fetch-wheel.js';
import {newestOf, wheelsOn} from '../../src/setup/index-page.js';
import {pipIndex} from '../../src/setup/pip-settings.js';
import {FileServer} from '../networks/pull/server.js';

const PAGE = `<!DOCTYPE html><html><body>
<a href="../../files/tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl#sha256=${'a'.repeat(64)}" data-requires-python="&gt;=3.9">tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl</a><br/>
<a href="https://files.example/tensorflow_cpu-2.15.1-cp39-cp39-manylinux2014_x86_64.whl">tensorflow_cpu-2.15.1-cp39-cp39-manylinux2014_x86_64.whl</a>
<a href="w.whl">tensorflow_cpu-2.15.1-cp311-cp311-win_amd64.whl</a>
<a href="y.whl" data-yanked="broken">tensorflow_cpu-2.15.3-cp311-cp311-manylinux2014_x86_64.whl</a>
<a href="n.whl">tensorflow_cpu-2.16.0-cp312-cp312-manylinux2014_x86_64.whl</a>
<a href="s.tar.gz">tensorflow_cpu-2.15.1.tar.gz</a>
</body></html>`;

describe('a page of an index', () => {
  const wheels = wheelsOn(PAGE, new URL('https://index.example/simple/tensorflow-cpu/'));

  test('has the wheels for linux-x64 that were not taken back', () => {
    expect(wheels.map(({version}) => version)).toEqual(['2.15.1', '2.15.1', '2.16.0']);
  });

  test('the newest that fulfils, for the newest Python, with its hash', () => {
    expect(newestOf(wheels, {name: 'tensorflow-cpu', versions: '==2.15.1'})).toEqual({
      file: 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      url: new URL(
        'https://index.example/files/tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      ),
      version: '2.15.1',
      sha256: 'a'.repeat(64),
    });
    expect(newestOf(wheels, {name: 'tensorflow-cpu', versions: ''})?.version).toBe('2.16.0');
    expect(newestOf(wheels, {name: 'tensorflow-cpu', versions: '>=3'})).toBeNull();
  });
});

describe('without pip, wheels come straight from the index', () => {
  const file = 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux2014_x86_64.whl';
  const content = Buffer.from('the wheel');

  async function source(sha256: string) {
    const folder = mkdtempSync(join(tmpdir(), 'cv-loss-index-'));
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
    const page = Buffer.from(`<a href="/files/${file}#sha256=${sha256}">${file}</a>`);
    const server = await FileServer.start({'simple/tensorflow-cpu/': page, [`files/${file}`]: content});
    return {folder, server, from: indexSource(new AbortController().signal, `${server.url('simple/')}`)};
  }

  test('the file, when it has the hash of the index', async () => {
    const {folder, from} = await source(createHash('sha256').update(content).digest('hex'));
    const path = await from.fetch({name: 'tensorflow-cpu', versions: '==2.15.1'}, folder);
    expect(path).toBe(join(folder, file));
    expect(readFileSync(path)).toEqual(content);
  });

  test('a wrong hash is refused, with both', async () => {
    const {folder, from} = await source('0'.repeat(64));
    await expect(from.fetch({name: 'tensorflow-cpu', versions: '==2.15.1'}, folder)).rejects.toThrow(
      /^setup tensorflow: cannot get tensorflow-cpu==2\.15\.1: .* has the SHA-256 [0-9a-f]{64}, the index says 0{64} /,
    );
  });

  test('no such version, no such distribution', async () => {
    const {folder, from} = await source('0'.repeat(64));
    await expect(from.fetch({name: 'tensorflow-cpu', versions: '==9.0'}, folder)).rejects.toThrow(
      /the index has no such wheel for linux-x64/,
    );
    await expect(from.fetch({name: 'tensorflow', versions: ''}, folder)).rejects.toThrow(/the server answers 404/);
  });
});

test('the index is the one that pip is configured for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-pip-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  const file = join(folder, 'pip.conf');
  writeFileSync(file, '[global]\ntimeout = 60\nindex-url = https://mirror.example/simple\n');
  expect(pipIndex({PIP_CONFIG_FILE: file})).toBe('https://mirror.example/simple');
  expect(pipIndex({PIP_CONFIG_FILE: file, PIP_INDEX_URL: 'https://other.example/'})).toBe('https://other.example/');
});
