import {existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {unpackCuda, unpackTensorflow} from '../../src/setup/tensorflow-files.js';
import {chooseWheel, folderSource} from '../../src/setup/wheel-choice.js';
import {wheelBytes} from './write-wheel.js';

const root = mkdtempSync(join(tmpdir(), 'cv-loss-wheel-'));
afterAll(() => rmSync(root, {recursive: true, force: true}));

const CPU_WHEEL = 'tensorflow_cpu-2.15.1-cp311-cp311-manylinux2014_x86_64.whl';
const FILES = {
  'tensorflow/include/tensorflow/c/c_api.h': '// none',
  'tensorflow/libtensorflow_cc.so.2': 'cc',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/python/__init__.py': '',
};
const {signal} = new AbortController();

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), {recursive: true});
  writeFileSync(path, content);
  return path;
}

const choose = (from: string | null, {gpu = false, version = null as string | null} = {}) =>
  chooseWheel({gpu, version, from: from === null ? null : join(root, from)});

describe('which TensorFlow is meant', () => {
  test('the usual one, another release, a wheel, a folder', async () => {
    expect(await choose(null)).toMatchObject({distribution: 'tensorflow-cpu', version: '2.15.1', path: null});
    expect(await choose(null, {gpu: true})).toMatchObject({distribution: 'tensorflow', version: '2.21.0'});
    expect(await choose(null, {version: '2.16.1'})).toMatchObject({distribution: 'tensorflow-cpu', version: '2.16.1'});
    const path = write(`folder/${CPU_WHEEL}`, '');
    expect(await choose(`folder/${CPU_WHEEL}`)).toMatchObject({version: '2.15.1', path, folder: null});
    expect(await choose('folder')).toMatchObject({version: '2.15.1', path, folder: join(root, 'folder')});
  });

  test.each<[string | null, {gpu?: boolean; version?: string}, RegExp]>([
    [null, {version: 'latest'}, /--version: expected a release of TensorFlow such as 2\.15\.1, got 'latest'/],
    ['not-there.whl', {}, /--from: there is no .*not-there\.whl/],
    ['numpy-1.26.4-cp311-cp311-manylinux2014_x86_64.whl', {}, /expected a wheel of tensorflow or tensorflow-cpu/],
    ['notes.txt', {}, /expected a wheel of tensorflow or tensorflow-cpu \(\.whl\), got notes\.txt/],
    ['tensorflow-2.15.1-cp311-cp311-macosx_12_0_arm64.whl', {}, /is for macosx_12_0_arm64, not for linux-x64/],
    ['empty', {}, /empty holds no wheel of tensorflow-cpu or tensorflow/],
    [CPU_WHEEL, {version: '2.16.1'}, /is TensorFlow 2\.15\.1, and --version asks for 2\.16\.1/],
  ])('%s %j is refused', async (from, options, message) => {
    if (from !== null && from !== 'not-there.whl') {
      if (from === 'empty') mkdirSync(join(root, from));
      else write(from, '');
    }
    await expect(choose(from, options as {gpu: boolean; version: string})).rejects.toThrow(message);
  });
});

describe('a wheel of TensorFlow', () => {
  const unpack = (name: string, bytes: Uint8Array) =>
    unpackTensorflow(write(`${name}.whl`, bytes), `${name}.whl`, join(root, name), signal);

  test('gives its headers and libraries, and nothing else', async () => {
    expect(await unpack('whole', wheelBytes(FILES))).toContain('Name: tensorflow');
    const file = (...names: string[]) => join(root, 'whole', ...names);
    expect(readFileSync(file('include/tensorflow/c/c_api.h'), 'utf8')).toBe('// none');
    expect(readFileSync(file('lib/libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
    expect(readlinkSync(file('lib/libtensorflow.so'))).toBe('libtensorflow_cc.so.2');
    expect(readlinkSync(file('lib/libtensorflow_framework.so'))).toBe('libtensorflow_framework.so.2');
    expect(existsSync(file('python'))).toBe(false);
  });

  test.each<[string, Buffer, RegExp]>([
    ['cut', wheelBytes(FILES).subarray(0, -40), /^setup tensorflow: cut\.whl is no wheel, or damaged: /],
    ['bare', wheelBytes({'tensorflow/__init__.py': ''}), /it has no headers and libraries of TensorFlow/],
    [
      'changed',
      wheelBytes(FILES, `tensorflow/include/tensorflow/c/c_api.h,sha256=${'A'.repeat(43)},7\n`),
      /c_api\.h does not have the hash that its RECORD gives/,
    ],
    ['escaping', wheelBytes({...FILES, '../outside': ''}), /damaged: /],
  ])('%s is refused', async (name, bytes, message) => {
    await expect(unpack(name, bytes)).rejects.toThrow(message);
    expect(existsSync(join(root, 'outside'))).toBe(false);
  });
});

describe('CUDA', () => {
  const METADATA = 'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5; extra == "and-cuda"\n';
  const job = (folder: string, metadata: string) => ({
    metadata,
    source: folderSource(join(root, folder)),
    folderOf: async () => root,
    deps: join(root, `${folder}-deps`),
    signal,
    say: () => undefined,
  });

  test('its libraries lie where those of TensorFlow look for them: ../nvidia', async () => {
    write('cuda/nvidia_cublas_cu12-12.4.5.8-py3-none-manylinux2014_x86_64.whl', 'too old');
    write(
      'cuda/nvidia_cublas_cu12-12.9.1.4-py3-none-manylinux_2_27_x86_64.whl',
      wheelBytes({'nvidia/cublas/lib/libcublas.so.12': 'cublas', 'nvidia/cublas/include/cublas.h': ''}),
    );
    await unpackCuda(job('cuda', METADATA));
    expect(readFileSync(join(root, 'cuda-deps/nvidia/cublas/lib/libcublas.so.12'), 'utf8')).toBe('cublas');
    expect(existsSync(join(root, 'cuda-deps/nvidia/cublas/include'))).toBe(false);
  });

  test('a build without CUDA, and a folder without its wheels, are refused', async () => {
    await expect(unpackCuda(job('cuda', 'Name: tensorflow-cpu\n'))).rejects.toThrow(/this one asks for no CUDA/);
    await expect(unpackCuda(job('folder', METADATA))).rejects.toThrow(
      /has no wheel of nvidia-cublas-cu12<13\.0,>=12\.5/,
    );
  });
});
