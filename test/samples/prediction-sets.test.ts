import {symlinkSync} from 'node:fs';
import {expect, test} from 'vitest';
import {findPredictionSets} from '../../src/samples/prediction-sets.js';
import {Scratch} from './scratch.js';

/** The names of the sets, in order, and of their directories below the scratch folder. */
async function found(scratch: Scratch, ...given: readonly string[]): Promise<string[]> {
  const sets = await findPredictionSets(given.map((one) => scratch.path(one)));
  return sets.map(({name, path}) => `${name}: ${path.slice(scratch.root.length + 1)}`);
}

test('one glob: named by what the wildcards stand for, in the order in which people count', async () => {
  const scratch = new Scratch();
  for (const epoch of [10, 2, 1]) scratch.files(`runs/epoch-${epoch}/out`, ['a.png']);
  const sets = ['epoch-1: runs/epoch-1/out', 'epoch-2: runs/epoch-2/out', 'epoch-10: runs/epoch-10/out'];
  expect(await found(scratch, 'runs/epoch-*/out')).toEqual(sets);
  expect(await found(scratch, 'runs/epoch-{1,10}/')).toEqual(['epoch-1: runs/epoch-1', 'epoch-10: runs/epoch-10']);
  expect(await found(scratch, 'runs/**/out')).toEqual(sets);
  expect(await found(scratch, '*/epoch-1/out')).toEqual(['runs: runs/epoch-1/out']);
  scratch.files('old/epoch-1/out', ['a.png']);
  expect(await found(scratch, '*/epoch-1*/out')).toEqual([
    'old/epoch-1: old/epoch-1/out',
    'runs/epoch-1: runs/epoch-1/out',
    'runs/epoch-10: runs/epoch-10/out',
  ]);
});

test('several: named by what their paths do not share, each directory once', async () => {
  const scratch = new Scratch();
  for (const run of ['a/best/out', 'b/best/out', 'b/last/out']) scratch.files(run, ['x.png']);
  expect(await found(scratch, 'b/best/out', 'a/best/out')).toEqual(['a: a/best/out', 'b: b/best/out']);
  expect(await found(scratch, 'a/*/out', 'b/*/out', 'b/best/out')).toEqual([
    'a/best: a/best/out',
    'b/best: b/best/out',
    'b/last: b/last/out',
  ]);
  expect(await found(scratch, 'b', 'b/best')).toEqual(['b: b', 'b/best: b/best']);
  expect(await found(scratch, 'b/best/out')).toEqual(['out: b/best/out']);
});

test('a path that exists is no glob, links to directories are sets, hidden ones are not', async () => {
  const scratch = new Scratch();
  scratch.files('run [1]/out', ['a.png']);
  scratch.files('.run/out', ['a.png']);
  symlinkSync(scratch.path('run [1]'), scratch.path('run 2'));
  expect(await found(scratch, 'run [1]/out')).toEqual(['out: run [1]/out']);
  expect(await found(scratch, '*/out')).toEqual(['run [1]: run [1]/out', 'run 2: run 2/out']);
});

test('files beside directories are left out, and said', async () => {
  const scratch = new Scratch();
  scratch.files('runs/1', ['a.png']);
  scratch.files('runs', ['notes.txt', 'log']);
  const lines: string[] = [];
  const sets = await findPredictionSets([scratch.path('runs/*')], (line) => lines.push(line));
  expect(sets.map(({name}) => name)).toEqual(['1']);
  expect(lines).toEqual([
    `series: left out, no directories: ${scratch.path('runs/log')}, ${scratch.path('runs/notes.txt')} [CVL-W020]`,
  ]);
});

test('what cannot be a series of directories is refused', async () => {
  const scratch = new Scratch();
  scratch.files('runs/1', ['a.png', 'b.png']);
  const refusal = (given: string) => found(scratch, given).then(String, ({message}: Error) => message);
  const at = (name: string) => scratch.path(name);
  expect(await refusal('runs/epoch-*')).toBe(`series: no directory matches ${at('runs/epoch-*')}`);
  expect(await refusal('runs/1/*.png')).toBe(
    `series: no directory matches ${at('runs/1/*.png')}; it matches files, such as ${at('runs/1/a.png')}: name their directories`,
  );
  expect(await refusal('runs/1/a.png')).toBe(
    `series: ${at('runs/1/a.png')} is a file; expected a directory of predictions, or a glob that matches several`,
  );
  expect(await refusal('none')).toBe(`series: cannot read ${at('none')}: no such file or directory (ENOENT)`);
  expect(await refusal('none/*')).toBe(`no such directory: ${at('none')} (in ${at('none/*')})`);
});
