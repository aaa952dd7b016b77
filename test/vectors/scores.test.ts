import {expect, test} from 'vitest';
import {readScores, type ScoreInput} from '../../src/vectors/scores.js';
import {mistake, npy, Scratch, sha256Of, signal} from './scratch.js';

async function scoresOf(name: string, content: string | Uint8Array, input: ScoreInput = 'logits') {
  const file = new Scratch().write(name, content);
  const {set, sha256} = await readScores(file, input, signal);
  expect(sha256).toBe(sha256Of(file));
  return Object.fromEntries(set.keys.map((key, i) => [key, [...(set.scores[i] ?? [])]]));
}

async function mistakeOf(name: string, content: string | Uint8Array, input: ScoreInput = 'logits') {
  return mistake(readScores(new Scratch().write(name, content), input, signal));
}

test('one score an item, other columns before or after the key', async () => {
  expect(await scoresOf('s.csv', 'key,score\nb,1.5\na,-2\n')).toEqual({b: [1.5], a: [-2]});
  expect(await scoresOf('s.csv', 'score,key\n1,b\n')).toEqual({b: [1]});
});

test('patches are several columns, several rows of a key, or both', async () => {
  expect(await scoresOf('s.csv', 'key,score0,score1\na,1,2\nb,3,4\n')).toEqual({a: [1, 2], b: [3, 4]});
  expect(await scoresOf('s.csv', 'key,score\na,1\nb,3\na,2\n')).toEqual({a: [1, 2], b: [3]});
  expect(await scoresOf('s.csv', 'key,score_x,score_y\na,1,2\na,3,4\n')).toEqual({a: [1, 2, 3, 4]});
});

test('arrays: an item each, or a map of patches each', async () => {
  expect(await scoresOf('s.npy', npy({descr: '<f4', shape: [2], values: [1, 2]}))).toEqual({0: [1], 1: [2]});
  const maps = {descr: '<f8', shape: [2, 1, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8]};
  expect(await scoresOf('s.npy', npy(maps))).toEqual({0: [1, 2, 3, 4], 1: [5, 6, 7, 8]});
  const columns = {descr: '<f8', shape: [2, 3], values: [1, 4, 2, 5, 3, 6], fortran: true};
  expect(await scoresOf('s.npy', npy(columns))).toEqual({0: [1, 2, 3], 1: [4, 5, 6]});
});

test('probabilities are in 0..1, both included; logits need not be', async () => {
  expect(await scoresOf('s.csv', 'key,score\na,0\nb,1\n', 'probabilities')).toEqual({a: [0], b: [1]});
  expect(await scoresOf('s.csv', 'key,score\na,-3\n', 'logits')).toEqual({a: [-3]});
});

test.each([
  [
    'key,score\na,0.5\nb,1.0001\n',
    "s.csv:3: the score of 'b': expected a probability in 0..1, got 1.0001 (raw scores: scores.input: logits)",
  ],
  ['key,score\na,nan\n', "s.csv:2: the score of 'a': expected a finite number, got NaN"],
  ['key,score\na,\n', "s.csv:2: the score of 'a': expected a finite number, got an empty cell"],
  ['key,score\n,1\n', "s.csv:2: no name in the cell 'key'"],
  ['key,score\n', 's.csv: no rows below the header'],
  [
    'score\n1\n',
    "s.csv:1: no column 'key': expected key,score (several columns of patches: score0,score1,…), got score",
  ],
  ['key\na\n', "s.csv:1: no column 'score': expected key,score (several columns of patches: score0,score1,…), got key"],
  [
    'key,label,score\na,1,0.5\n',
    "s.csv:1: the column 'label' holds no scores: expected key,score (several columns of patches: score0,score1,…), got key,label,score",
  ],
])('%j', async (content, message) => {
  expect(await mistakeOf('s.csv', content, 'probabilities')).toBe(message);
});

test.each([
  [
    {descr: '<f8', shape: [2], values: [0.5, -0.25]},
    's.npy: score 1 (from 0): expected a probability in 0..1, got -0.25 (raw scores: scores.input: logits)',
  ],
  [
    {descr: '<f8', shape: [2, 2], values: [0.5, 1, 0, Number.NaN]},
    's.npy: score 1, patch 1 (from 0): expected a finite number, got NaN',
  ],
  [
    {descr: '<f8', shape: [0], values: []},
    's.npy: no scores, expected an array [items] or [items, patches], got the shape [0]',
  ],
  [
    {descr: '<f8', shape: [3, 0], values: []},
    's.npy: no scores, expected an array [items] or [items, patches], got the shape [3, 0]',
  ],
])('%j', async (stored, message) => {
  expect(await mistakeOf('s.npy', npy(stored), 'probabilities')).toBe(message);
});
