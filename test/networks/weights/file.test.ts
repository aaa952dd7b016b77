import {mkdtempSync, rmSync, truncateSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {convolutions, kernelShape} from '../../../src/networks/convolutions.js';
import {knownNetwork} from '../../../src/networks/known.js';
import {findWeights, loadNetwork} from '../../../src/networks/load.js';
import {WeightsStore} from '../../../src/networks/store/weights-store.js';
import {writeSafetensors, type ZeroTensor} from './write-safetensors.js';

/** torchvision's tensors of a VGG, by the numbers of its convolutions. */
const NUMBERS = {
  vgg16: [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28],
  vgg19: [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34],
};

const CLASSIFIER = [
  {name: 'classifier.0.weight', shape: [4096, 25088]},
  {name: 'classifier.0.bias', shape: [4096]},
];

function tensorsOf(id: keyof typeof NUMBERS): ZeroTensor[] {
  return convolutions(knownNetwork(id).definition).flatMap((one, i) => [
    {name: `features.${NUMBERS[id][i]}.weight`, shape: kernelShape(one)},
    {name: `features.${NUMBERS[id][i]}.bias`, shape: [kernelShape(one)[0]]},
  ]);
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-weights-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const request = (network: string, weights: string) => ({network, weights, pooling: 'max', input: 'weights'}) as const;

async function refusal(network: string, tensors: readonly ZeroTensor[]): Promise<string> {
  const path = join(folder, 'refused.safetensors');
  writeSafetensors(path, tensors);
  const error = await loadNetwork(request(network, path)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message.replace(`weights '${path}': `, '');
}

describe("torchvision's weights", () => {
  test.each(['vgg16', 'vgg19'] as const)('of %s are taken, the classifier unread', async (id) => {
    const path = join(folder, `${id}.safetensors`);
    const last = NUMBERS[id].at(-1);
    const values = new Map([
      ['features.0.weight', 0.25],
      [`features.${last}.bias`, -3],
      ['classifier.0.bias', Number.NaN],
    ]);
    writeSafetensors(path, [...CLASSIFIER, ...tensorsOf(id).reverse()], values);
    const loaded = await loadNetwork(request(id, path));
    expect(loaded.weights.get('conv1_1')?.kernel[0]).toBe(0.25);
    expect(loaded.weights.get(id === 'vgg16' ? 'conv5_3' : 'conv5_4')?.bias[0]).toBe(-3);
    expect(loaded.weightsSource).toBe(`${id}.safetensors`);
    expect(loaded.calibration).toBeNull();
    expect(loaded.preprocessing).toEqual({
      order: 'rgb',
      scale: 1,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
  });

  test('of the other VGG are recognised', async () => {
    expect(await refusal('vgg19', tensorsOf('vgg16'))).toBe(
      'this looks like vgg16, not vgg19: there is no tensor features.16.weight, expected F32 [256, 256, 3, 3]',
    );
    expect(await refusal('vgg16', [...tensorsOf('vgg19'), ...CLASSIFIER])).toBe(
      'this looks like vgg19, not vgg16: there is no tensor features.17.weight, expected F32 [512, 256, 3, 3]',
    );
  });

  test('with batch normalisation are recognised', async () => {
    expect(await refusal('vgg16', [{name: 'features.1.running_mean', shape: [64]}])).toBe(
      'this network has batch normalisation, vgg16 has none: there is no tensor features.0.weight, expected F32 [64, 3, 3, 3]',
    );
  });

  test('of a wrong shape or type: the first that does not fit is named', async () => {
    const change = (name: string, to: Partial<ZeroTensor>) =>
      tensorsOf('vgg16').map((tensor) => (tensor.name === name ? {...tensor, ...to} : tensor));
    const problem =
      "these are not the weights of vgg16 (torchvision's vgg16, or the original vgg16 as Keras has it): tensor ";
    expect(await refusal('vgg16', change('features.5.weight', {shape: [128, 64, 1, 1]}))).toBe(
      `${problem}features.5.weight is F32 [128, 64, 1, 1], expected F32 [128, 64, 3, 3]`,
    );
    expect(await refusal('vgg16', change('features.7.bias', {shape: [1, 128]}))).toBe(
      `${problem}features.7.bias is F32 [1, 128], expected F32 [128]`,
    );
    expect(await refusal('vgg16', change('features.28.weight', {dtype: 'F16'}))).toBe(
      `${problem}features.28.weight is F16 [512, 512, 3, 3], expected F32 [512, 512, 3, 3]`,
    );
  });

  test('cut short are refused before they are read', async () => {
    const path = join(folder, 'short.safetensors');
    writeSafetensors(path, tensorsOf('vgg16'));
    truncateSync(path, 1_000_000);
    await expect(loadNetwork(request('vgg16', path))).rejects.toThrow('it is cut short');
  });
});

describe('weights of a network', () => {
  test('that are not on this machine: the commands that get them', async () => {
    const store = new WeightsStore(folder);
    const refused = (network: string, weights: string) =>
      findWeights({network, weights}, store).catch((error: unknown) => error);
    expect(await refused('vgg19', 'default')).toEqual(
      new UsageError(
        'CVL-N003',
        'network vgg19: its weights (original) are not on this machine: cv-loss models pull vgg19, or, from a file you have: cv-loss models import vgg19 FILE',
      ),
    );
    expect(await refused('vgg19', 'torchvision')).toEqual(
      new UsageError(
        'CVL-N003',
        'network vgg19: its weights (torchvision) are not on this machine: cv-loss models pull vgg19 --source torchvision, or, from a file you have: cv-loss models import vgg19 FILE',
      ),
    );
    expect(await refused('alexnet', 'original')).toEqual(
      new UsageError('CVL-N002', "network alexnet has no 'original' weights; it has: torchvision"),
    );
  });

  test('SqueezeNet takes a file with the names of the bundled one', async () => {
    const loaded = await loadNetwork(request('squeezenet1_0', 'weights/squeezenet1_0-features.safetensors'));
    const bundled = await loadNetwork(request('squeezenet1_0', 'default'));
    expect(loaded.weightsSource).toBe('squeezenet1_0-features.safetensors');
    expect(loaded.weightsHash).toBe(bundled.weightsHash);
    expect(loaded.calibration).toEqual(bundled.calibration);
  });
});
