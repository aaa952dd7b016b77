import {afterAll, describe, expect, test} from 'vitest';
import {npy} from '../vectors/scratch.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const VECTORS = fixture('embeddings', 'embeddings.npy');
const LABELS = fixture('embeddings', 'labels.csv');
const LABELLED = ['--embeddings', VECTORS, '--labels', LABELS];
const OF_CSV = ['--embeddings', 'e.csv'];

type Files = Readonly<Record<string, string | Uint8Array>>;
type Case = readonly [name: string, files: Files, flags: readonly string[], message: string];

const csv = (...rows: string[]) => ({'e.csv': `key,label,v0,v1\n${rows.map((row) => `${row}\n`).join('')}`});
const array = (shape: readonly number[], values: readonly number[]) => ({
  'e.npy': npy({descr: '<f4', shape, values}),
  'l.csv': 'index,label\n0,x\n1,x\n2,y\n',
});
const OF_NPY = ['--embeddings', 'e.npy', '--labels', 'l.csv'];

const INPUTS: readonly Case[] = [
  [
    'no labels',
    {},
    ['--embeddings', VECTORS],
    'has no labels, expected the identity of every item: give --labels FILE',
  ],
  [
    'labels missing for an item',
    {'l.csv': 'index,label\n0,a\n'},
    ['--embeddings', VECTORS, '--labels', 'l.csv'],
    'l.csv: no label for 59 of the 60 items of',
  ],
  ['a label missing in a cell', csv('a,x,1,2', 'b,,3,4'), OF_CSV, "e.csv:3: no label in the cell 'label'"],
  [
    'keys without a folder',
    {'e.csv': 'key,v0\na/1,1\nb,2\n'},
    [...OF_CSV, '--labels', 'folder'],
    "the key 'b' of e.csv lies in no folder",
  ],
  ['labels twice', csv('x/a,x,1,2', 'x/b,x,3,4'), [...OF_CSV, '--labels', 'folder'], "e.csv has a column 'label', and"],
  [
    'one identity',
    csv('a,x,1,2', 'b,x,3,4'),
    OF_CSV,
    "all 2 embeddings have the label 'x', expected two labels or more: without another identity there is no negative",
  ],
  [
    'an identity for each item',
    csv('a,x,1,2', 'b,y,3,4'),
    OF_CSV,
    'each of the 2 embeddings has a label of its own, expected two of one identity somewhere',
  ],
  ['NaN', csv('a,x,1,2', 'b,x,nan,4'), OF_CSV, "e.csv:3: column 'v0': expected a finite number, got NaN"],
  ['NaN in an array', array([3, 2], [1, 2, 3, NaN, 5, 6]), OF_NPY, 'e.npy: vector 1, value 1 (both from 0) is NaN'],
  ['infinity in an array', array([3, 1], [1, Infinity, 2]), OF_NPY, 'vector 1, value 0 (both from 0) is Infinity'],
  ['dimensions that differ', csv('a,x,1,2', 'b,x,3'), OF_CSV, 'e.csv:3: expected 4 cells as in the header, got 3'],
  ['an empty cell', csv('a,x,1,2', 'b,x,3,'), OF_CSV, "e.csv:3: column 'v1': expected a finite number"],
  ['three axes', array([1, 3, 1], [1, 2, 3]), OF_NPY, 'e.npy: expected an array [items, dimensions], got the shape'],
  ['an empty CSV', csv(), OF_CSV, 'e.csv: no rows below the header'],
  ['an empty array', array([0, 4], []), OF_NPY, 'e.npy: no vectors, the shape is [0, 4]'],
  ['an empty file', {'e.csv': ''}, OF_CSV, 'e.csv: '],
  ['no file', {}, OF_CSV, 'e.csv: cannot be read: no such file'],
  [
    'another format',
    {'e.txt': 'key,label,v0\n'},
    ['--embeddings', 'e.txt'],
    'e.txt: expected a .npy, .npz or .csv file',
  ],
  [
    'a vector of zeros',
    csv('a,x,1,2', 'b,x,0,0', 'c,y,1,1'),
    OF_CSV,
    "embedding of 'b' is all zeros and has no direction: leave it out, or do not normalize\n",
  ],
  [
    'a vector of zeros by cosine',
    csv('a,x,1,2', 'b,x,0,0', 'c,y,1,1'),
    [...OF_CSV, '--distance', 'cosine', '--no-normalize'],
    "embedding of 'b' is all zeros and has no direction: leave it out\n",
  ],
  [
    'vectors too long',
    csv('a,x,1e200,2', 'b,x,1,0', 'c,y,1,1'),
    [...OF_CSV, '--no-normalize'],
    "embedding of 'a' is too long for distances in float64: rescale it, or normalize",
  ],
];

const FLAGS: readonly Case[] = [
  ['nothing', {}, [], "required option '--embeddings <file>' not specified"],
  [
    'a strategy',
    {},
    [...LABELLED, '--strategy', 'hardest'],
    "argument 'hardest' is invalid. Allowed choices are all, random, hard, semi-hard, distance-weighted.",
  ],
  ['a distance', {}, [...LABELLED, '--distance', 'l1'], 'Allowed choices are squared-l2, l2, cosine.'],
  ['a margin', {}, [...LABELLED, '--margin', '-0.1'], 'Expected a number from 0 on.'],
  [
    'a margin that leaves nothing',
    {},
    [...LABELLED, '--margin', '0'],
    'strategy semi-hard with a margin of 0 has no triplets: d_ap < d_an < d_ap + 0; give a larger one',
  ],
  ['per pair', {}, [...LABELLED, '--per-pair', '0'], 'Expected a whole number from 1 on.'],
  ['per anchor', {}, [...LABELLED, '--per-anchor', '1.5'], 'Expected a whole number from 1 on.'],
  ['count', {}, [...LABELLED, '--count', 'all'], 'Expected a whole number from 1 on.'],
  ['keep', {}, [...LABELLED, '--keep', 'easiest'], 'Allowed choices are hardest, random.'],
  ['a seed', {}, [...LABELLED, '--seed', '4294967296'], 'Expected a whole number below 2^32.'],
  [
    'distance-weighted of vectors as they are',
    {},
    [...LABELLED, '--strategy', 'distance-weighted', '--no-normalize'],
    'strategy distance-weighted is of normalized vectors; normalize, or take another strategy',
  ],
  ['an argument too many', {}, [...LABELLED, 'more'], 'too many arguments'],
];

describe.each([
  ['input', INPUTS],
  ['flags', FLAGS],
])('wrong %s is one line and exit 2, and leaves no file', (kind, cases) => {
  test.concurrent.each(cases)('%s', async (name, files, flags, message) => {
    const folder = `${kind} ${name}`;
    work.write(`${folder}/triplets.csv`, 'earlier');
    for (const [file, text] of Object.entries(files)) work.write(`${folder}/${file}`, text);
    const before = work.contents().filter((path) => path.startsWith(`work/${folder}/`));
    const {code, stdout, stderr} = await work.run(['triplets', ...flags], {cwd: work.path(folder)});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(work.read(folder, 'triplets.csv')).toBe('earlier');
    expect(work.contents().filter((path) => path.startsWith(`work/${folder}/`))).toEqual(before);
  });
});
