import {afterAll, expect, test} from 'vitest';
import {startDevice} from '../../src/device/start.js';
import type {FastExecutor, FeatureTerm} from '../../src/networks/fast-executor.js';
import {onnxExecutor} from '../../src/networks/onnx/executor.js';
import {chooseProvider} from '../../src/networks/onnx/gpu-provider.js';
import {fixture, Workspace} from '../cli/workspace.js';
import {expectClose} from '../losses/close.js';
import {smallNetwork, values} from '../networks/onnx/small-network.js';

const work = new Workspace(afterAll);
const {VK_ICD_FILENAMES = '', LD_LIBRARY_PATH = '', NODE_PATH = ''} = process.env;
const env = {VK_ICD_FILENAMES, LD_LIBRARY_PATH, NODE_PATH};
const pair = ['--pred', fixture('photos/pred/000.png'), '--target', fixture('photos/target/000.png'), '--quiet'];

/** Without what Vulkan's loader and Dawn print. */
function ours(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('cv-loss: '));
}

test('eval computes on it, the report names it, and no tensor is left', async () => {
  const {code, stderr} = await work.run(
    ['eval', ...pair, '--losses', 'mse,mae', '--device', 'webgpu', '--report', 'webgpu'],
    {env},
  );
  expect({code, said: ours(stderr)}).toEqual({code: 0, said: []});
  expect(work.json('webgpu', 'report.json')).toMatchObject({
    device: {
      name: 'webgpu',
      gpu: false,
      versions: {webgpu: expect.any(String), '@tensorflow/tfjs-backend-webgpu': expect.any(String)},
    },
  });
  expect((await work.run(['eval', ...pair, '--losses', 'mse,mae', '--device', 'cpu', '--report', 'cpu'])).code).toBe(0);
  const [[, onCpu]] = [...work.rows('cpu')] as [[string, Record<string, string>]];
  const [[, row]] = [...work.rows('webgpu')] as [[string, Record<string, string>]];
  for (const name of ['mse', 'mae'])
    expectClose(Number(row[name]), Number(onCpu[name]), {relative: 1e-4, floor: 1e-7}, name);
});

test('software is no GPU: auto takes the CPU, --require-gpu refuses', async () => {
  const auto = await work.run(['eval', ...pair, '--losses', 'mse', '--report', 'auto'], {env});
  expect({code: auto.code, said: ours(auto.stderr)}).toEqual({code: 0, said: []});
  expect(work.json('auto', 'report.json')).toMatchObject({device: {name: 'cpu'}});
  const required = await work.run(['eval', ...pair, '--require-gpu', '--device', 'webgpu', '--no-report'], {env});
  expect({code: required.code, said: ours(required.stderr)}).toEqual({
    code: 2,
    said: [expect.stringMatching(/^cv-loss: --require-gpu: device webgpu is software \(llvmpipe/)],
  });
});

test('no adapter: one line, exit code 2', async () => {
  const {code, stderr} = await work.run(['eval', ...pair, '--device', 'webgpu', '--no-report'], {
    env: {...env, VK_ICD_FILENAMES: work.path('no-driver.json')},
  });
  expect({code, said: ours(stderr)}).toEqual({
    code: 2,
    said: [expect.stringMatching(/^cv-loss: --device webgpu: there is no adapter: .*, or use --device cpu$/)],
  });
});

test('a tensor over the limit of a buffer is an error, not zeros, and the device goes on', async () => {
  const {tf, checked, memoryLimit, close} = await startDevice('webgpu');
  const one = () => tf.add(tf.ones([4]), 1).data();
  const tooLarge = async () => {
    const large = tf.ones([memoryLimit / 4 / 4 + 1024]);
    return (await tf.slice(tf.add(large, 1), [0], [4]).data())[0];
  };
  // What comes of it unwatched.
  expect(await tooLarge()).not.toBe(2);
  await expect(checked?.(one)).rejects.toThrow();
  expect(Array.from((await checked?.(one)) ?? [])).toEqual([2, 2, 2, 2]);
  await expect(checked?.(tooLarge)).rejects.toThrow(/limit|exceed|size/i);
  expect(Array.from((await checked?.(one)) ?? [])).toEqual([2, 2, 2, 2]);
  await close?.();
});

test('it starts again after it was closed', async () => {
  for (let turn = 0; turn < 2; turn++) {
    const {tf, close} = await startDevice('webgpu');
    expect(Array.from(await tf.add(tf.ones([4]), turn).data())).toEqual(Array(4).fill(1 + turn));
    await close?.();
  }
});

test('two runs share it until the last is closed, and another device takes nothing from it', async () => {
  const [first, second, cpu] = [await startDevice('webgpu'), await startDevice('webgpu'), await startDevice('cpu')];
  await cpu.ready();
  const one = async ({tf}: typeof first) => Array.from(await tf.add(tf.ones([4]), 1).data());
  expect(await Promise.all([first, cpu, second].map(one))).toEqual(Array(3).fill([2, 2, 2, 2]));
  expect(first.tf.getBackend()).toBe('webgpu');
  const tooLarge = async () => (await first.tf.add(first.tf.ones([first.memoryLimit / 4]), 1).data())[0];
  const ended = await Promise.allSettled([first.checked?.(tooLarge), second.checked?.(() => one(second))]);
  expect(ended.map(({status}) => status)).toEqual(['rejected', 'fulfilled']);
  await first.close?.();
  expect(await second.checked?.(() => one(second))).toEqual([2, 2, 2, 2]);
  await second.close?.();
  expect(() => second.tf.ones([1])).toThrow('the backend webgpu is closed');
});

test("ONNX Runtime's WebGPU beside it: the terms of networks are those of the CPU", async () => {
  const device = await startDevice('webgpu');
  const {provider} = await chooseProvider(['cuda', 'webgpu']);
  expect(provider).toBe('webgpu');
  const network = smallNetwork(16, 'max');
  const [height, width] = [33, 40];
  const image = (seed: number) => {
    const data = values(height * width * 3, seed).map((value) => value + 0.5);
    return {data, scale: 1, offset: 0, height, width, channels: 3, integer: false} as const;
  };
  const ones = Array<number>(32).fill(1);
  const terms: FeatureTerm[] = [
    {layer: 'relu1', statistic: 'difference'},
    {layer: 'pool2', statistic: 'difference'},
    {layer: 'both', statistic: 'gram'},
    {layer: 'both', statistic: 'lpips', weights: ones},
    {layer: 'both', statistic: 'dists', alpha: ones, beta: ones},
  ];
  const valid = new Uint8Array(height * width).fill(1).fill(0, 0, 300);
  const masks = [null, valid];
  const termsOn = async (on: 'webgpu' | undefined) => {
    const executor = (await onnxExecutor(network, {threads: 1, provider: on})) as FastExecutor;
    const pairs = masks.map((mask) => ({x: image(1), y: image(2), validX: mask, validY: mask}));
    const found: number[] = [];
    for (const pair of pairs) found.push(...(await executor.comparison(terms).compare(pair)));
    expect(executor.provider).toBe(on);
    await executor.close();
    return found;
  };
  const onCpu = await termsOn(undefined);
  const onGpu = await termsOn('webgpu');
  // DISTS counts whole images alone.
  expect([onCpu.pop(), onGpu.pop()]).toEqual([Number.NaN, Number.NaN]);
  onGpu.forEach((value, i) => {
    expectClose(value, onCpu[i] as number, {relative: 1e-4, floor: 1e-6}, `term ${i}`);
  });
  await device.close?.();
});
