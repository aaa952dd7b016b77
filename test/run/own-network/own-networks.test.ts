import {fileURLToPath} from 'node:url';
import {expect, onTestFinished, test} from 'vitest';
import type {Device} from '../../../src/device/device.js';
import type {NetworkRequest} from '../../../src/losses/network-contract.js';
import type {Row} from '../../../src/rows/row.js';
import {RunNetworks} from '../../../src/run/networks.js';
import {scoreRows} from '../../../src/run/rows.js';
import {photoCrops} from '../crops.js';
import {cpu, tensorDevice} from '../devices.js';
import {collect, loaded, stream} from '../loaded.js';
import {builtIn, configuredWith} from '../losses.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/networks/own/${name}`, import.meta.url));
const request = (model: string, said: object = {}): NetworkRequest => ({
  ...{network: {model: fixture(model), ...said}, weights: 'default', pooling: 'max', input: 'weights'},
});

async function networksOn(device: Device): Promise<RunNetworks> {
  const networks = new RunNetworks(device, {threads: 1, cwd: fixture('.')});
  onTestFinished(() => networks.close());
  return networks;
}

test('on another device than the CPU rows are the same, whatever the batch', async () => {
  const crops = (await photoCrops(6, 40, 44)).map(({pred, target}, i) => loaded(String(i), {pred, target} as never));
  const rowsOf = async (device: Device, model: string, batchSize: number) => {
    const networks = await networksOn(device);
    const network = {model: fixture(model)};
    const losses = await configuredWith(
      (asked) => networks.open(asked),
      builtIn('perceptual', {network, layers: {relu2: 1, relu3: 1}}),
      builtIn('texture', {network, layers: {relu3: 1}}),
    );
    const {signal} = new AbortController();
    return collect<Row>(scoreRows(stream(crops), {losses, device, batchSize, signal}));
  };
  for (const model of ['network.onnx', 'layers.json']) {
    const onCpu = await rowsOf(await cpu(), model, 1);
    expect(onCpu.map(({status}) => status)).toEqual(crops.map(() => 'ok'));
    expect(new Set(onCpu.map(({cells}) => cells.perceptual)).size).toBe(crops.length);
    for (const batchSize of [1, 4]) expect(await rowsOf(await tensorDevice(), model, batchSize)).toStrictEqual(onCpu);
  }
});

test('equal requests share a network, and unit is another one', async () => {
  const networks = await networksOn(await cpu());
  const said = {mean: 0.5, std: 0.25, range: [0, 255], color: 'bgr'};
  const [one, again] = await Promise.all([1, 2].map(() => networks.open(request('network.onnx', said))));
  expect(again).toBe(one);
  expect(await networks.open({...request('network.onnx', said), input: 'unit'})).not.toBe(one);
  expect(networks.used()).toMatchObject([
    {
      network: 'network.onnx',
      preprocessing: {order: 'bgr', scale: 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]},
    },
    {network: 'network.onnx', preprocessing: {order: 'bgr', scale: 1, mean: [0, 0, 0], std: [1, 1, 1]}},
  ]);
});

test('nothing was published for it, and a shape is known when an image has passed', async () => {
  const network = await (await networksOn(await cpu())).open(request('network.onnx'));
  await expect(network.published('lpips')).rejects.toThrow(
    'lpips has no published weights for a model of your own, network.onnx',
  );
  await network.useLayers?.(['relu2']);
  expect(() => network.shape('relu2', 10, 12)).toThrow('no image of 10×12 has passed network.onnx yet');
  const data = new Uint8Array(360);
  const view = {data, height: 10, width: 12, channels: 3, scale: 1 / 255, offset: 0, integer: true};
  const comparison = network.comparison([{layer: 'relu2', statistic: 'difference'}]);
  expect(await comparison?.compare({x: view, y: view, validX: null, validY: null})).toEqual([0]);
  expect(network.shape('relu2', 10, 12)).toEqual({channels: 16, height: 3, width: 4});
});
