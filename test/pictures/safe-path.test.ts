import fc from 'fast-check';
import {expect, test} from 'vitest';
import {safePath} from '../../src/pictures/safe-path.js';

test.each([
  ['a/b 1_2.x', 'a/b 1_2.x'],
  ['<img src=x onerror=alert(1)>', '%3Cimg src=x onerror=alert%281%29%3E'],
  ['ü', '%C3%BC'],
  ['100%', '100%25'],
  ['../../etc/passwd', '%2E%2E/%2E%2E/etc/passwd'],
  ['.hidden', '%2Ehidden'],
  ['ends.', 'ends%2E'],
  ['con', '%63on'],
  ['NUL.x/aux', '%4EUL.x/%61ux'],
  ['a.png/b', 'a%2Epng/b'],
  ['C:\\x', 'C%3A%5Cx'],
])('%s', (key, path) => {
  expect(safePath(key)).toBe(path);
});

const key = fc
  .array(
    fc.string({minLength: 1, maxLength: 220, unit: 'grapheme'}).filter((name) => !name.includes('/')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((names) => names.join('/'));

test('different keys have different paths of plain names that stay in their folder', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      const path = safePath(one);
      for (const name of path.split('/')) {
        expect(name).toMatch(/^[A-Za-z0-9_\-+=@%][A-Za-z0-9_.\-+=@ %~]*$/);
        expect(name).not.toMatch(/[. ]$/);
        expect(name.length).toBeLessThanOrEqual(180);
      }
      if (one !== other) expect(safePath(other)).not.toBe(path);
    }),
    {numRuns: 500},
  );
});

test('long names that begin alike stay apart', () => {
  const long = 'x'.repeat(300);
  expect(safePath(`${long}a`)).not.toBe(safePath(`${long}b`));
});
