import {expect, test} from 'vitest';
import {readTuples} from '../../src/vectors/tuples.js';
import {mistake, Scratch, sha256Of, signal} from './scratch.js';

const ITEMS = {keys: ['a', 'b', 'c/d'], dimensions: 1, vectors: Float64Array.of(1, 2, 3), labels: null};

test('triplets, named by their items unless they have a key', async () => {
  const file = new Scratch().write('t.csv', 'positive,anchor,negative\nb,a,c/d\na,b,c/d\n');
  expect(await readTuples(file, ITEMS, signal)).toEqual({
    tuples: {
      kind: 'triplets',
      list: [
        {key: 'a|b|c/d', anchor: 0, positive: 1, negative: 2},
        {key: 'b|a|c/d', anchor: 1, positive: 0, negative: 2},
      ],
    },
    sha256: sha256Of(file),
  });
  const keyed = new Scratch().write('t.csv', 'key,anchor,positive,negative\nx,a,b,c/d\ny,a,b,c/d\n,a,b,c/d\n');
  const {tuples} = await readTuples(keyed, ITEMS, signal);
  expect(tuples.list.map(({key}) => key)).toEqual(['x', 'y', 'a|b|c/d']);
});

test('pairs: 1 and true are the same identity, 0 and false are not', async () => {
  const rows = ['a,b,1', 'a,c/d,0', 'b,a,True', 'c/d,a,FALSE'];
  const file = new Scratch().write('p.csv', `first,second,same\n${rows.join('\n')}\n`);
  expect((await readTuples(file, ITEMS, signal)).tuples).toEqual({
    kind: 'pairs',
    list: [
      {key: 'a|b', first: 0, second: 1, same: true},
      {key: 'a|c/d', first: 0, second: 2, same: false},
      {key: 'b|a', first: 1, second: 0, same: true},
      {key: 'c/d|a', first: 2, second: 0, same: false},
    ],
  });
});

test.each([
  ['anchor,positive,negative\na,b,c\n', "t.csv:2: negative: no item has the key 'c'"],
  [
    'anchor,positive,negative\na,b,c/d\nb,a,c/d\na,b,c/d\n',
    "t.csv:4: the tuple 'a|b|c/d' twice, it is on line 2 too; give each row a name of its own in a column 'key'",
  ],
  ['key,anchor,positive,negative\nx,a,b,c/d\nx,b,a,c/d\n', "t.csv:3: the tuple 'x' twice, it is on line 2 too"],
  ['first,second,same\na,b,yes\n', "t.csv:2: same: expected 1, 0, true or false, got 'yes'"],
  [
    'anchor,positive\na,b\n',
    't.csv:1: expected the columns anchor,positive,negative or first,second,same, got anchor,positive',
  ],
  [
    'anchor,positive,negative,first,second,same\na,b,a,a,b,1\n',
    't.csv:1: expected the columns anchor,positive,negative or first,second,same, got anchor,positive,negative,first,second,same',
  ],
  ['first,second,same\n', 't.csv: no rows below the header'],
])('%j', async (content, message) => {
  expect(await mistake(readTuples(new Scratch().write('t.csv', content), ITEMS, signal))).toBe(message);
});
