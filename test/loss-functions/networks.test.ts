import {readFileSync} from 'node:fs';
import {beforeAll, expect, test} from 'vitest';
import {dists, lpips, readNetwork, UsageError} from '../../src/loss-functions/index.js';
import {convolutions, kernelShape} from '../../src/networks/convolutions.js';
import {squeezenet1_1} from '../../src/networks/squeezenet.js';
import {hashedWeights} from '../../src/networks/weights/hashed.js';
import {openNetwork} from '../../src/open-network.js';
import {wasm} from '../losses/score.js';

const BUNDLED = readFileSync('weights/squeezenet1_0-features.safetensors');

let tf: Awaited<ReturnType<typeof wasm>>;
beforeAll(async () => {
  tf = await wasm();
});

async function refusal(making: Promise<unknown>): Promise<string> {
  const error: unknown = await making.then(
    () => expect.unreachable('it did not throw'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
}

/** A safetensors file of tensors of 32-bit floats. */
function safetensors(tensors: ReadonlyMap<string, {readonly shape: readonly number[]; readonly values: Float32Array}>) {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, {shape, values}] of tensors) {
    header[name] = {dtype: 'F32', shape, data_offsets: [end, end + values.byteLength]};
    end += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const values = [...tensors.values()].map((one) => Buffer.from(one.values.buffer));
  return new Uint8Array(Buffer.concat([length, text, ...values]));
}

test('bytes make the network that the package brings, whatever their buffer', async () => {
  const image = tf.randomUniform([1, 40, 36, 3], 0, 1, 'float32', 1) as never;
  const opened = await openNetwork();
  const expected = opened.features(image, ['fire3']).fire3?.dataSync() ?? [];
  const shifted = new Uint8Array(BUNDLED.length + 3);
  shifted.set(BUNDLED, 3);
  for (const weights of [BUNDLED, new Uint8Array(BUNDLED).buffer, shifted.subarray(3)]) {
    const network = await readNetwork({network: 'squeezenet1_0', weights});
    expect([network.id, network.layers, network.pooling]).toEqual([opened.id, opened.layers, 'max']);
    expect(network.features(image, ['fire3']).fire3?.dataSync()).toEqual(expected);
    network.dispose();
  }
  const pooled = await openNetwork({pooling: 'average', input: 'unit'});
  const read = await readNetwork({network: 'squeezenet1_0', weights: BUNDLED, pooling: 'average', input: 'unit'});
  expect(read.features(image, ['fire3']).fire3?.dataSync()).toEqual(
    pooled.features(image, ['fire3']).fire3?.dataSync(),
  );
});

test('so do other weights, with what a metric learnt beside them', async () => {
  const list = convolutions(squeezenet1_1);
  const hashed = hashedWeights(list, 0);
  const tensors = new Map<string, {readonly shape: readonly number[]; readonly values: Float32Array}>();
  for (const convolution of list) {
    const {kernel, bias} = hashed.get(convolution.name) ?? expect.unreachable(convolution.name);
    tensors.set(`${convolution.name}.weight`, {shape: kernelShape(convolution), values: kernel});
    tensors.set(`${convolution.name}.bias`, {shape: [bias.length], values: bias});
  }
  const learnt = {lpips: readFileSync('weights/lpips/squeezenet1_1.safetensors')};
  const network = await readNetwork({network: 'squeezenet1_1', weights: safetensors(tensors), learnt});
  const opened = await openNetwork({network: 'squeezenet1_1', weights: {hashed: 0}});
  expect(network.learnt).toEqual({lpips: opened.learnt.lpips});
  const [x, y] = [1, 2].map((seed) => tf.randomUniform([64, 64, 3], 0, 1, 'float32', seed)) as [never, never];
  expect(lpips({network})(x, y).dataSync()).toEqual(lpips({network: opened})(x, y).dataSync());
});

test('what a network did not learn is asked for, and of its own layers and pooling alone', async () => {
  const network = await openNetwork();
  const refused = (code: string, message: string) => expect.objectContaining({code, message});
  expect(() => lpips({network})).toThrow(
    refused(
      'CVL-T003',
      "lpips: squeezenet1_0 with these weights brings nothing that lpips learnt; of openNetwork, these do: alexnet, vgg16, squeezenet1_1 with weights: 'torchvision'. Or give channel_weights",
    ),
  );
  expect(() => dists({network})).toThrow(
    refused(
      'CVL-T003',
      "dists: squeezenet1_0 with these weights brings nothing that dists learnt; of openNetwork, these do: vgg16 with weights: 'torchvision' and pooling: 'l2'. Or give channel_weights",
    ),
  );
  expect(() => lpips({network, channel_weights: {fire22: [1]}})).toThrow(
    refused('CVL-C026', expect.stringContaining("lpips: channel_weights: squeezenet1_0 has no layer 'fire22'")),
  );
  const shares = {alpha: [1, 1, 1], beta: [1, 1, 1]};
  expect(() => dists({network, channel_weights: {image: shares, fire22: shares}})).toThrow(
    refused('CVL-C026', expect.stringContaining("dists: channel_weights: squeezenet1_0 has no layer 'fire22'")),
  );
  expect(() => dists({network, channel_weights: {image: shares}})).not.toThrow();
  network.dispose();
  const pooled = await openNetwork({network: 'squeezenet1_1', weights: {hashed: 0}, pooling: 'average'});
  expect(() => lpips({network: pooled})).toThrow(
    refused('CVL-T003', "lpips: open its network with pooling: 'max', beside which it was learnt"),
  );
  const channel_weights = pooled.learnt.lpips ?? expect.unreachable('it learnt nothing');
  expect(() => lpips({network: pooled, channel_weights})).not.toThrow();
  pooled.dispose();
});

test('weights are freed with the network, and what was computed stays', async () => {
  const before = tf.memory().numTensors;
  const network = await openNetwork();
  const image = tf.zeros([1, 20, 20, 3]) as never;
  const {relu_conv1} = network.features(image, ['relu_conv1']);
  expect(tf.memory().numTensors).toBeGreaterThan(before + 2);
  network.dispose();
  expect(tf.memory().numTensors).toBe(before + 2);
  expect(relu_conv1?.shape).toEqual([1, 7, 7, 96]);
});

test('what is no network is refused in a line', async () => {
  const cut = BUNDLED.subarray(0, 1000);
  expect(await refusal(readNetwork({network: 'squeezenet1_0', weights: cut}))).toBe(
    'weights of squeezenet1_0: no safetensors file, or cut short: it has 1000 bytes',
  );
  expect(await refusal(readNetwork({network: 'vgg19', weights: BUNDLED}))).toContain(
    'weights of vgg19: this looks like squeezenet1_0, not vgg19',
  );
  expect(await refusal(readNetwork({network: 'squeezenet1_0', weights: new ArrayBuffer(3)}))).toContain(
    'it has 3 bytes',
  );
  expect(await refusal(openNetwork({network: 'vgg91'}))).toContain("network 'vgg91' is not known; known networks: vgg");
  expect(await refusal(openNetwork({pooling: 'mean'} as never))).toContain(
    "openNetwork: pooling: expected max, average or l2, got 'mean'",
  );
  expect(await refusal(openNetwork({layers: {}} as never))).toContain("openNetwork: unknown key 'layers'");
  const given = {network: 'squeezenet1_0', weights: BUNDLED};
  expect(await refusal(readNetwork({...given, pooling: 'mean'} as never))).toBe(
    "readNetwork: pooling: expected max, average or l2, got 'mean'",
  );
  expect(await refusal(readNetwork({...given, poolling: 'max'} as never))).toBe(
    "readNetwork: unknown key 'poolling', expected network, weights, learnt, pooling or input; did you mean 'pooling'?",
  );
  expect(await refusal(readNetwork({weights: BUNDLED} as never))).toContain("missing 'network'");
});

test('l2 pooling of a network with other pools is refused, however it is opened', async () => {
  const expected = 'network squeezenet1_0: pooling l2 takes the place of 2×2 pools, and its pool1 is 3×3';
  expect(await refusal(openNetwork({pooling: 'l2'}))).toContain(expected);
  expect(await refusal(readNetwork({network: 'squeezenet1_0', weights: BUNDLED, pooling: 'l2'}))).toContain(expected);
});
