import {chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {asOrdinaryUser} from '../ordinary-user.js';
import {gather, keys, refusal, Scratch} from './scratch.js';

/** Both ways to search a folder must obey the same rules. */
const searches: readonly [string, (directory: string) => string][] = [
  ['directory', (directory) => directory],
  ['glob', (directory) => `${directory}/**/*`],
  ['glob of names', (directory) => `${directory}/{,in/,alias/,real/}{a,b,c,x}.png`],
];

describe.each(searches)('links in a %s', (_, search) => {
  test('to files and folders below the root are followed', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'real/b.png']);
    symlinkSync('a.png', path.join(pred, 'c.png'));
    symlinkSync(path.join(pred, 'real'), path.join(pred, 'alias'));
    const found = await gather({inputs: {pred: search(pred)}, requiredRoles: ['pred']});
    expect(found.samples).toEqual([
      {key: 'a', files: {pred: `${pred}/a.png`}},
      {key: 'alias/b', files: {pred: `${pred}/alias/b.png`}},
      {key: 'c', files: {pred: `${pred}/c.png`}},
      {key: 'real/b', files: {pred: `${pred}/real/b.png`}},
    ]);
  });

  test('out of the tree are refused and listed', async () => {
    const scratch = new Scratch();
    const outside = scratch.files('pred-other', ['b.png']);
    const pred = scratch.files('pred', ['a.png']);
    symlinkSync(path.join(outside, 'b.png'), path.join(pred, 'x.png'));
    expect(await refusal({inputs: {pred: search(pred)}, requiredRoles: ['pred']})).toContain(
      `1 entry of ${search(pred)} cannot be used: ${pred}/x.png (a link out of the tree, to ${outside}/b.png)`,
    );
  });

  test('to a folder out of the tree are refused', async () => {
    const scratch = new Scratch();
    const outside = scratch.files('outside', ['b.png']);
    const pred = scratch.files('pred', ['a.png']);
    symlinkSync('../outside', path.join(pred, 'in'));
    const message = await refusal({inputs: {pred: search(pred)}, requiredRoles: ['pred']});
    expect(message).toContain('cannot be used');
    expect(message).toContain(`(a link out of the tree, to ${outside}`);
  });

  test('that lead nowhere are refused where a sample is expected', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    symlinkSync('gone.png', path.join(pred, 'b.png'));
    symlinkSync('c.png', path.join(pred, 'c.png'));
    symlinkSync('gone', path.join(pred, 'no-image'));
    const message = await refusal({inputs: {pred: search(pred)}, requiredRoles: ['pred']});
    expect(message).toContain('2 entries of');
    expect(message).toContain(`${pred}/b.png (`);
    expect(message).toContain(`${pred}/c.png (`);
  });

  test('FIFOs are never opened', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    scratch.fifo('pred/b.png');
    expect(await refusal({inputs: {pred: search(pred)}, requiredRoles: ['pred']})).toContain(
      `cannot be used: ${pred}/b.png (a FIFO); put real files there, or name them in a manifest (--pairs)`,
    );
  });
});

describe.each(searches.slice(0, 2))('loops in a %s', (_, search) => {
  test('end', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'in/b.png', 'other/c.png']);
    symlinkSync('..', path.join(pred, 'in', 'up'));
    symlinkSync('.', path.join(pred, 'self'));
    symlinkSync('round', path.join(pred, 'round'));
    symlinkSync('../other', path.join(pred, 'in', 'cross'));
    symlinkSync('../in', path.join(pred, 'other', 'cross'));
    expect(await keys({inputs: {pred: search(pred)}, requiredRoles: ['pred']})).toEqual([
      'a',
      'in/b',
      'in/cross/c',
      'other/c',
      'other/cross/b',
    ]);
  });

  test('of a mesh of folders end in an error, not in an endless walk', async () => {
    const scratch = new Scratch();
    const names = Array.from({length: 9}, (_, index) => `d${index}`);
    const pred = scratch.files(
      'pred',
      names.map((name) => `${name}/a.png`),
    );
    for (const from of names) {
      for (const to of names) {
        symlinkSync(`../${to}`, path.join(pred, from, to));
      }
    }
    expect(await refusal({inputs: {pred: search(pred)}, requiredRoles: ['pred']})).toContain(
      'lead through more than 10000 folders',
    );
  });
});

test('a root that is a link is as good as the folder', async () => {
  const scratch = new Scratch();
  const real = scratch.files('real', ['sub/a.png']);
  symlinkSync('a.png', path.join(real, 'sub', 'b.png'));
  symlinkSync('real', scratch.path('link'));
  const pred = scratch.path('link');
  const {samples} = await gather({
    inputs: {pred, target: `${pred}/*/*.png`},
    match: {target: 'sub/{key}', pred: 'sub/{key}'},
  });
  expect(samples.map(({files}) => files.pred)).toEqual([`${pred}/sub/a.png`, `${pred}/sub/b.png`]);
});

test.each(['{in,real}/*.png', '{in,real}/{sub,x}/*.png'])(
  'braces of folders, %s: links are followed or refused',
  async (glob) => {
    const scratch = new Scratch();
    const outside = scratch.files('outside', ['b.png', 'sub/b.png']);
    const pred = scratch.files('pred', ['real/a.png', 'real/sub/a.png', 'other/c.png', 'other/sub/c.png']);
    const found = () => gather({inputs: {pred: `${pred}/${glob}`}, requiredRoles: ['pred']});
    symlinkSync('other', path.join(pred, 'in'));
    expect((await found()).samples).toHaveLength(2);
    renameSync(path.join(pred, 'in'), path.join(pred, 'unused'));
    symlinkSync('../outside', path.join(pred, 'in'));
    expect(await refusal({inputs: {pred: `${pred}/${glob}`}, requiredRoles: ['pred']})).toContain(
      `cannot be used: ${pred}/in (a link out of the tree, to ${outside})`,
    );
  },
);

test('a glob does not mind links that it does not match', async () => {
  const scratch = new Scratch();
  scratch.files('outside', ['b.png']);
  const pred = scratch.files('pred', ['a.png']);
  symlinkSync('../outside', path.join(pred, 'data'));
  symlinkSync('../outside/b.png', path.join(pred, 'b.png'));
  expect(await keys({inputs: {pred: `${pred}/a*.png`}, requiredRoles: ['pred']})).toEqual(['a']);
});

test('FIFOs, sockets and devices named outright are refused', async () => {
  const scratch = new Scratch();
  const pred = path.join(scratch.files('.', ['a.png']), 'a.png');
  const server = createServer().listen(scratch.path('socket'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  expect(await refusal({inputs: {pred, target: scratch.fifo('fifo')}})).toContain('is a FIFO; expected');
  expect(await refusal({inputs: {pred, target: scratch.path('socket')}})).toContain('is a socket; expected');
  expect(await refusal({inputs: {pred, target: '/dev/zero'}})).toContain('is a device; expected');
});

test('a folder without permission is named', async () => {
  const scratch = new Scratch();
  const pred = scratch.files('pred', ['a.png', 'locked/b.png']);
  const locked = path.join(pred, 'locked');
  chmodSync(scratch.root, 0o755);
  chmodSync(locked, 0o000);
  onTestFinished(() => chmodSync(locked, 0o755));
  const expected = `cannot read the directory ${locked}: permission denied (EACCES)`;
  await asOrdinaryUser(async () => {
    expect(await refusal({inputs: {pred, target: pred}})).toBe(expected);
    expect(await refusal({inputs: {pred: `${pred}/**/*.png`, target: pred}})).toBe(expected);
    expect(await refusal({inputs: {pred: path.join(locked, 'b.png'), target: pred}})).toContain('(EACCES)');
    expect(await refusal({inputs: {pred: `${locked}/*.png`, target: pred}})).toContain('permission denied (EACCES)');
  });
});

test('folders deeper than the system takes in one path are named, those just within are read', async () => {
  const scratch = new Scratch();
  const name = 'd'.repeat(200);
  const within = Array.from({length: 15}, () => name).join('/');
  const pred = scratch.files('pred', [`${within}/a.png`]);
  expect(await keys({inputs: {pred, target: `${pred}/**/*.png`}})).toEqual([`${within}/a`]);
  // Seven more are moved in whole: the path is then longer than 4,096 bytes.
  const below = scratch.files('below', [`${Array.from({length: 7}, () => name).join('/')}/b.png`]);
  mkdirSync(scratch.path('moved'));
  writeFileSync(path.join(below, 'c.txt'), '');
  renameSync(below, path.join(pred, within, 'more'));
  expect(await refusal({inputs: {pred, target: pred}})).toContain('the path is too long (ENAMETOOLONG)');
});
