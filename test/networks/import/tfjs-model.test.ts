import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {NamedTensor} from '@tensorflow/tfjs-core/dist/tensor_types.js';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {fileWeights} from '../../../src/networks/weights/file.js';
import {wasm} from '../../losses/score.js';
import {plain, SMALL_WEIGHTS, smallNetwork} from './small.js';

const LAYERS = new Map([
  ['conv1_1', 'block1_conv1'],
  ['conv1_2', 'block1_conv2'],
  ['conv2_1', 'block2_conv1'],
]);

let root = '';
let folder = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cv-loss-tfjs-'));
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'model-'));
});
afterAll(() => rmSync(root, {recursive: true}));

/** The weights as tfjs itself encodes them. */
async function encoded() {
  const tf = await wasm();
  const tensors: NamedTensor[] = [];
  for (const [name, {kernel, bias}] of SMALL_WEIGHTS) {
    const outputs = bias.length;
    const oihw = tf.tensor4d([...kernel], [outputs, kernel.length / outputs / 9, 3, 3]);
    const layer = LAYERS.get(name);
    tensors.push({name: `${layer}/kernel`, tensor: tf.transpose(oihw, [2, 3, 1, 0])});
    tensors.push({name: `${layer}/bias`, tensor: tf.tensor1d([...bias])});
  }
  const {data, specs} = await tf.io.encodeWeights(tensors);
  return {bytes: Buffer.from(data), specs};
}

interface Manifest {
  readonly paths: readonly string[];
  readonly weights: readonly unknown[];
}

function write(manifest: readonly Manifest[]): string {
  const path = join(folder, 'model.json');
  writeFileSync(path, JSON.stringify({format: 'layers-model', modelTopology: {}, weightsManifest: manifest}, null, 1));
  return path;
}

async function refusal(path: string): Promise<string> {
  const error = await fileWeights(smallNetwork(), path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message.replace(`weights '${path}': `, '');
}

describe('a tfjs model', () => {
  test('in one shard, in shards that cut through tensors, in groups and in subfolders', async () => {
    const {bytes, specs} = await encoded();
    const check = async (path: string) => {
      const {weights, origin} = await fileWeights(smallNetwork(), path);
      expect(plain(weights)).toEqual(SMALL_WEIGHTS);
      expect(origin.id).toBe('original');
    };
    writeFileSync(join(folder, 'all.bin'), bytes);
    await check(write([{paths: ['all.bin'], weights: specs}]));
    const paths = [];
    for (let at = 0; at < bytes.length; at += 333) {
      paths.push(`part-${at}.bin`);
      writeFileSync(join(folder, `part-${at}.bin`), bytes.subarray(at, at + 333));
    }
    expect(paths.length).toBeGreaterThan(5);
    await check(write([{paths, weights: specs}]));
    mkdirSync(join(folder, 'shards'));
    const first = 4 * (108 + 4);
    writeFileSync(join(folder, 'shards', '1'), bytes.subarray(0, first));
    writeFileSync(join(folder, 'shards', '2'), bytes.subarray(first));
    const groups = [
      {paths: ['shards/1'], weights: specs.slice(0, 2)},
      {paths: ['./shards/../shards/2'], weights: specs.slice(2)},
    ];
    await check(write(groups));
  });

  test.each(['../secret.bin', 'a/../../secret.bin', '/etc/hostname', '..'])(
    'a shard at %s is not read',
    async (shard) => {
      const {bytes, specs} = await encoded();
      writeFileSync(join(root, 'secret.bin'), bytes);
      expect(await refusal(write([{paths: [shard], weights: specs}]))).toBe(
        `its shard ${shard} lies outside the model's folder`,
      );
    },
  );

  test('a shard that is missing or too short, quantised tensors, a manifest that is none', async () => {
    const {bytes, specs} = await encoded();
    const path = write([{paths: ['all.bin'], weights: specs}]);
    expect(await refusal(path)).toBe('its shard all.bin cannot be read (ENOENT)');
    writeFileSync(join(folder, 'all.bin'), bytes.subarray(0, bytes.length - 4));
    expect(await refusal(path)).toBe('tensor block2_conv1/bias takes 24 bytes, its shards hold 20 of them');
    const quantised = [{...specs[0], quantization: {dtype: 'uint8', scale: 1, min: 0}}, ...specs.slice(1)];
    expect(await refusal(write([{paths: ['all.bin'], weights: quantised}]))).toBe(
      'tensor block1_conv1/kernel is quantised, expected float32',
    );
    expect(await refusal(write([{paths: ['all.bin'], weights: [{name: 'a', shape: [-1], dtype: 'float32'}]}]))).toBe(
      'a tensor of its weightsManifest has no name, shape or known dtype: a',
    );
    expect(await refusal(write([{paths: ['all.bin'], weights: 'none' as never}]))).toBe(
      'a group of its weightsManifest has no paths or no weights',
    );
  });
});
