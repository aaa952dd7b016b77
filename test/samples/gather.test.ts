import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {gather, keys, refusal, Scratch} from './scratch.js';

describe('directories', () => {
  test('pair recursively by the path below the root without extension, sorted by code unit', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['b.png', 'a/z.PNG', 'a.v2.jpg', 'Z.bmp', 'ä.webp', 'a/deep/er/x.npy', 'y.npz']);
    const target = scratch.files('target', [
      'b.jpeg',
      'a/z.jpg',
      'a.v2.png',
      'Z.png',
      'ä.png',
      'a/deep/er/x.png',
      'y.png',
    ]);
    const table = await gather({inputs: {pred, target}});
    expect(table).toEqual({
      samples: [
        {key: 'Z', files: {pred: `${pred}/Z.bmp`, target: `${target}/Z.png`}},
        {key: 'a.v2', files: {pred: `${pred}/a.v2.jpg`, target: `${target}/a.v2.png`}},
        {key: 'a/deep/er/x', files: {pred: `${pred}/a/deep/er/x.npy`, target: `${target}/a/deep/er/x.png`}},
        {key: 'a/z', files: {pred: `${pred}/a/z.PNG`, target: `${target}/a/z.jpg`}},
        {key: 'b', files: {pred: `${pred}/b.png`, target: `${target}/b.jpeg`}},
        {key: 'y', files: {pred: `${pred}/y.npz`, target: `${target}/y.png`}},
        {key: 'ä', files: {pred: `${pred}/ä.webp`, target: `${target}/ä.png`}},
      ],
      roots: {pred, target},
      shared: {},
      missing: [],
    });
  });

  test('skip hidden files and folders, and files that are no images', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', '.b.png', '._a.png', '.cache/c.png', 'notes.txt', 'png', 'Thumbs.db']);
    const target = scratch.files('target', ['a.png']);
    expect(await keys({inputs: {pred, target}})).toEqual(['a']);
  });

  test('without images say what is there', async () => {
    const scratch = new Scratch();
    const target = scratch.files('target', ['a.png']);
    const pred = scratch.files('pred', ['a.gif', 'sub/b.GIF', 'readme.txt', 'LICENSE']);
    expect(await refusal({inputs: {pred, target}})).toBe(
      `pred: no image files in ${pred} (4 other files: no extension, .gif, .txt)`,
    );
    const empty = scratch.files('empty', []);
    expect(await refusal({inputs: {pred: target, target: empty}})).toBe(`target: no image files in ${empty}`);
  });

  test('that do not exist are named', async () => {
    const scratch = new Scratch();
    const target = scratch.files('target', ['a.png']);
    const pred = scratch.path('nope');
    expect(await refusal({inputs: {pred, target}})).toBe(
      `pred: cannot read ${pred}: no such file or directory (ENOENT)`,
    );
    const below = scratch.path('target/a.png/b');
    expect(await refusal({inputs: {pred: below, target}})).toContain('(ENOTDIR)');
    expect(await refusal({inputs: {pred: '', target}})).toContain('got an empty path');
  });
});

describe('files', () => {
  test('two make one sample whatever their names, keyed by the prediction', async () => {
    const scratch = new Scratch();
    scratch.files('.', ['one.out.png', 'two.jpg', 'w.npy']);
    const [pred, target, weight] = [scratch.path('one.out.png'), scratch.path('two.jpg'), scratch.path('w.npy')];
    expect(await gather({inputs: {weight, target, pred}})).toEqual({
      samples: [{key: 'one.out', files: {pred, target, weight}}],
      roots: {pred, target, weight},
      shared: {weight},
      missing: [],
    });
  });

  test('of another role serve every sample', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'b.png']);
    const target = scratch.files('target', ['a.png', 'b.png']);
    const weight = path.join(scratch.files('.', ['w.npy']), 'w.npy');
    const table = await gather({inputs: {pred, target, weight}});
    expect(table.shared).toEqual({weight});
    expect(table.samples.map(({files}) => files.weight)).toEqual([weight, weight]);
  });

  test('and directories do not mix between prediction and target', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    const target = path.join(scratch.files('target', ['a.png']), 'a.png');
    expect(await refusal({inputs: {pred, target}})).toMatch(
      /^pred has many files .* and target is one .*: expected directories for both, or one file for both$/,
    );
    expect(await refusal({inputs: {pred: target, target: pred}})).toContain('target has many files');
    expect(await refusal({inputs: {pred: target, target, weight: pred}})).toContain('weight has many files');
  });
});

describe('roles', () => {
  test('given as directories pair strictly, optional ones too', async () => {
    const scratch = new Scratch();
    const inputs = {
      pred: scratch.files('pred', ['a.png', 'b.png']),
      target: scratch.files('target', ['a.png', 'b.png']),
      weight: scratch.files('weight', ['a.npy', 'c.npy']),
    };
    expect(await refusal({inputs})).toBe(
      'the inputs do not pair: 1 key of pred not in weight (b); 1 key of weight not in pred (c); to leave out what has no partner, use --allow-missing',
    );
    const table = await gather({inputs, allowMissing: true});
    expect(table.samples.map(({key}) => key)).toEqual(['a']);
    expect(table.missing).toEqual([
      {key: 'b', roles: ['weight']},
      {key: 'c', roles: ['pred', 'target']},
    ]);
  });

  test('that nobody reads, or that are needed and not given, are refused', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    expect(await refusal({inputs: {pred, target: pred, wieght: pred}})).toBe(
      'no configured loss reads the role "wieght"; expected one of pred, target, weight, ignore',
    );
    expect(await refusal({inputs: {pred}})).toContain('no input for the role "target"; give --target PATH');
    expect(await refusal({inputs: {pred, target: pred}, requiredRoles: ['pred', 'style']})).toContain(
      '"style"; give --input style=PATH',
    );
    expect(await keys({inputs: {pred}, requiredRoles: ['pred']})).toEqual(['a']);
  });

  test('named like parts of every object are only names', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    const inputs = JSON.parse(JSON.stringify({pred, target: pred}).replace('}', `,"__proto__":"${pred}"}`));
    expect(await refusal({inputs})).toContain('no configured loss reads the role "__proto__"');
    expect(await refusal({inputs: {pred, target: pred}, match: {toString: '{key}'}})).toContain('match.toString');
    const odd = scratch.files('odd', ['__proto__.png', 'constructor.png', 'toString.png']);
    expect(await keys({inputs: {pred: odd, target: odd}})).toEqual(['__proto__', 'constructor', 'toString']);
  });
});

describe('pairing', () => {
  test('lists the first ten of what is missing and extra, with counts', async () => {
    const scratch = new Scratch();
    const names = Array.from({length: 12}, (_, index) => `p${String(index).padStart(2, '0')}.png`);
    const pred = scratch.files('pred', ['same.png', ...names]);
    const target = scratch.files('target', ['same.png', 't.png']);
    expect(await refusal({inputs: {pred, target}})).toBe(
      'the inputs do not pair: 12 keys of pred not in target (p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, and 2 more); 1 key of target not in pred (t); to leave out what has no partner, use --allow-missing',
    );
  });

  test('refuses two files of one key, under --allow-missing too', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'a.jpg', 'b.png', 'é.png'.normalize('NFC'), 'é.jpg'.normalize('NFD')]);
    const target = scratch.files('target', ['a.png', 'b.png', 'é.png']);
    const message = await refusal({inputs: {pred, target}, allowMissing: true});
    expect(message).toContain('2 ambiguous keys in pred (a: a.jpg and a.png, é: ');
    expect(message).toContain('keep one file of each');
  });

  test('takes composed and decomposed names for the same, and keeps the files as they are named', async () => {
    const scratch = new Scratch();
    const [nfc, nfd] = ['Å/é.png'.normalize('NFC'), 'Å/é.png'.normalize('NFD')];
    const pred = scratch.files('pred', [nfc]);
    const target = scratch.files('target', [nfd]);
    const {samples} = await gather({inputs: {pred, target}});
    expect(samples).toEqual([
      {key: 'Å/é'.normalize('NFC'), files: {pred: `${pred}/${nfc}`, target: `${target}/${nfd}`}},
    ]);
  });

  test.skipIf(process.platform !== 'linux')('tells case apart', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'A.png']);
    expect(await keys({inputs: {pred, target: pred}})).toEqual(['A', 'a']);
    const target = scratch.files('target', ['A.png', 'B.png']);
    const lower = scratch.files('lower', ['a.png', 'b.png']);
    expect(await refusal({inputs: {pred: lower, target}})).toContain('2 keys of pred not in target (a, b)');
  });

  test('of nothing is refused under --allow-missing', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    const target = scratch.files('target', ['b.png']);
    expect(await refusal({inputs: {pred, target}, allowMissing: true})).toBe(
      'the inputs do not pair: no key is in all of pred, target',
    );
  });
});

describe('match', () => {
  test('takes the key out of the name, in folders too', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['x/1_out.png', '2_out.png', '3.png', '2_out.jpg']);
    const target = scratch.files('target', ['gt/x/1.bmp', 'gt/2.bmp', 'other/2.bmp']);
    const match = {pred: '{key}_out.png', target: 'gt/{key}'};
    expect((await gather({inputs: {pred, target}, match})).samples).toEqual([
      {key: '2', files: {pred: `${pred}/2_out.png`, target: `${target}/gt/2.bmp`}},
      {key: 'x/1', files: {pred: `${pred}/x/1_out.png`, target: `${target}/gt/x/1.bmp`}},
    ]);
  });

  test('is suggested where one explains why nothing pairs', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a_sr.png', 'b_sr.png']);
    const target = scratch.files('target', ['a.png', 'b.png', 'c.png']);
    expect(await refusal({inputs: {pred, target}})).toMatch(/; did you mean --match 'pred=\{key\}_sr'\?$/);
    expect(await keys({inputs: {pred, target}, match: {pred: '{key}_sr'}, allowMissing: true})).toEqual(['a', 'b']);
  });

  test('that fits nothing, or has nothing to fit, is refused', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'b.png']);
    const file = path.join(pred, 'a.png');
    expect(await refusal({inputs: {pred, target: pred}, match: {pred: '{key}_sr'}})).toMatch(
      /^match\.pred: none of the 2 image files of .* fits the pattern; one of them is [ab]\.png$/,
    );
    expect(await refusal({inputs: {pred, target: pred}, match: {weight: '{key}'}})).toContain('no input for this role');
    expect(await refusal({inputs: {pred: file, target: file}, match: {pred: '{key}'}})).toContain('is one file');
    expect(await refusal({inputs: {pred, target: pred}, match: {pred: '{key}/{key}'}})).toContain('exactly once');
  });
});

describe('group_by', () => {
  test('makes a group of the key or its folder', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'x/b.png', 'x/y/c.png']);
    const groups = async (groupBy: string) =>
      (await gather({inputs: {pred, target: pred}, groupBy})).samples.map(({group}) => group);
    expect(await groups('{dir}')).toEqual(['.', 'x', 'x/y']);
    expect(await groups('scene {dir}: {key}')).toEqual(['scene .: a', 'scene x: x/b', 'scene x/y: x/y/c']);
    expect(await groups('dir')).toEqual(['.', 'x', 'x/y']);
  });

  test('of an unknown name is refused', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    for (const groupBy of ['{scene}', 'scene', '{dir}{toString}', '', '{}']) {
      expect(await refusal({inputs: {pred, target: pred}, groupBy})).toContain(
        'group_by: expected one of {dir}, {key}',
      );
    }
  });
});
