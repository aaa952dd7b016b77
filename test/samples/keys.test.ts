import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {braceExpansions} from '../../src/samples/braces.js';
import {hasImageExtension, IMAGE_EXTENSIONS, withoutExtension} from '../../src/samples/extensions.js';
import {keyPattern, plainKey, refuseCaseClashes} from '../../src/samples/keys.js';

describe('keys', () => {
  test('lose their last extension only', () => {
    expect(['a/b.c.png', 'a.b/c', '.png', 'a/.png', 'a.'].map(withoutExtension)).toEqual([
      'a/b.c',
      'a.b/c',
      '.png',
      'a/.png',
      'a',
    ]);
    expect(plainKey('e\u0301.png')).toBe('\u00e9');
  });

  test.each([
    ['{key}_out.png', 'a_out.png', 'a'],
    ['{key}_out.png', 'a_out.jpg', undefined],
    ['{key}_out.png', 'a_out.PNG', undefined],
    ['{key}_out', 'x/a_out.jpg', 'x/a'],
    ['{key}_out', '_out.jpg', undefined],
    ['sub/{key}.png', 'sub/a/b.png', 'a/b'],
    ['sub/{key}.png', 'a/sub/b.png', undefined],
    ['{key}.v2', 'a.v2.png', 'a'],
    ['{key}', 'a.b.png', 'a.b'],
    ['aba{key}aba', 'ababa.png', undefined],
    ['.*{key}', 'x1.png', undefined],
    ['e\u0301{key}', '\u00e91.png', '1'],
  ])('by the pattern %s: %s is %s', (pattern, relative, key) => {
    expect(keyPattern(pattern, 'pred')(relative)).toBe(key);
  });

  test.each(['', 'key', '{Key}', '{key}{key}', '{key', '{ key }'])('refuse the pattern "%s"', (pattern) => {
    expect(() => keyPattern(pattern, 'pred')).toThrow(UsageError);
  });

  test('that differ by case only are refused on macOS and Windows', () => {
    const clash = ['A', 'a', 'b', 'É', 'é'];
    expect(() => refuseCaseClashes(clash, 'linux')).not.toThrow();
    expect(() => refuseCaseClashes(['a', 'b'], 'darwin')).not.toThrow();
    for (const platform of ['darwin', 'win32'] as const) {
      expect(() => refuseCaseClashes(clash, platform)).toThrow(/^2 keys .*: A and a, É and é; rename/);
    }
  });
});

test('image extensions count in any case', () => {
  const names = ['a.PNG', 'b.JpEg', 'c.npz', 'd.TIF', 'g.gif', 'png', '.png', 'e.png.txt', 'f.'];
  expect(names.filter(hasImageExtension)).toEqual(['a.PNG', 'b.JpEg', 'c.npz', 'd.TIF']);
  expect(IMAGE_EXTENSIONS).toEqual([
    ...['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.bmp'],
    ...['.pnm', '.pbm', '.pgm', '.ppm', '.pam', '.pfm', '.npy', '.npz'],
  ]);
});

describe('brace expansions', () => {
  interface Braced {
    readonly text: string;
    readonly count: number;
  }

  const plain = fc.stringMatching(/^[a-z*.]{0,3}$/).map((text): Braced => ({text, count: 1}));
  const range = fc.tuple(fc.integer({min: -50, max: 5000}), fc.nat(5000), fc.integer({min: 1, max: 9})).map(
    ([first, length, step]): Braced => ({
      text: `{${first}..${first + length}..${step}}`,
      count: Math.floor(length / step) + 1,
    }),
  );
  const {pattern} = fc.letrec<{pattern: Braced; part: Braced; choice: Braced}>((tie) => ({
    pattern: fc.array(tie('part'), {maxLength: 4}).map((parts) => ({
      text: parts.map(({text}) => text).join(''),
      count: parts.reduce((product, {count}) => product * count, 1),
    })),
    part: fc.oneof({maxDepth: 3}, plain, range, tie('choice')),
    choice: fc.array(tie('pattern'), {minLength: 2, maxLength: 4}).map((options) => ({
      text: `{${options.map(({text}) => text).join(',')}}`,
      count: options.reduce((sum, {count}) => sum + count, 0),
    })),
  }));

  test('are counted, not made', () => {
    fc.assert(
      fc.property(pattern, ({text, count}) => {
        expect(braceExpansions(text)).toBe(count);
      }),
      {numRuns: 1000},
    );
  });

  test.each([
    ['{a}', 1],
    ['{a..e}', 5],
    ['{1..1e8}', 1e8],
    ['{01..10}', 10],
    ['\\{a,b\\}', 1],
    ['a,b', 1],
    ['{a,b', 2],
    ['}{', 1],
    ['{}', 1],
    [`${'{a,b}'.repeat(50)}`, 2 ** 50],
  ])('of %s are %d', (text, count) => {
    expect(braceExpansions(text)).toBe(count);
  });

  test('of a very deep pattern are counted too', () => {
    expect(braceExpansions('{a,'.repeat(100_000))).toBeGreaterThan(1000);
  });
});
