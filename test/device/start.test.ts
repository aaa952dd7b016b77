import {describe, expect, test} from 'vitest';
import {startDevice} from '../../src/device/start.js';
import {Installation, workingBinding} from './scratch.js';

const GPU = '@tensorflow/tfjs-node-gpu';
const NODE = '@tensorflow/tfjs-node';

/** As tfjs-node says it when its native part was not built. */
const notBuilt = `throw new Error('The addon (tfjs_binding.node) can not be found at path: /x/y.\\nPlease run npm rebuild.');`;

test('cpu computes on wasm, and says with what', async () => {
  const {name, gpu, tf, ready, versions, memoryLimit} = await startDevice('cpu');
  expect(() => tf.getBackend()).toThrow('the tensor library is not loaded');
  await ready();
  expect({name, gpu, backend: tf.getBackend()}).toEqual({name: 'cpu', gpu: false, backend: 'wasm'});
  expect(Object.keys(versions)).toEqual(['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm']);
  expect(memoryLimit).toBeLessThan(4 * 2 ** 30);
  const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
  expect(Array.from(await product.data())).toEqual([19, 22, 43, 50]);
});

describe('without a binding', () => {
  test('tensorflow is refused, with the remedy', () => {
    expect(new Installation().start('tensorflow')).toEqual({
      error: 'UsageError',
      message: `--device tensorflow: neither ${GPU} nor ${NODE} is installed; npm install one of them, or use --device cpu`,
      stderr: '',
    });
  });

  test('auto takes the CPU, quietly', () => {
    expect(new Installation().start('auto')).toMatchObject({name: 'cpu', squares: [1, 4, 9], stderr: ''});
  });
});

describe('with a binding that does not load', () => {
  test('tensorflow is refused in one line, with the reason', () => {
    const installation = new Installation();
    installation.install(NODE, notBuilt);
    expect(installation.start('tensorflow')).toEqual({
      error: 'UsageError',
      message: `--device tensorflow: ${NODE} does not load (The addon (tfjs_binding.node) can not be found at path: /x/y.); install it again, or use --device cpu`,
      stderr: '',
    });
  });

  test('both reasons are given when both are broken', () => {
    const installation = new Installation();
    installation.install(GPU, `throw new Error('libcudart.so.11.0: cannot open shared object file');`);
    installation.install(NODE, notBuilt);
    const {message} = installation.start('tensorflow');
    expect(message).toContain(`${GPU} does not load (libcudart.so.11.0: cannot open shared object file); ${NODE} does`);
  });

  test('a package without its main file is installed, and broken', () => {
    const installation = new Installation();
    installation.install(NODE, null);
    const {error, message} = installation.start('tensorflow');
    expect(error).toBe('UsageError');
    expect(message).toMatch(
      /^--device tensorflow: @tensorflow\/tfjs-node does not load \(Cannot find [^\n]*\); install it again/,
    );
  });

  test('a package that lacks something it needs says what', () => {
    const installation = new Installation();
    installation.install(NODE, `require('not-there');`);
    const {message} = installation.start('tensorflow');
    expect(message).toContain(`${NODE} does not load (Cannot find module 'not-there')`);
  });

  test('a package that has no such backend is refused', () => {
    const installation = new Installation();
    installation.install(NODE, `module.exports = require('@tensorflow/tfjs-core');`);
    const {error, message} = installation.start('tensorflow');
    expect(error).toBe('UsageError');
    expect(message).toContain(`${NODE} does not load (`);
  });

  test('auto takes the CPU', () => {
    const installation = new Installation();
    installation.install(NODE, notBuilt);
    expect(installation.start('auto')).toMatchObject({name: 'cpu', squares: [1, 4, 9]});
  });
});

describe('with a binding that works', () => {
  test('tensorflow computes on it, with or without a GPU', () => {
    const installation = new Installation();
    installation.install(NODE, workingBinding({gpu: false}));
    expect(installation.start('tensorflow')).toEqual({
      name: 'tensorflow',
      gpu: false,
      versions: {[NODE]: '4.22.0', '@tensorflow/tfjs-core': expect.stringMatching(/^4\./)},
      squares: [1, 4, 9],
      stderr: '',
    });
  });

  test('the GPU package comes first, and one that is broken gives way', () => {
    const installation = new Installation();
    installation.install(NODE, workingBinding({gpu: false}));
    installation.install(GPU, workingBinding({gpu: true}));
    expect(installation.start('tensorflow').versions).toHaveProperty([GPU]);
    installation.install(GPU, notBuilt);
    expect(installation.start('tensorflow').versions).toHaveProperty([NODE]);
  });

  test('auto takes it when it sees a GPU, else the CPU', () => {
    const installation = new Installation();
    installation.install(NODE, workingBinding({gpu: true}));
    expect(installation.start('auto')).toMatchObject({name: 'tensorflow', gpu: true, squares: [1, 4, 9], stderr: ''});
    installation.install(NODE, workingBinding({gpu: false}));
    expect(installation.start('auto')).toMatchObject({name: 'cpu', gpu: false, squares: [1, 4, 9], stderr: ''});
  });

  test('functions that newer Node took away are there for it', () => {
    const installation = new Installation();
    const uses = `
      const util = require('util');
      if (!util.isNullOrUndefined(null) || util.isNullOrUndefined(0) || !util.isArray([])) throw new Error('wrong');
      ${workingBinding({gpu: false})}`;
    installation.install(NODE, uses);
    const taken = `import util from 'node:util'; delete util.isNullOrUndefined; delete util.isArray;`;
    expect(installation.start('tensorflow', taken)).toMatchObject({name: 'tensorflow', squares: [1, 4, 9]});
  });
});
