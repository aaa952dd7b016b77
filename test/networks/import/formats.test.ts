import {mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {fileWeights} from '../../../src/networks/weights/file.js';
import {plain, SMALL_WEIGHTS, smallNetwork, weightsFile} from './small.js';

const network = smallNetwork();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-import-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const FORMATS = [
  ['torchvision.safetensors', 'torchvision'],
  ['zip.pth', 'torchvision'],
  ['stream.pth', 'torchvision'],
  ['checkpoint.pth', 'torchvision'],
  ['torchvision.npz', 'torchvision'],
  ['keras.npz', 'original'],
  ['published.h5', 'original'],
  ['compressed.h5', 'original'],
  ['keras-model.h5', 'original'],
] as const;

/** The one line that a file is refused with, its path left out. */
async function refusal(path: string): Promise<string> {
  const error = await fileWeights(network, path).then(
    () => new Error('was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  const {message} = error as UsageError;
  expect(message).not.toContain('\n');
  expect(message).toContain(`weights '${path}': `);
  return message.replace(`weights '${path}': `, '');
}

describe('weights written by other software', () => {
  test.each(FORMATS)('%s: the values, and whose they are', async (name, id) => {
    const {weights, origin} = await fileWeights(network, weightsFile(name));
    expect(plain(weights)).toEqual(SMALL_WEIGHTS);
    expect(origin.id).toBe(id);
  });

  test('what is no plain tensor of the right type', async () => {
    expect(await refusal(weightsFile('channels-last.pth'))).toBe(
      'tensor features.2.weight does not lie in rows; save it with .contiguous()',
    );
    expect(await refusal(weightsFile('whole-model.pth'))).toBe(
      'it holds torch.nn.modules.container.Sequential, which is not loaded: only tensors are; save a state dict: torch.save(model.state_dict(), FILE)',
    );
    expect(await refusal(weightsFile('float64.npz'))).toBe(
      "these are not the weights of small (torchvision's small, or the original small): tensor block1_conv1/kernel is F64 [3, 3, 3, 4], expected F32 [3, 3, 3, 4]",
    );
  });
});

describe('damaged files', () => {
  test.each(FORMATS)('%s cut short anywhere is refused in a line', async (name) => {
    const bytes = readFileSync(weightsFile(name));
    const path = join(folder, name);
    let refused = 0;
    for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 97)) {
      writeFileSync(path, bytes);
      truncateSync(path, length);
      try {
        // What was cut off may be padding or the classifier.
        expect(plain((await fileWeights(network, path)).weights)).toEqual(SMALL_WEIGHTS);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).not.toContain('\n');
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(60);
  });

  test.each(FORMATS)('%s with a byte changed is read or refused in a line', async (name) => {
    const bytes = readFileSync(weightsFile(name));
    const path = join(folder, `changed-${name}`);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({min: 1, max: 255}), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ change;
        writeFileSync(path, changed);
        const error = await fileWeights(network, path).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error === null) return;
        expect(error).toBeInstanceOf(UsageError);
        expect((error as Error).message).not.toContain('\n');
      }),
      {numRuns: 80},
    );
  });
});

test('an array of an NPZ that was changed is refused by its checksum', async () => {
  const bytes = readFileSync(weightsFile('torchvision.npz'));
  const value = Buffer.from(Float32Array.of(...(SMALL_WEIGHTS.get('conv1_2')?.kernel.slice(0, 4) ?? [])).buffer);
  bytes.writeUInt8(0x41, bytes.indexOf(value) + 2);
  const path = join(folder, 'flipped.npz');
  writeFileSync(path, bytes);
  expect(await refusal(path)).toMatch(/^array features\.\d\.weight is damaged \(CRC-32\)$/);
});

describe('what a file is of', () => {
  test('no weights file at all', async () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'hello, this is no weights file');
    expect(await refusal(path)).toContain('no safetensors file');
    writeFileSync(path, '{"a": 1}');
    expect(await refusal(path)).toBe('a JSON file without weightsManifest, so no tfjs model');
    writeFileSync(path, '{"a": 1');
    expect(await refusal(path)).toBe('no weights file that can be read: it begins like JSON and is none');
    expect(await refusal(join(folder, 'none'))).toBe('cannot be read: no such file');
    expect(await refusal(folder)).toBe('it is a folder, expected a safetensors file');
  });

  test('a network of our own layout says whose weights they are, or is refused', async () => {
    const tensors = Object.fromEntries(
      [...SMALL_WEIGHTS].flatMap(([name, {kernel, bias}]) => [
        [`${name}.weight`, {shape: [bias.length, kernel.length / bias.length / 9, 3, 3], values: kernel}],
        [`${name}.bias`, {shape: [bias.length], values: bias}],
      ]),
    );
    const write = (metadata: Record<string, string>) => {
      const path = join(folder, 'own.safetensors');
      let end = 0;
      const header: Record<string, unknown> = {__metadata__: metadata};
      for (const [name, {shape, values}] of Object.entries(tensors)) {
        header[name] = {dtype: 'F32', shape, data_offsets: [end, end + 4 * values.length]};
        end += 4 * values.length;
      }
      const text = Buffer.from(JSON.stringify(header));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      const data = Buffer.from(Float32Array.from(Object.values(tensors).flatMap(({values}) => values)).buffer);
      writeFileSync(path, Buffer.concat([length, text, data]));
      return path;
    };
    const {origin, weights} = await fileWeights(network, write({origin: 'torchvision'}));
    expect(origin.id).toBe('torchvision');
    expect(plain(weights)).toEqual(SMALL_WEIGHTS);
    expect(await refusal(write({}))).toBe(
      'it does not say whether these weights of small are original or torchvision, which want different inputs; name its tensors as torchvision or Keras does',
    );
  });
});
