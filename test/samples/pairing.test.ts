import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {FileList} from '../../src/samples/file-list.js';
import {KeyedFiles} from '../../src/samples/keyed-files.js';
import {matchHint} from '../../src/samples/match-hint.js';
import {pairByKey, type RoleFiles} from '../../src/samples/pairing.js';
import {gather, Scratch} from './scratch.js';

const keySets = fc.array(fc.uniqueArray(fc.string({minLength: 1, maxLength: 3})), {minLength: 1, maxLength: 4});

const table = (role: string, keys: readonly string[]) => {
  const found = new FileList((relative) => `/${role}/${relative}`);
  for (const key of keys) found.push(key);
  return {role, files: new KeyedFiles(found, (relative) => relative)};
};

/** The pairs of roles, and the keys that were left out. */
function pairsOf(roles: readonly RoleFiles[], allowMissing: boolean) {
  const pairs: [string, readonly string[]][] = [];
  const missing = pairByKey(roles, allowMissing, (key, paths) => pairs.push([key, paths]));
  return {pairs, missing};
}

describe('pairing by key', () => {
  test('gives the intersection, and leaves out the rest with the roles that lack it', () => {
    fc.assert(
      fc.property(keySets, (sets) => {
        const roles = sets.map((keys, index) => table(`r${index}`, keys));
        const shared = (sets[0] ?? []).filter((key) => sets.every((keys) => keys.includes(key)));
        const rest = [...new Set(sets.flat())].filter((key) => !shared.includes(key));
        if (shared.length === 0) {
          expect(() => pairsOf(roles, true)).toThrow(UsageError);
          return;
        }
        const {pairs, missing} = pairsOf(roles, true);
        expect(pairs).toEqual([...shared].sort().map((key) => [key, sets.map((_, index) => `/r${index}/${key}`)]));
        expect(missing.map(({key}) => key)).toEqual([...rest].sort());
        for (const {key, roles: lacking} of missing) {
          expect(lacking).toEqual(sets.flatMap((set, index) => (set.includes(key) ? [] : [`r${index}`])));
        }
        if (rest.length === 0) {
          expect(pairsOf(roles, false)).toEqual({pairs, missing: []});
        } else {
          expect(() => pairsOf(roles, false)).toThrow(UsageError);
        }
      }),
      {numRuns: 1000},
    );
  });

  test('of real folders gives the intersection too', async () => {
    const name = fc.stringMatching(/^[a-c][a-c .=[\]{}*é-]{0,2}[a-c]$/);
    const names = fc.uniqueArray(name, {minLength: 1, maxLength: 12});
    await fc.assert(
      fc.asyncProperty(names, names, fc.boolean(), async (first, second, asGlob) => {
        const scratch = new Scratch();
        const withExtension = (keys: readonly string[]) => keys.map((key) => `${key}.png`);
        const pred = scratch.files('pred', withExtension([...first, 'common']));
        const target = scratch.files('target', withExtension([...second, 'common']));
        const inputs = {pred: asGlob ? `${pred}/**/*.png` : pred, target};
        const {samples, missing} = await gather({inputs, allowMissing: true});
        const both = ['common', ...first.filter((key) => second.includes(key))];
        const one = [...first, ...second].filter((key) => first.includes(key) !== second.includes(key));
        expect(samples.map(({key}) => key)).toEqual(both.sort());
        expect(missing.map(({key}) => key)).toEqual(one.sort());
      }),
      {numRuns: 40},
    );
  });
});

describe('the hint', () => {
  const hint = (pred: readonly string[], target: readonly string[]) =>
    matchHint({role: 'pred', keys: new Set(pred)}, {role: 'target', keys: new Set(target)});

  test('finds what stands before or after the key, on either side', () => {
    expect(hint(['a_sr', 'b_sr'], ['a', 'b', 'c'])).toBe("did you mean --match 'pred={key}_sr'?");
    expect(hint(['1', '11', '2'], ['out_1', 'out_11', 'out_2'])).toBe("did you mean --match 'target=out_{key}'?");
    expect(hint(['img/1_x4', 'img/2_x4'], ['1', '2'])).toBe("did you mean --match 'pred=img/{key}_x4'?");
    expect(hint(['1_fake', '2_fake'], ['1_real', '2_real'])).toBe(
      "did you mean --match 'pred={key}_fake' --match 'target={key}_real'?",
    );
  });

  test('is silent where nothing explains it', () => {
    expect(hint(['a', 'b'], ['c', 'd'])).toBeNull();
    expect(hint(['a_sr', 'b'], ['a', 'c'])).toBeNull();
    expect(hint([''], [''])).toBeNull();
    expect(hint(['x'], ['y'])).toBeNull();
  });

  test('pairs what it is about', () => {
    const key = fc.stringMatching(/^[ab12/]{1,4}$/);
    fc.assert(
      fc.property(fc.uniqueArray(key, {minLength: 2}), fc.stringMatching(/^[xy]{1,3}$/), (keys, ending) => {
        const found = hint(
          keys.map((name) => name + ending),
          keys,
        );
        const pattern = /^did you mean --match 'pred=(.*)\{key\}(.*)'\?$/.exec(found ?? '');
        expect(pattern?.slice(1)).toEqual(['', ending]);
      }),
    );
  });
});
