import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {type EmbeddingSource, readEmbeddings} from '../../src/vectors/embeddings.js';
import {pattern} from '../images/fixtures.js';
import {mistake, npy, Scratch, type Stored, sha256Of, signal} from './scratch.js';

const THREE: Stored = {descr: '<f4', shape: [3, 2], values: [1, 2, 3, 4, 5, 6]};

function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/images/${name}`, import.meta.url));
}

function read(source: EmbeddingSource) {
  return readEmbeddings(source, signal);
}

test.each([
  {...THREE, descr: '<f2'},
  THREE,
  {...THREE, descr: '<f8'},
  {...THREE, descr: '>f8'},
  {...THREE, descr: '>f4'},
  {...THREE, descr: '<i4'},
  {...THREE, descr: '<i8'},
  {...THREE, descr: '|u1'},
  {...THREE, fortran: true, values: [1, 3, 5, 2, 4, 6]},
])('$descr (fortran: $fortran) is a row an item, keys by number', async (stored) => {
  const file = new Scratch().write('e.npy', npy(stored));
  const {set, sha256} = await read({file, labels: null});
  expect(set.keys).toEqual(['0', '1', '2']);
  expect(set.dimensions).toBe(2);
  expect([...set.vectors]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(set.labels).toBeNull();
  expect(sha256).toEqual({vectors: sha256Of(file)});
});

test('float16 and float32 keep the values that they store', async () => {
  const scratch = new Scratch();
  const halves = scratch.write('h.npy', npy({descr: '<f2', shape: [1, 3], values: [0.1, -2.5, 0.333]}));
  // The nearest of binary16's 11 bits: 0.1 = 1638/2^14, 0.333 = 1364/2^12.
  expect([...(await read({file: halves, labels: null})).set.vectors]).toEqual([1638 / 16384, -2.5, 1364 / 4096]);
  const floats = scratch.write('f.npy', npy({descr: '<f4', shape: [1, 1], values: [0.1]}));
  expect([...(await read({file: floats, labels: null})).set.vectors]).toEqual([Math.fround(0.1)]);
});

test('labels of an array come by number, in any order, and may name the items', async () => {
  const scratch = new Scratch();
  const file = scratch.write('e.npy', npy(THREE));
  const labels = scratch.write('l.csv', 'label,index,note\r\nb,2,x\r\na,0,y\r\n"a,b",1,z\r\n');
  const {set, sha256} = await read({file, labels});
  expect(set.keys).toEqual(['0', '1', '2']);
  expect(set.labels).toEqual(['a', 'a,b', 'b']);
  expect(sha256).toEqual({vectors: sha256Of(file), labels: sha256Of(labels)});
  const named = scratch.write('n.csv', 'index,key,label\n1,anna/2,anna\n0,anna/1,anna\n2,bob/1,bob\n');
  expect((await read({file, labels: named})).set).toMatchObject({
    keys: ['anna/1', 'anna/2', 'bob/1'],
    labels: ['anna', 'anna', 'bob'],
  });
});

test('a CSV names its items; labels come from its own column, from a file by key, or from the folder', async () => {
  const scratch = new Scratch();
  const own = scratch.write('own.csv', '\ufeffkey,label,v0,v1\nanna/1, anna ,1,2\nbob/1,bob,3e0,-4\n');
  expect((await read({file: own, labels: null})).set).toEqual({
    keys: ['anna/1', 'bob/1'],
    dimensions: 2,
    vectors: Float64Array.of(1, 2, 3, -4),
    labels: ['anna', 'bob'],
  });
  const bare = scratch.write('bare.csv', 'e1,key,e2\n1,anna/1,2\n3,bob/1,4\n');
  expect((await read({file: bare, labels: null})).set).toMatchObject({
    labels: null,
    vectors: Float64Array.of(1, 2, 3, 4),
  });
  const labels = scratch.write('l.csv', 'key,label\nbob/1,B\nanna/1,A\n');
  expect((await read({file: bare, labels})).set.labels).toEqual(['A', 'B']);
  expect((await read({file: bare, labels: 'folder'})).set.labels).toEqual(['anna', 'bob']);
});

test('keys are the same in either form of Unicode', async () => {
  const scratch = new Scratch();
  const file = scratch.write('e.csv', 'key,v0\nre\u0301ne\u0301,1\n');
  const labels = scratch.write('l.csv', 'key,label\nr\u00e9n\u00e9,R\n');
  expect((await read({file, labels})).set).toMatchObject({keys: ['r\u00e9n\u00e9'], labels: ['R']});
});

test('an NPZ of one array, deflated', async () => {
  const file = {path: fixturePath('npz/deflated.npz'), name: 'deflated.npz'};
  const {set, sha256} = await read({file, labels: null});
  expect(set).toMatchObject({dimensions: 7, keys: ['0', '1', '2', '3', '4']});
  expect([...set.vectors]).toEqual(pattern(1));
  expect(sha256).toEqual({vectors: sha256Of(file)});
  const two = {path: fixturePath('npz/two.npz'), name: 'two.npz'};
  expect(await mistake(read({file: two, labels: null}))).toBe(
    'two.npz: expected an NPZ of one array, it has 2: left, right',
  );
});

test('a thousand rows are read as one', async () => {
  const rows = Array.from({length: 1000}, (_, i) => `k${i},${i},${(i + 1) / 3}`);
  const file = new Scratch().write('e.csv', `key,v0,v1\n${rows.join('\n')}\n`);
  const {set} = await read({file, labels: null});
  expect(set.vectors).toEqual(Float64Array.from({length: 2000}, (_, i) => (i % 2 ? (i + 1) / 2 / 3 : i / 2)));
});

/** A CSV of vectors, and what is wrong with it. */
test.each([
  ['key,label,v0\na,x,1\nb,x,nan\n', "e.csv:3: column 'v0': expected a finite number, got NaN"],
  ['key,v0,v1\na,1,2\nb,1\n', 'e.csv:3: expected 3 cells as in the header, got 2'],
  ['key,v0\na,1\nb,2\na,3\n', "e.csv:4: the key 'a' twice, it is on line 2 too"],
  ['key,v0\n,1\n', "e.csv:2: no name in the cell 'key'"],
  ['key,label,v0\na,,1\n', "e.csv:2: no label in the cell 'label'"],
  ['key,v0\na,\n', "e.csv:2: column 'v0': expected a finite number, got an empty cell"],
  ['key,v0\n', 'e.csv: no rows below the header'],
  ['', 'e.csv: empty, expected a header and rows'],
  ['name,v0\na,1\n', "e.csv:1: no column 'key': expected key,label,v0,v1,… (label may be left out), got name,v0"],
  [
    'key,label\na,x\n',
    'e.csv:1: no columns of values: expected key,label,v0,v1,… (label may be left out), got key,label',
  ],
  [
    'key,age,v0\na,3,1\n',
    "e.csv:1: the column 'age' is no value in order: expected key,label,v0,v1,… (label may be left out), got key,age,v0",
  ],
  [
    'key,v0,v2\na,3,1\n',
    "e.csv:1: the column 'v2' is no value in order: expected key,label,v0,v1,… (label may be left out), got key,v0,v2",
  ],
  ['key,v0,v0\na,3,1\n', "e.csv:1: the header has the column 'v0' twice"],
  ['key,v0\n"a,1\n', 'e.csv:2: a quoted cell is never closed'],
  [Buffer.from('key,v0\n\xe9,1\n', 'latin1'), 'e.csv: not UTF-8 text, expected CSV'],
])('%j', async (content, message) => {
  const file = new Scratch().write('e.csv', content);
  expect(await mistake(read({file, labels: null}))).toBe(message);
});

test.each([
  [
    {...THREE, descr: '<f8', values: [1, 2, 3, Number.NaN, 5, 6]},
    'e.npy: vector 1, value 1 (both from 0) is NaN, expected a finite number',
  ],
  [
    {...THREE, values: [1, 2, 3, 4, Infinity, 6]},
    'e.npy: vector 2, value 0 (both from 0) is Infinity, expected a finite number',
  ],
  [{...THREE, shape: [6]}, 'e.npy: expected an array [items, dimensions], got the shape [6]'],
  [{...THREE, shape: [1, 3, 2]}, 'e.npy: expected an array [items, dimensions], got the shape [1, 3, 2]'],
  [{...THREE, shape: [0, 4], values: []}, 'e.npy: no vectors, the shape is [0, 4]'],
  [{...THREE, shape: [4, 0], values: []}, 'e.npy: vectors without values, the shape is [4, 0]'],
  [{...THREE, shape: [4, 2]}, 'e.npy: the NPY header claims 32 bytes of values, the file has 24'],
])('%j', async (stored, message) => {
  const file = new Scratch().write('e.npy', npy(stored));
  expect(await mistake(read({file, labels: null}))).toBe(message);
});

test.each([
  ['index,label\n0,a\n2,b\n', 'l.csv: no label for 1 of the 3 items of e.npy: 1'],
  ['index,label\n0,a\n1,b\n1,c\n2,d\n', 'l.csv:4: index 1 twice, it is on line 3 too'],
  ['index,label\n0,a\n3,b\n', "l.csv:3: expected an index of 0 to 2 as e.npy has 3 vectors, got '3'"],
  ['index,label\n0.0,a\n', "l.csv:2: expected an index of 0 to 2 as e.npy has 3 vectors, got '0.0'"],
  ['index,label\n0,a\n1, \n', "l.csv:3: no label in the cell 'label' of index 1"],
  ['key,label\n0,a\n', "l.csv:1: no column 'index', expected index,label in the header, got key,label"],
  ['0,a\n1,b\n', "l.csv:1: no column 'index', expected index,label in the header, got 0,a"],
  ['index,key,label\n0,x,a\n1,y,a\n2,x,a\n', "l.csv:4: the key 'x' twice, it is on line 2 too"],
])('labels of an array: %j', async (content, message) => {
  const scratch = new Scratch();
  const file = scratch.write('e.npy', npy(THREE));
  expect(await mistake(read({file, labels: scratch.write('l.csv', content)}))).toBe(message);
});

test('labels of more items are missing than are listed', async () => {
  const scratch = new Scratch();
  const file = scratch.write('e.npy', npy({descr: '|u1', shape: [13, 1], values: new Array(13).fill(1)}));
  const labels = scratch.write('l.csv', 'index,label\n5,a\n');
  expect(await mistake(read({file, labels}))).toBe(
    'l.csv: no label for 12 of the 13 items of e.npy: 0, 1, 2, 3, 4, 6, 7, 8, 9, 10 and 2 more',
  );
});

test('labels by key: of no item, and in two places', async () => {
  const scratch = new Scratch();
  const file = scratch.write('e.csv', 'key,v0\na,1\n');
  const labels = scratch.write('l.csv', 'key,label\na,x\nb,y\n');
  expect(await mistake(read({file, labels}))).toBe("l.csv:3: the key 'b' is no item of e.csv");
  expect(await mistake(read({file, labels: 'folder'}))).toBe("labels: folder: the key 'a' of e.csv lies in no folder");
  const own = scratch.write('own.csv', 'key,label,v0\na,x,1\n');
  expect(await mistake(read({file: own, labels}))).toBe(
    "own.csv has a column 'label', and l.csv gives labels too; expected one of them",
  );
});

test('files that are not there, folders and other formats', async () => {
  const scratch = new Scratch();
  const named = (name: string) => ({path: `${scratch.root}/${name}`, name});
  expect(await mistake(read({file: named('none.npy'), labels: null}))).toBe('none.npy: cannot be read: no such file');
  expect(await mistake(read({file: named('none.csv'), labels: null}))).toBe('none.csv: cannot be read: no such file');
  expect(await mistake(read({file: {path: scratch.root, name: 'dir.csv'}, labels: null}))).toBe(
    'dir.csv: expected a .npy, .npz or .csv file',
  );
  const text = scratch.write('e.txt', 'key,v0\na,1\n');
  expect(await mistake(read({file: text, labels: null}))).toBe('e.txt: expected a .npy, .npz or .csv file');
  const empty = scratch.write('e.npy', '');
  expect(await mistake(read({file: empty, labels: null}))).toBe('e.npy: the NPY header is cut short');
});

test('an abort ends the reading with its reason', async () => {
  const file = new Scratch().write('e.csv', 'key,v0\na,1\n');
  const reason = new Error('stopped');
  await expect(readEmbeddings({file, labels: null}, AbortSignal.abort(reason))).rejects.toBe(reason);
});
