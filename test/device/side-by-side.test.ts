import {expect, test} from 'vitest';
import {Installation, workingBinding} from './scratch.js';

/** Runs code in a process that has `startDevice`, and a binding that works; gives what it printed as JSON. */
function sideBySide(code: string): unknown {
  const installation = new Installation();
  installation.install('@tensorflow/tfjs-node', workingBinding({gpu: false}));
  return installation.run(`
    const {startDevice} = await import('./device/start.js');
    // Where the numbers of a tensor lie, which the tensor library alone knows.
    const placeOf = (tf, tensor) => {
      const {state, registry} = tf.engine();
      const {backend} = state.tensorInfo.get(tensor.dataId);
      return Object.keys(registry).find((name) => registry[name] === backend);
    };
    const squares = (tf) => {
      const made = tf.tidy(() => tf.square(tf.tensor1d([1, 2, 3])));
      return {at: placeOf(tf, made), values: Array.from(made.dataSync())};
    };
    ${code}`);
}

const squares = (at: string) => ({at, values: [1, 4, 9]});

test('each of two devices computes on its own backend, in turns', () => {
  const found = sideBySide(`
    const tensorflow = await startDevice('tensorflow');
    const cpu = await startDevice('cpu');
    await cpu.ready();
    console.log(JSON.stringify([tensorflow, cpu, tensorflow].map(({tf}) => squares(tf))));`);
  expect(found).toEqual([squares('tensorflow'), squares('wasm'), squares('tensorflow')]);
});

test('one computes while another starts, and several start at once', () => {
  const found = sideBySide(`
    const tensorflow = await startDevice('tensorflow');
    const devices = await Promise.all([startDevice('cpu'), startDevice('cpu')]);
    const starting = Promise.all(devices.map(({ready}) => ready()));
    const meanwhile = squares(tensorflow.tf);
    await starting;
    const kept = devices[0].tf.tensor1d([7]);
    const others = devices.map(({tf}) => squares(tf));
    console.log(JSON.stringify({meanwhile, others, after: squares(tensorflow.tf), kept: Array.from(kept.dataSync())}));`);
  expect(found).toEqual({
    meanwhile: squares('tensorflow'),
    others: [squares('wasm'), squares('wasm')],
    after: squares('tensorflow'),
    kept: [7],
  });
});
