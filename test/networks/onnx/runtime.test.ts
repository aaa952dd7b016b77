import {afterEach, expect, test, vi} from 'vitest';
import {smallNetwork} from './small-network.js';

afterEach(() => {
  vi.doUnmock('onnxruntime-node');
  vi.resetModules();
});

/** The module as if the import of ONNX Runtime had failed. */
async function whenImportThrows(error: Error) {
  vi.resetModules();
  // Vitest puts its own error around what a factory throws, so the module throws when it is first touched.
  vi.doMock('onnxruntime-node', () => ({
    get env() {
      throw error;
    },
  }));
  return {
    ...(await import('../../../src/networks/onnx/runtime.js')),
    ...(await import('../../../src/networks/onnx/executor.js')),
  };
}

test('where it loads there is no problem', async () => {
  const {onnxRuntime, onnxRuntimeProblem} = await import('../../../src/networks/onnx/runtime.js');
  expect(await onnxRuntimeProblem()).toBeNull();
  expect(await onnxRuntime()).not.toBeNull();
});

test('where it is missing, or does not load, there is no executor and one line that says why', async () => {
  const missing = await whenImportThrows(new Error("Cannot find package 'onnxruntime-node' imported from here"));
  expect(await missing.onnxExecutor(smallNetwork(5, 'max'), {threads: 1})).toBeNull();
  expect(await missing.onnxRuntimeProblem()).toBe('onnxruntime-node is not installed');

  const broken = await whenImportThrows(new Error('GLIBC_2.99 not found\nadvice of many lines'));
  expect(await broken.onnxExecutor(smallNetwork(5, 'max'), {threads: 1})).toBeNull();
  expect(await broken.onnxRuntimeProblem()).toBe(
    `onnxruntime-node does not load on ${process.platform}-${process.arch} (GLIBC_2.99 not found)`,
  );
});
