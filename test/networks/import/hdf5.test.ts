import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {deflateSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {withTensorFile} from '../../../src/networks/weights/open-file.js';
import {chunkKey, continuation, deflated, floats, Hdf5File, link, piece, symbolTable, u64} from './hdf5-file.js';
import {weightsFile} from './small.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-hdf5-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const counted = (count: number) => Array.from({length: count}, (_, i) => i);

const tensorOf = (path: string, name: string) =>
  withTensorFile(path, async ({entries, read}) => ({shape: entries.get(name)?.shape, values: [...(await read(name))]}));

describe('what h5py writes', () => {
  test.each([
    ['forms-earliest.h5', 'plain', [3, 4]],
    ['forms-earliest.h5', 'deep/er/still', [5]],
    ['forms-earliest.h5', 'compact', [2, 3]],
    ['forms-earliest.h5', 'chunks', [7, 5, 3]],
    ['forms-earliest.h5', 'deflated', [9, 10]],
    ['forms-latest.h5', 'plain', [3, 4]],
    ['forms-latest.h5', 'deep/er/still', [5]],
  ])('%s: %s', async (file, name, shape) => {
    const count = shape.reduce((product, side) => product * side);
    expect(await tensorOf(weightsFile(file), name)).toEqual({shape, values: counted(count)});
  });

  test('a scalar, and forty names in a group', async () => {
    expect(await tensorOf(weightsFile('forms-earliest.h5'), 'scalar')).toEqual({shape: [], values: [7]});
    const many = await withTensorFile(weightsFile('forms-earliest.h5'), ({read}) =>
      Promise.all(counted(40).map(async (i) => [...(await read(`many/tensor-${String(i).padStart(2, '0')}`))])),
    );
    expect(many.flat()).toEqual(counted(40));
  });

  test.each([
    ['double', 'F64'],
    ['half', 'F16'],
    ['big', 'big-endian F32'],
    ['integers', 'I64'],
  ])('%s is %s, which is not read as float32', async (name, dtype) => {
    await expect(tensorOf(weightsFile('forms-earliest.h5'), name)).rejects.toThrow(
      `tensor ${name} is ${dtype}, expected F32`,
    );
  });

  test('a group of many links in the latest format is refused by its name', async () => {
    await expect(tensorOf(weightsFile('dense-latest.h5'), 'tensor-00')).rejects.toThrow(
      "written in a form that is not read: a group of many links in HDF5's latest format",
    );
  });
});

/** A file with one tensor, `a`, of these messages. */
function tensorFile(make: (file: Hdf5File) => Parameters<Hdf5File['header']>[0]): Buffer {
  const file = new Hdf5File();
  const tensor = file.header(make(file));
  return file.from(file.header([link('a', tensor)]));
}

/** The line that reading `a` ends in, within 200 MiB and two seconds of the processor. */
async function refusal(content: Buffer): Promise<string> {
  const path = join(folder, 'hostile.h5');
  writeFileSync(path, content);
  const before = process.memoryUsage().rss;
  const begun = process.cpuUsage();
  const error = await withTensorFile(path, ({read}) => read('a')).catch((thrown: unknown) => thrown);
  const {user} = process.cpuUsage(begun);
  expect(error).toBeInstanceOf(UsageError);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
  expect(user / 1e6).toBeLessThan(2);
  const line = (error as Error).message.replace(`weights '${path}': `, '');
  expect(line).not.toContain('\n');
  return line;
}

test('the files that are damaged below are read where they are not', async () => {
  const path = join(folder, 'whole.h5');
  const values = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
  writeFileSync(
    path,
    tensorFile((file) => [...floats(2, 2), piece(file.put(values), 16)]),
  );
  expect(await tensorOf(path, 'a')).toEqual({shape: [2, 2], values: [1, 2, 3, 4]});
  writeFileSync(
    path,
    tensorFile((file) => {
      const rows = [values.subarray(0, 8), values.subarray(8)].map((row) => deflateSync(row));
      const keys = rows.map((row, i) => [chunkKey(row.length, i, 0), file.put(row)] as const);
      return [...floats(2, 2), ...deflated(file.node(1, 0, keys), 1, 2)];
    }),
  );
  expect(await tensorOf(path, 'a')).toEqual({shape: [2, 2], values: [1, 2, 3, 4]});
});

describe('a tensor', () => {
  test.each([
    ['whose values lie past the end', [...floats(4), piece(1e6, 16)], /16 bytes at 1000000, the file has \d+/],
    ['at an address beyond any file', [...floats(4), piece(2n ** 63n, 16)], /a number beyond any file/],
    ['that claims 16 GB', [...floats(4e9), piece(48, 16e9)], /16000000000 bytes at 48/],
    ['that claims less than it takes', [...floats(4e9), piece(48, 4)], /in 4 bytes, it takes 16000000000/],
    ['of 2¹⁰⁰ values', [...floats(2n ** 50n, 2n ** 50n), piece(48, 16)], /in 16 bytes, it takes/],
    ['whose values were never written', [...floats(4e9), piece(2n ** 64n - 1n, 0)], /whose values were never written/],
    ['without a place', [...floats(4)], /a tensor without a place/],
  ])('%s', async (_, messages, line) => {
    expect(await refusal(tensorFile(() => messages))).toMatch(line);
  });

  test('whose header says that it is larger than the file', async () => {
    const file = new Hdf5File();
    const tensor = file.header([...floats(4), piece(48, 16)], 2 ** 32 - 1);
    expect(await refusal(file.from(file.header([link('a', tensor)])))).toMatch(/^the HDF5 file is damaged/);
  });
});

describe('chunks', () => {
  const bomb = deflateSync(Buffer.alloc(2 ** 26));

  test.each([
    [
      'that inflate to 64 MiB in place of 16 bytes',
      [4],
      [4],
      (at: number) => [[chunkKey(bomb.length, 0), at]],
      /does not inflate to 16 bytes/,
    ],
    [
      'that are the same bytes, again and again',
      [4000, 2 ** 24],
      [1, 2 ** 24],
      (at: number) => counted(4000).map((i) => [chunkKey(bomb.length, i, 0), at]),
      /chunks of 260\d+ bytes, the file has/,
    ],
    [
      'of more than deflate could hold',
      [2 ** 20, 2 ** 20],
      [2 ** 20, 2 ** 20],
      (at: number) => [[chunkKey(bomb.length, 0, 0), at]],
      /a tensor \[1048576,1048576\] in 6\d+ bytes/,
    ],
    [
      'of which most are missing',
      [2 ** 40],
      [1],
      (at: number) => [[chunkKey(bomb.length, 0), at]],
      /1 chunks, the tensor has 1099511627776/,
    ],
    [
      'at the same place twice',
      [2],
      [1],
      (at: number) => counted(2).map(() => [chunkKey(8, 0), at]),
      /1 chunks, the tensor has 2/,
    ],
    ['between two places', [3], [2], (at: number) => [0, 1].map((i) => [chunkKey(8, i), at]), /between two places/],
    ['larger than the tensor', [2], [2 ** 30], (at: number) => [[chunkKey(8, 0), at]], /in chunks \[1073741824\]/],
    ['without a value', [2], [0], (at: number) => [[chunkKey(8, 0), at]], /in chunks \[0\]/],
  ] as const)('%s', async (_, shape, chunk, entries, line) => {
    const content = tensorFile((file) => {
      const at = file.put(bomb);
      return [...floats(...shape), ...deflated(file.node(1, 0, entries(at) as [Buffer, number][]), ...chunk)];
    });
    expect(await refusal(content)).toMatch(line);
  });

  test('outside the tensor', async () => {
    const value = deflateSync(Buffer.alloc(4));
    const content = tensorFile((file) => {
      const at = file.put(value);
      return [
        ...floats(2),
        ...deflated(
          file.node(
            1,
            0,
            [0, 5].map((i) => [chunkKey(value.length, i), at]),
          ),
          1,
        ),
      ];
    });
    expect(await refusal(content)).toMatch(/outside its tensor/);
  });

  test('in a tree that is its own child', async () => {
    const content = tensorFile((file) => {
      const self = file.end;
      return [
        ...floats(4),
        ...deflated(
          file.node(
            1,
            1,
            counted(99).map(() => [chunkKey(8, 0), self]),
          ),
          4,
        ),
      ];
    });
    expect(await refusal(content)).toMatch(/a tree that leads back into itself/);
  });
});

describe('groups', () => {
  /** A group in version 1 of the format whose tree is made of a table of symbols. */
  const group = (addresses: readonly number[], names: Buffer, tree: (file: Hdf5File, table: number) => number) => {
    const file = new Hdf5File();
    const heap = file.heap(names);
    const table = file.symbols(addresses);
    return file.from(file.header([symbolTable(tree(file, table), heap)]));
  };
  const leaf = (file: Hdf5File, table: number) => file.node(0, 0, [[u64(0), table]]);

  test('that hold themselves', async () => {
    const file = new Hdf5File();
    const self = file.end;
    expect(await refusal(file.from(file.header([link('again', self)])))).toMatch(/^its groups lie more than 8 deep/);
  });

  test('each of which holds the next a hundred times: 10¹⁶ paths', async () => {
    const file = new Hdf5File();
    let below = file.header([]);
    for (let depth = 0; depth < 8; depth++) below = file.header(counted(100).map((i) => link(String(i), below)));
    expect(await refusal(file.from(below))).toBe('the HDF5 file has more than 200000 parts, or leads back into itself');
  });

  test('in a tree of which each node holds the next a hundred times', async () => {
    const content = group([], Buffer.from('a\0'), (file, table) => {
      let node = file.node(
        0,
        0,
        counted(100).map(() => [u64(0), table]),
      );
      for (let level = 1; level < 8; level++) {
        const child = node;
        node = file.node(
          0,
          level,
          counted(100).map(() => [u64(0), child]),
        );
      }
      return node;
    });
    expect(await refusal(content)).toMatch(/more than 200000 parts/);
  });

  test('in a tree that is its own child', async () => {
    const content = group([], Buffer.from('a\0'), (file) => file.node(0, 3, [[u64(0), file.end]]));
    expect(await refusal(content)).toMatch(/a tree that leads back into itself/);
  });

  test.each([
    ['without an end', Buffer.alloc(100, 'a'), /without an end/],
    ['of a megabyte', Buffer.concat([Buffer.alloc(2 ** 20, 'a'), Buffer.alloc(1)]), /more than 1024 bytes/],
  ])('with a name %s', async (_, names, line) => {
    expect(await refusal(group([48], names, leaf))).toMatch(line);
  });

  test('whose tree says that it has more than the file', async () => {
    const content = group([], Buffer.from('a\0'), (file, table) => {
      const node = leaf(file, table);
      return file.put(Buffer.from('TREE'), Buffer.from([0, 0, 255, 255]), Buffer.alloc(16), u64(node));
    });
    expect(await refusal(content)).toMatch(/^the HDF5 file is damaged/);
  });
});

describe('a header', () => {
  test('that goes on in itself', async () => {
    const file = new Hdf5File();
    const at = file.end;
    const size = 4 + 20 + 4;
    file.put(Buffer.from('OCHK'), Buffer.from([16, 16, 0, 0]), u64(at), u64(size), Buffer.alloc(4));
    expect(await refusal(file.from(file.header([continuation(at, size)])))).toMatch(/leads back into itself/);
  });

  test.each([
    ['past the end', continuation(1e9, 100), /at 1000000000/],
    ['in a block of any size', continuation(48, 2n ** 62n), /a number beyond any file/],
    ['where no block is', continuation(48, 100), /no OCHK at 48/],
  ])('that goes on %s', async (_, message, line) => {
    const file = new Hdf5File();
    file.put(Buffer.alloc(100));
    expect(await refusal(file.from(file.header([message])))).toMatch(line);
  });

  test('at the end of the file, or nowhere', async () => {
    const file = new Hdf5File();
    expect(await refusal(file.from(file.end))).toMatch(/^the HDF5 file is damaged/);
    expect(await refusal(file.from(2 ** 52))).toMatch(/^the HDF5 file is damaged/);
  });
});

test('every part of a file is refused, or has the tensors that it has', async () => {
  const {readFileSync} = await import('node:fs');
  const whole = readFileSync(weightsFile('forms-earliest.h5'));
  const path = join(folder, 'part.h5');
  for (let length = 8; length < whole.length; length += 211) {
    writeFileSync(path, whole.subarray(0, length));
    const outcome = await tensorOf(path, 'plain').catch((error: unknown) => error);
    if (outcome instanceof UsageError) expect(outcome.message).toMatch(/the HDF5 file is damaged/);
    else expect(outcome).toEqual({shape: [3, 4], values: counted(12)});
  }
});
