import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {gather, keys, refusal, Scratch} from './scratch.js';

const HOSTILE = [
  '=1+1.png',
  '-rf.png',
  '@at.png',
  ' leading and trailing .png',
  'a,b;c.png',
  'quote"\'`.png',
  '[abc].png',
  '{a,b}.png',
  '(x|y).png',
  '!not.png',
  '#$%&.png',
  '*?.png',
  'back\\slash.png',
  'new\nline.png',
  '\r\n\t.png',
  '\u2028\u2029.png',
  'bell\u0007\u001b[31m.png',
  '100%.png',
  '日本語.png',
  '🙂.png',
  `${'x'.repeat(251)}.png`,
  'folder\nwith line/[b]/{c}/d.png',
  'back\\folder/e.png',
];

describe.skipIf(process.platform === 'win32')('hostile names', () => {
  test('are found and paired as directories and as globs', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', HOSTILE);
    const target = scratch.files('target', HOSTILE);
    const expected = HOSTILE.map((name) => name.slice(0, -4)).sort();
    for (const [one, other] of [
      [pred, target],
      [`${pred}/**/*.png`, target],
      [pred, `${target}/**`],
    ] as const) {
      const {samples} = await gather({inputs: {pred: one, target: other}});
      expect(samples.map(({key}) => key)).toEqual(expected);
      expect(samples.map(({files}) => files.target)).toEqual(expected.map((key) => `${target}/${key}.png`));
    }
  });

  test('are taken literally when such a file or folder exists', async () => {
    const scratch = new Scratch();
    for (const name of HOSTILE) {
      const pred = path.join(scratch.files('files', [name]), name);
      const {samples} = await gather({inputs: {pred, target: pred}});
      expect(samples).toEqual([{key: path.basename(name, '.png'), files: {pred, target: pred}}]);
      const folder = scratch.files(path.join('folders', name), ['b.png']);
      expect(await keys({inputs: {pred: folder, target: `${folder}/*.png`}})).toEqual(['b']);
    }
  });

  test('are escaped in messages', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['bell\u0007\u001b[31m.png', 'new\nline.png', 'same.png']);
    const target = scratch.files('target', ['same.png']);
    expect(await refusal({inputs: {pred, target}})).toContain('(bell\\u{7}\\u{1b}[31m, new\\nline)');
    expect(await refusal({inputs: {pred: scratch.path('no\nsuch'), target}})).toContain('no\\nsuch');
    expect(await refusal({inputs: {pred, target}, match: {pred: '{key}\u001b'}})).toContain('match.pred');
  });
});

test.skipIf(process.platform !== 'linux')(
  'names that are no UTF-8 are refused, since they cannot be opened',
  async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png', 'really \ufffd.png']);
    expect(await keys({inputs: {pred, target: pred}})).toHaveLength(2);
    writeFileSync(Buffer.concat([Buffer.from(`${pred}/`), Buffer.from([0xff, 0xe9]), Buffer.from('.png')]), '');
    expect(await refusal({inputs: {pred, target: pred}})).toContain('.png (its name is not UTF-8)');
  },
);

describe('globs', () => {
  test('have the longest existing folder as their root', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('runs [1]/7/out', ['a_sr.png', 'sub/b_sr.png', 'c.jpg']);
    const target = scratch.files('target', ['a.png', 'sub/b.png']);
    const inputs = {pred: `${pred}/**/*_sr.png`, target};
    expect(await keys({inputs, match: {pred: '{key}_sr'}})).toEqual(['a', 'sub/b']);
    const above = scratch.path('runs [1]/*/out/**/*_sr.png');
    expect(await keys({inputs: {pred: above, target}, match: {pred: '7/out/{key}_sr'}})).toEqual(['a', 'sub/b']);
  });

  test('take braces, ranges, classes and negations', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a1.png', 'a2.png', 'a3.png', 'b1.png', '!c.png', 'a1.txt']);
    const found = (pattern: string) => keys({inputs: {pred: `${pred}/${pattern}`}, requiredRoles: ['pred']});
    expect(await found('a{1..2}.png')).toEqual(['a1', 'a2']);
    expect(await found('{a,b}1.*')).toEqual(['a1', 'b1']);
    expect(await found('[ab][13].png')).toEqual(['a1', 'a3', 'b1']);
    expect(await found('!(a*|b*).png')).toEqual(['!c']);
    expect(await found('!*.png')).toEqual(['!c']);
    expect(await found('\\!c.png')).toEqual(['!c']);
  });

  test('take braces of folders, alone and nested, with what stands below them', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['ann/1.png', 'bob/1.png', 'bob/x/2.png', 'eve/x/3.png', '[d]/4.png']);
    const found = (pattern: string) => keys({inputs: {pred: `${pred}/${pattern}`}, requiredRoles: ['pred']});
    expect(await found('{ann,bob}/*.png')).toEqual(['ann/1', 'bob/1']);
    expect(await found('{ann,bob}/**/*.png')).toEqual(['ann/1', 'bob/1', 'bob/x/2']);
    expect(await found('{bob,eve}/x/*.png')).toEqual(['bob/x/2', 'eve/x/3']);
    expect(await found('{bob,e{v,w}e}/{x,y}/*.png')).toEqual(['bob/x/2', 'eve/x/3']);
    expect(await found('{ann,gone}/*.png')).toEqual(['ann/1']);
    expect(await found('\\[d\\]/*.png')).toEqual(['[d]/4']);
    const above = `${scratch.root}/{pred/ann,pred/bob}/*.png`;
    expect(await keys({inputs: {pred: above}, requiredRoles: ['pred']})).toEqual(['pred/ann/1', 'pred/bob/1']);
  });

  test('that leave the folder where they begin are refused', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['ann/1.png']);
    const other = scratch.files('other', ['2.png']);
    expect(await refusal({inputs: {pred: `${pred}/{ann,../other}/*.png`}, requiredRoles: ['pred']})).toContain(
      `cannot be used: ${other} (out of ${pred}, where the search begins)`,
    );
  });

  test('that match no image say what they match', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.txt', 'b.png']);
    expect(await refusal({inputs: {pred: `${pred}/*.txt`, target: pred}})).toBe(
      `pred: no image files match ${pred}/*.txt (1 other file: .txt)`,
    );
    expect(await refusal({inputs: {pred: scratch.path('gone/*.png'), target: pred}})).toBe(
      `no such directory: ${scratch.path('gone')} (in ${scratch.path('gone/*.png')})`,
    );
  });

  test('of millions of alternatives are refused at once', async () => {
    const scratch = new Scratch();
    const pred = scratch.files('pred', ['a.png']);
    for (const pattern of [
      '{1..1e8}.png',
      `${'{a,b}'.repeat(40)}.png`,
      '{{1..900},{1..900}}.png',
      '{a..z}{a..z}{a..z}',
    ]) {
      expect(await refusal({inputs: {pred: `${pred}/${pattern}`, target: pred}})).toMatch(/the braces in .* stand for/);
    }
    expect(await refusal({inputs: {pred: `${pred}/${'{'.repeat(9000)}*`, target: pred}})).toContain('pred');
    expect(await refusal({inputs: {pred: `${pred}/${'*'.repeat(20_000)}{a,b}`, target: pred}})).toContain('pred');
  });
});
