import type {Tensor4D} from '@tensorflow/tfjs-core';
import {describe, expect, expectTypeOf, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import type * as contract from '../../src/losses/network-contract.js';
import type * as fast from '../../src/networks/fast-executor.js';
import type {FeatureNetwork} from '../../src/networks/feature-network.js';
import {NetworkLibrary} from '../../src/networks/open.js';
import type {NetworkRequest} from '../../src/networks/request.js';
import {wasm} from '../losses/score.js';

const SQUEEZENET: NetworkRequest = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'};

/** An executor that remembers what became of it. */
function executor() {
  const events: string[] = [];
  const factory: fast.FastExecutorFactory = (loaded, {threads}) => {
    events.push(`start ${loaded.id} ${threads}`);
    return {
      comparison: (terms) => ({compare: async () => terms.map((_, i) => i), maps: async () => terms.map(() => null)}),
      passes: 0,
      close: async () => {
        events.push('close');
      },
    };
  };
  return {events, factory};
}

describe('the networks of a run', () => {
  test('are what losses expect of them', () => {
    expectTypeOf<FeatureNetwork>().toExtend<contract.TensorNetwork>();
    expectTypeOf<contract.NetworkRequest & {readonly network: string}>().toExtend<NetworkRequest>();
    expectTypeOf<NetworkRequest>().toExtend<contract.NetworkRequest>();
    expectTypeOf<contract.FeatureTerm>().toEqualTypeOf<fast.FeatureTerm>();
    expectTypeOf<contract.FeaturePair>().toEqualTypeOf<fast.FeaturePair>();
    expectTypeOf<contract.FeatureComparison>().toEqualTypeOf<fast.FeatureComparison>();
  });

  test('are shared by equal requests, and their weights by others', async () => {
    const tf = await wasm();
    const before = tf.memory().numTensors;
    const library = new NetworkLibrary(tf);
    const image = tf.tensor4d(new Float32Array(7 * 7 * 3), [1, 7, 7, 3]);
    const count = (network: FeatureNetwork) => {
      tf.dispose(network.features(image, ['relu_conv1']));
      return tf.memory().numTensors;
    };
    const [one, same] = await Promise.all([library.open(SQUEEZENET), library.open({...SQUEEZENET})]);
    expect(same).toBe(one);
    const unit = await library.open({...SQUEEZENET, input: 'unit'});
    expect(unit).not.toBe(one);
    const made = count(one);
    expect(made).toBeGreaterThan(before + 1);
    expect(count(unit)).toBe(made);
    expect(library.opened()).toHaveLength(2);
    await library.close();
    tf.dispose(image);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('have layers, shapes, valid positions and constants', async () => {
    const library = new NetworkLibrary(await wasm());
    const network = await library.open(SQUEEZENET);
    expect(network.id).toBe('squeezenet1_0');
    expect(network.layers[1]).toBe('fire2');
    expect(network.shape('fire2', 40, 33)).toEqual({channels: 128, height: 8, width: 7});
    expect(network.validAt('fire2', new Uint8Array(40 * 33).fill(1), 40, 33)).toHaveLength(56);
    expect(Object.keys(network.calibration ?? {})).toEqual(network.layers);
    expect(network.memory(['fire2'], 40, 33)).toBeGreaterThan(4 * 96 * 17 * 14);
    expect(network.comparison([{layer: 'fire2', statistic: 'gram'}])).toBeNull();
    await library.close();
  });

  test('features of a network are those of its weights', async () => {
    const tf = await wasm();
    const library = new NetworkLibrary(tf);
    const image = tf.tensor4d(
      Float32Array.from({length: 300}, (_, i) => (i % 17) / 17),
      [1, 10, 10, 3],
    );
    const of = async (request: NetworkRequest) => {
      const {fire2} = (await library.open(request)).features(image, ['fire2']);
      return [...(await (fire2 as Tensor4D).data())];
    };
    const bundled = await of(SQUEEZENET);
    expect(await of({...SQUEEZENET, weights: {hashed: 0}})).not.toEqual(bundled);
    expect(await of({...SQUEEZENET, input: 'unit'})).not.toEqual(bundled);
    expect(await of({...SQUEEZENET, pooling: 'average'})).not.toEqual(bundled);
    await library.close();
    tf.dispose(image);
  });

  test('are listed for the report, in the order of the requests', async () => {
    const {factory} = executor();
    const library = new NetworkLibrary(await wasm(), {fast: factory, threads: 2});
    await Promise.all([
      library.open({network: 'vgg16', weights: {hashed: 5}, pooling: 'average', input: 'unit'}),
      library.open(SQUEEZENET),
    ]);
    const [vgg, squeezenet] = library.opened();
    expect(vgg).toMatchObject({
      network: 'vgg16',
      weights: 'hashed seed 5',
      pooling: 'average',
      executor: 'onnxruntime',
    });
    expect(squeezenet).toEqual({
      network: 'squeezenet1_0',
      weights: 'bundled',
      weights_sha256: '2d5780d47ab7eec3a1616c9e2b727c09244ad1d6ed34724599b7f61d6929fd5e',
      preprocessing: {order: 'bgr', scale: 255, mean: [104, 117, 123], std: [1, 1, 1]},
      pooling: 'max',
      executor: 'onnxruntime',
    });
    await library.close();
  });

  test('use the fast executor where there is one, once for each, and close it', async () => {
    const {events, factory} = executor();
    const library = new NetworkLibrary(await wasm(), {fast: factory, threads: 2});
    const network = await library.open(SQUEEZENET);
    await library.open(SQUEEZENET);
    expect(network.comparison([{layer: 'fire2', statistic: 'gram'}])).not.toBeNull();
    await library.close();
    expect(events).toEqual(['start squeezenet1_0 2', 'close']);

    const without = new NetworkLibrary(await wasm(), {fast: () => null});
    expect((await without.open(SQUEEZENET)).comparison([])).toBeNull();
    expect(without.opened()[0]?.executor).toBe('tfjs');
    await without.close();
  });

  test('that cannot be opened are not listed, and do not keep the library from closing', async () => {
    const {events, factory} = executor();
    const library = new NetworkLibrary(await wasm(), {fast: factory});
    await library.open(SQUEEZENET);
    await expect(library.open({...SQUEEZENET, network: 'vgg19'})).rejects.toThrow(UsageError);
    await expect(library.open({...SQUEEZENET, network: 'resnet50'})).rejects.toThrow("network 'resnet50' is not known");
    expect(library.opened().map(({network}) => network)).toEqual(['squeezenet1_0']);
    await library.close();
    expect(events.at(-1)).toBe('close');
  });
});
