import {describe, expect, test} from 'vitest';
import {adapterName, adapterProblem, type GpuAdapter, isSoftware} from '../../src/device/webgpu-adapter.js';
import {Installation} from './scratch.js';

const BACKEND = '@tensorflow/tfjs-backend-webgpu';
const ENOUGH = {maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 27, maxComputeInvocationsPerWorkgroup: 256};

/** The code of a package in Dawn's place whose adapter has these limits; none for null. */
function dawn(limits: object | null): string {
  const adapter = limits && {limits, info: {vendor: '', device: '', description: 'Tiny 1000'}};
  return `exports.globals = {};
    exports.create = () => ({requestAdapter: async () => (${JSON.stringify(adapter)})});`;
}

function start(code: string | null, withBackend = true): string | undefined {
  const installation = new Installation();
  if (code !== null) installation.install('webgpu', code);
  if (withBackend) installation.install(BACKEND, `throw new Error('not to be loaded')`);
  const {error, message, stderr} = installation.start('webgpu');
  expect({error, stderr}).toEqual({error: 'UsageError', stderr: ''});
  return message;
}

describe('webgpu is refused in one line, with the reason and the remedy', () => {
  test('without its packages', () => {
    expect(start(null, false)).toBe(
      `--device webgpu: webgpu and ${BACKEND} are not installed; npm install webgpu ${BACKEND}, or use --device cpu`,
    );
    expect(start(dawn(ENOUGH), false)).toContain(`${BACKEND} is not installed; npm install webgpu ${BACKEND}`);
  });

  test('when Dawn does not load', () => {
    expect(start(`throw new Error('GLIBC_2.99 not found\\nadvice')`)).toBe(
      `--device webgpu: webgpu does not load on ${process.platform}-${process.arch} (GLIBC_2.99 not found), or use --device cpu`,
    );
  });

  test('without an adapter', () => {
    expect(start(dawn(null))).toContain('there is no adapter: Dawn finds no driver of Vulkan, Metal or D3D12');
  });

  test('with an adapter that is too small', () => {
    expect(start(dawn({...ENOUGH, maxStorageBufferBindingSize: 2 ** 26}))).toBe(
      '--device webgpu: the adapter Tiny 1000 is too small: its maxStorageBufferBindingSize is 67108864, at least 134217728 is needed, or use --device cpu',
    );
  });

  test('auto takes the CPU, quietly', () => {
    const installation = new Installation();
    installation.install('webgpu', dawn(null));
    installation.install(BACKEND, '');
    expect(installation.start('auto')).toMatchObject({name: 'cpu', squares: [1, 4, 9], stderr: ''});
  });
});

describe('an adapter', () => {
  const adapter = (info: Partial<GpuAdapter['info']>): GpuAdapter => ({
    limits: ENOUGH,
    info: {vendor: 'nvidia', device: 'ampere', description: '', ...info},
  });

  test('that has what WebGPU promises will do', () => expect(adapterProblem(adapter({}))).toBeNull());

  test('is named as its driver does', () => {
    expect(adapterName(adapter({description: 'NVIDIA L4'}))).toBe('NVIDIA L4');
    expect(adapterName(adapter({}))).toBe('ampere');
  });

  test.each([
    [{description: 'NVIDIA L4'}, false],
    [{description: 'llvmpipe (LLVM 15.0.6, 256 bits)'}, true],
    [{description: 'SwiftShader driver 5.0.0'}, true],
    [{description: 'Microsoft Basic Render Driver'}, true],
    [{description: 'unheard of', isFallbackAdapter: true}, true],
  ])('%j is software: %s', (info, expected) => expect(isSoftware(adapter(info))).toBe(expected));
});
