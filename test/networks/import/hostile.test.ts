import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {withTensorFile} from '../../../src/networks/weights/open-file.js';
import {zipOf} from './zip-file.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-hostile-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** The line that reading the tensor `a` of a file must end in, its path left out, and memory spared. */
async function refusal(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const before = process.memoryUsage().rss;
  const error = await withTensorFile(path, ({read}) => read('a')).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
  return (error as Error).message.replace(`weights '${path}': `, '');
}

const manifest = (paths: readonly string[], shape: readonly number[]) =>
  JSON.stringify({weightsManifest: [{paths, weights: [{name: 'a', shape, dtype: 'float32'}]}]});

describe('a tfjs model', () => {
  test('whose shard is a link to a file elsewhere', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere', 'secret'), Buffer.alloc(4));
    mkdirSync(join(folder, 'model'));
    symlinkSync('../elsewhere/secret', join(folder, 'model', 'weights.bin'));
    expect(await refusal('model/model.json', manifest(['weights.bin'], [1]))).toBe(
      "its shard weights.bin lies outside the model's folder",
    );
  });

  test('in a store of contents: links to files that lie together', async () => {
    mkdirSync(join(folder, 'blobs'));
    mkdirSync(join(folder, 'snapshot'));
    writeFileSync(join(folder, 'blobs', '01'), manifest(['weights.bin'], [1]));
    writeFileSync(join(folder, 'blobs', '02'), Buffer.alloc(4));
    symlinkSync('../blobs/01', join(folder, 'snapshot', 'model.json'));
    symlinkSync('../blobs/02', join(folder, 'snapshot', 'weights.bin'));
    const read = await withTensorFile(join(folder, 'snapshot', 'model.json'), ({read}) => read('a'));
    expect([...read]).toEqual([0]);
  });

  test('whose tensor claims 16 GB', async () => {
    writeFileSync(join(folder, 'small.bin'), Buffer.alloc(4));
    expect(await refusal('model.json', manifest(['small.bin'], [4e9]))).toBe(
      'tensor a takes 16000000000 bytes, its shards hold 4 of them',
    );
  });

  test('whose JSON nests a million deep', async () => {
    const deep = `${'['.repeat(1e6)}${']'.repeat(1e6)}`;
    expect(await refusal('deep.json', `{ "weightsManifest": ${deep}}`)).toMatch(/^no weights file that can be read/);
  });
});

describe('an archive', () => {
  const npy = (values: number) => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }`.padEnd(117);
    return Buffer.concat([
      Buffer.from('\x93NUMPY\x01\0\x76\0', 'latin1'),
      Buffer.from(`${header}\n`),
      Buffer.alloc(values),
    ]);
  };

  test('of NumPy whose array inflates to 256 MiB beside a header of one value', async () => {
    const zip = zipOf([{name: 'a.npy', content: npy(2 ** 28)}]);
    expect(zip.length).toBeLessThan(2 ** 20);
    expect(await refusal('bomb.npz', zip)).toBe(`array a takes ${2 ** 28 + 128} bytes, its header says 132`);
  });

  test.each(['../a.npy', '/a.npy', 'C:/a.npy', 'b/../../a.npy'])('whose entry is called %s', async (name) => {
    expect(await refusal('path.npz', zipOf([{name, content: npy(4)}]))).toMatch(
      /^the ZIP archive is damaged or cut short \((invalid relative|absolute) path: /,
    );
  });

  test('whose entries are the same bytes, many times over', async () => {
    const path = join(folder, 'overlap.npz');
    const names = Array.from({length: 500}, (_, i) => (i === 0 ? 'a.npy' : `${i}.npy`));
    writeFileSync(path, zipOf([{name: 'a.npy', content: npy(4)}], names));
    const outcome = await withTensorFile(path, ({read}) => read('a')).catch((error: Error) => error.message);
    // Each name is read once, and no more than it says: nothing multiplies.
    expect(typeof outcome === 'string' ? outcome : [...outcome]).toEqual([0]);
  });
});

test.each([2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])('an archive whose directory lies at %s', async (at) => {
  const zip = zipOf([{name: 'a.npy', content: Buffer.alloc(4)}]);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(at, 8);
  const end = zip.length - 22;
  expect(await refusal('far.npz', Buffer.concat([zip.subarray(0, end), locator, zip.subarray(end)]))).toMatch(
    /^the ZIP archive is damaged or cut short \(bytes \d+ to \d+ of \d+\)$/,
  );
});

test('a pickle of half a million items in a list is read', async () => {
  const {readPickle} = await import('../../../src/networks/import/pickle.js');
  const bytes = Buffer.concat([Buffer.from('\x80\x02](', 'latin1'), Buffer.alloc(500_000, 'N'), Buffer.from('e.')]);
  const {value} = readPickle(bytes, 0, {call: () => null, persistent: () => null});
  expect(value).toHaveLength(500_000);
});
