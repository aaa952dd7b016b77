import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {guessInputs} from '../../src/init/guess.js';
import {scratchFolder} from '../storage/scratch.js';

/** The guesses in a folder with these folders in it, as `pred target`. */
async function guessed(...folders: string[]): Promise<string[]> {
  const root = scratchFolder();
  for (const folder of folders) mkdirSync(join(root, folder), {recursive: true});
  const guesses = await guessInputs(root);
  return guesses.map(({pred, target}) => `${pred.slice(root.length + 1)} ${target.slice(root.length + 1)}`);
}

describe('folders whose names say what they hold', () => {
  test.each([
    [['out', 'truth'], ['out truth']],
    [['Predictions', 'Ground-Truth', 'notes'], ['Predictions Ground-Truth']],
    [['SR', 'HR'], ['SR HR']],
    [['results', 'gt'], ['results gt']],
    [
      ['out', 'pred', 'labels'],
      ['out labels', 'pred labels'],
    ],
    [['out', 'outs', 'images'], []],
    [['gt', 'labels'], []],
    [['.out', 'gt'], []],
    [['data/out', 'data/gt', 'src'], ['data/out data/gt']],
    [['data/out', 'other/gt'], []],
    [['out', 'gt', 'old/out', 'old/gt'], ['out gt']],
    [['node_modules/out', 'node_modules/gt'], []],
  ])('%j', async (folders, expected) => expect(await guessed(...folders)).toEqual(expected));
});

test('a link to a folder counts, a file does not', async () => {
  const root = scratchFolder();
  mkdirSync(join(root, 'elsewhere'));
  mkdirSync(join(root, 'gt'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'out'));
  writeFileSync(join(root, 'pred'), '');
  expect(await guessInputs(root)).toEqual([{pred: join(root, 'out'), target: join(root, 'gt')}]);
});

test('a folder that is not there', async () => {
  await expect(guessInputs('/nowhere')).rejects.toThrow('cannot read the directory /nowhere (ENOENT)');
});
