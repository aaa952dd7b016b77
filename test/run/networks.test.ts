import {availableParallelism} from 'node:os';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import type {NetworkRequest} from '../../src/losses/network-contract.js';
import type {FastExecutor, GpuProvider} from '../../src/networks/fast-executor.js';
import {type FastRuntime, networkOfLoss, RunNetworks} from '../../src/run/networks.js';
import {cpu, tensorDevice} from './devices.js';

const HASHED: NetworkRequest = {network: 'squeezenet1_0', weights: {hashed: 0}, pooling: 'max', input: 'weights'};
const BUNDLED: NetworkRequest = {...HASHED, weights: 'default', pooling: 'average'};

/** A runtime that notes what is done with it; `gpu` are the providers that compute. */
function noting(problem: string | null, gpu: readonly GpuProvider[] = []) {
  const done: string[] = [];
  const executor = (name: string): FastExecutor => ({
    comparison: () => ({compare: async () => [], maps: async () => []}),
    passes: 0,
    close: async () => void done.push(`close ${name}`),
  });
  const runtime: FastRuntime = {
    async problem() {
      done.push('look');
      return problem;
    },
    async chooseProvider(candidates) {
      done.push(`choose of ${candidates.join()}`);
      const provider = candidates.find((one) => gpu.includes(one)) ?? null;
      const tried = candidates.slice(0, provider ? candidates.indexOf(provider) : candidates.length);
      return {provider, reasons: tried.map((one) => `${one}: not here`)};
    },
    executor: ({weightsSource}, {threads, provider}) => {
      done.push(`make ${weightsSource} with ${threads}${provider ? ` on ${provider}` : ''}`);
      return {...executor(weightsSource), provider};
    },
  };
  return {done, runtime};
}

test('a runtime that is there: asked for once, given the threads, closed with the run', async () => {
  const {done, runtime} = noting(null);
  const lines: string[] = [];
  const networks = new RunNetworks(await cpu(), {threads: 3, onNotice: (line) => lines.push(line)}, runtime);
  expect(done).toEqual([]);
  expect(networks.used()).toEqual([]);
  expect(networks.versions()).toEqual({});
  const [one, again] = await Promise.all([networks.open(HASHED), networks.open({...HASHED})]);
  expect(again).toBe(one);
  expect(one.comparison([{layer: 'fire2', statistic: 'difference'}])).not.toBeNull();
  await networks.open(BUNDLED);
  expect(done).toEqual(['look', 'make hashed seed 0 with 3', 'make bundled with 3']);
  expect(networks.used()).toMatchObject([
    {network: 'squeezenet1_0', weights: 'hashed seed 0', pooling: 'max', executor: 'onnxruntime', threads: 3},
    {network: 'squeezenet1_0', weights: 'bundled', pooling: 'average', executor: 'onnxruntime', threads: 3},
  ]);
  expect(networks.versions()).toEqual({'onnxruntime-node': expect.stringMatching(/^\d+\.\d+\.\d+$/)});
  await networks.close();
  expect(done.slice(3).sort()).toEqual(['close bundled', 'close hashed seed 0']);
  expect(lines).toEqual([]);
});

test('one that is not there: one notice, when the first network is asked for, and tfjs in its place', async () => {
  const {done, runtime} = noting('onnxruntime-node is not installed');
  const lines: string[] = [];
  const networks = new RunNetworks(await cpu(), {onNotice: (line) => lines.push(line)}, runtime);
  expect(lines).toEqual([]);
  await Promise.all([networks.open(HASHED), networks.open(BUNDLED)]);
  expect(lines).toEqual([
    'networks run on tfjs, several times slower: onnxruntime-node is not installed (npm install onnxruntime-node --ignore-scripts) [CVL-W012]',
  ]);
  expect(done).toEqual(['look']);
  expect((await networks.open(HASHED)).comparison([{layer: 'fire2', statistic: 'gram'}])).toBeNull();
  // WebAssembly has one thread in Node.
  expect(networks.used()).toMatchObject([
    {executor: 'tfjs', threads: 1},
    {executor: 'tfjs', threads: 1},
  ]);
  expect(networks.versions()).toEqual({});
  await networks.close();
});

test.each([
  ['tensorflow', ['cuda', 'webgpu'], 'choose of cuda', 'cuda', "networks run on ONNX Runtime's cuda provider"],
  // An adapter of WebGPU that is software would be taken for a GPU.
  [
    'tensorflow',
    ['webgpu'],
    'choose of cuda',
    null,
    'networks run on tfjs, on device tensorflow (cuda: not here) [CVL-W012]',
  ],
  [
    'webgpu',
    ['webgpu'],
    'choose of cuda,webgpu',
    'webgpu',
    "networks run on ONNX Runtime's webgpu provider (cuda: not here)",
  ],
  [
    'webgpu',
    [],
    'choose of cuda,webgpu',
    null,
    'networks run on tfjs, on device webgpu (cuda: not here; webgpu: not here) [CVL-W012]',
  ],
] as const)(
  'device %s on a GPU where %j compute: once chosen, said in one line',
  async (name, gpu, choice, provider, said) => {
    const {done, runtime} = noting(null, gpu);
    const lines: string[] = [];
    const device = {...(await tensorDevice()), name, gpu: true};
    const networks = new RunNetworks(device, {threads: 3, onNotice: (line) => lines.push(line)}, runtime);
    await Promise.all([networks.open(HASHED), networks.open(BUNDLED)]);
    const made = provider
      ? ['make hashed seed 0 with 3', 'make bundled with 3'].map((one) => `${one} on ${provider}`)
      : [];
    expect(done).toEqual([choice, ...made]);
    expect(lines).toEqual([said]);
    const used = provider ? {executor: 'onnxruntime', provider, threads: 3} : {executor: 'tfjs', threads: null};
    expect(networks.used()).toMatchObject([used, used]);
    expect(networks.used().map((one) => 'provider' in one)).toEqual(Array(2).fill(provider !== null));
    await networks.close();
  },
);

test('another device that is software computes networks itself, and nothing is missing', async () => {
  const {done, runtime} = noting('not asked');
  const lines: string[] = [];
  const networks = new RunNetworks(await tensorDevice(), {onNotice: (line) => lines.push(line)}, runtime);
  await networks.open(HASHED);
  expect(networks.used()).toMatchObject([{executor: 'tfjs', threads: null}]);
  expect({done, lines}).toEqual({done: [], lines: []});
  await networks.close();
});

test('ONNX Runtime itself, with a thread a core', async () => {
  const networks = new RunNetworks(await cpu(), {});
  await networks.open(HASHED);
  expect(networks.used()).toMatchObject([{executor: 'onnxruntime', threads: availableParallelism()}]);
  // Off before the runtime is loaded: it sends nothing.
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
  await networks.close();
});

describe('what is wrong with a network is said with the loss', () => {
  const failing = (error: Error) => networkOfLoss('deep', () => Promise.reject(error));

  test('and how the command line gives it weights, where they are missing', async () => {
    await expect(failing(new UsageError('CVL-N003', 'no weights'))({...HASHED, weights: 'default'})).rejects.toThrow(
      new UsageError('CVL-N003', "loss 'deep': no weights; as a flag: --set losses.deep.weights=FILE"),
    );
    await expect(failing(new UsageError('CVL-N003', 'not a file'))({...HASHED, weights: '/w'})).rejects.toThrow(
      new UsageError('CVL-N003', "loss 'deep': not a file"),
    );
  });

  test('other errors stay what they are', async () => {
    const error = new Error('no room');
    await expect(failing(error)(HASHED)).rejects.toBe(error);
  });
});
