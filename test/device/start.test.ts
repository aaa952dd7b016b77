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
      message:
        '--device tensorflow: TensorFlow is not set up; run cv-loss setup tensorflow (with a GPU: --gpu), or use --device cpu',
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
      message: `--device tensorflow: ${NODE} does not load (The addon (tfjs_binding.node) can not be found at path: /x/y.); run cv-loss setup tensorflow again (with a GPU: --gpu), or use --device cpu`,
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
      /^--device tensorflow: @tensorflow\/tfjs-node does not load \(Cannot find [^\n]*\); run cv-loss setup tensorflow again/,
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

describe('with a TensorFlow that was set up', () => {
  test('it comes before installed packages, and gives way to them when it does not load', () => {
    const installation = new Installation();
    installation.install(NODE, workingBinding({gpu: false}));
    const versioned = `${workingBinding({gpu: false})}
      tf.backend = ((backend) => () => Object.assign(backend.call(tf), {binding: {TF_Version: '2.15.1'}}))(tf.backend);`;
    installation.setUp(versioned, false);
    expect(installation.start('tensorflow').versions).toMatchObject({tensorflow: '2.15.1', [NODE]: '4.22.0'});
    installation.setUp(notBuilt, false);
    expect(installation.start('tensorflow').versions).not.toHaveProperty('tensorflow');
  });

  test('auto does not even load one without CUDA; --require-gpu says so', () => {
    const installation = new Installation();
    installation.setUp(`process.exit(7)`, false);
    expect(installation.start('auto')).toMatchObject({name: 'cpu', squares: [1, 4, 9], stderr: ''});
    expect(installation.start('auto', '', {requireGpu: true})).toEqual({
      error: 'UsageError',
      message:
        '--require-gpu: no GPU can be used: @tensorflow/tfjs-node was set up without --gpu; run cv-loss setup tensorflow again (with a GPU: --gpu); webgpu is not installed',
      stderr: '',
    });
  });

  test('auto takes one for CUDA that sees a GPU, and not one that sees none', () => {
    const seeing = new Installation();
    seeing.setUp(workingBinding({gpu: true}), true);
    expect(seeing.start('auto', '', {requireGpu: true})).toMatchObject({name: 'tensorflow', gpu: true});
    const blind = new Installation();
    blind.setUp(workingBinding({gpu: false}), true);
    expect(blind.start('auto')).toMatchObject({name: 'cpu'});
    expect(blind.start('tensorflow', '', {requireGpu: true}).message).toBe(
      "--device tensorflow: @tensorflow/tfjs-node sees no GPU; nvidia-smi must list one, with NVIDIA's driver 525 or newer",
    );
  });

  test.runIf(process.platform === 'linux')(
    'auto does not even load one for CUDA where the machine shows no GPU',
    () => {
      const bare = new Installation('-1');
      bare.setUp(`process.exit(7)`, true);
      expect(bare.start('auto')).toMatchObject({name: 'cpu', squares: [1, 4, 9], stderr: ''});
      expect(bare.start('auto', '', {requireGpu: true}).message).toContain('sees no GPU; nvidia-smi must list one');
    },
  );

  test('the wrong CUDA is a reason of one line', () => {
    const installation = new Installation();
    installation.setUp(
      `throw new Error('libcudart.so.12: cannot open shared object file: No such file\\nRequire stack:')`,
      true,
    );
    const {error, message} = installation.start('tensorflow');
    expect({error, message}).toEqual({
      error: 'UsageError',
      message: expect.stringMatching(
        /^--device tensorflow: .* does not load \(libcudart\.so\.12: cannot open[^\n]*\); run cv-loss setup tensorflow again/,
      ),
    });
  });

  test('a library that was cut short is told before it is loaded, which would end the process', () => {
    const installation = new Installation();
    installation.setUp(`process.kill(process.pid, 'SIGBUS')`, true);
    const main = 'node_modules/@tensorflow/tfjs-node/main.js';
    const refused = (libraries: object) => {
      installation.write('home/tensorflow/made/setup.json', JSON.stringify({gpu: true, libraries}));
      return installation.start('tensorflow').message;
    };
    expect(refused({[main]: 1000})).toMatch(
      /does not load \(.*main\.js is damaged: it has \d+ bytes, not 1000\); run cv-loss/,
    );
    expect(refused({'gone.so.2': 5})).toContain(
      'does not load (gone.so.2 is missing); run cv-loss setup tensorflow again',
    );
  });

  test.each(['{', '{"folder": "../elsewhere"}', '{"folder": "gone"}'])('a current.json of %s is none', (text) => {
    const installation = new Installation();
    installation.setUp(workingBinding({gpu: true}), true);
    installation.write('home/tensorflow/current.json', text);
    expect(installation.start('tensorflow').message).toContain('TensorFlow is not set up');
  });
});

test('--require-gpu refuses the CPU', () => {
  expect(new Installation().start('cpu', '', {requireGpu: true})).toMatchObject({
    error: 'UsageError',
    message: '--require-gpu: device cpu uses no GPU; cv-loss doctor says what is missing',
  });
});
