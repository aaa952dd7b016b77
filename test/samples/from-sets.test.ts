import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {gather, Scratch} from './scratch.js';

const roles = {
  sets: ['a', 'b'],
  requiredRoles: ['real_a', 'rec_a', 'real_b', 'rec_b'],
  optionalRoles: ['same_a', 'same_b'],
};

function inputs(scratch: Scratch, names: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([role, files]) => [role, scratch.files(role, files)]));
}

describe('two sets, each paired for itself', () => {
  test('sets of different sizes and names, in key order', async () => {
    const scratch = new Scratch();
    const given = inputs(scratch, {
      real_a: ['horse.png', 'mare.png'],
      rec_a: ['horse.npy', 'mare.npy'],
      real_b: ['zebra.png'],
      rec_b: ['zebra.png'],
      same_b: ['zebra.png'],
    });
    const {samples, roots, missing} = await gather({...roles, inputs: given});
    expect(samples).toEqual([
      {key: 'a/horse', files: {real_a: scratch.path('real_a/horse.png'), rec_a: scratch.path('rec_a/horse.npy')}},
      {key: 'a/mare', files: {real_a: scratch.path('real_a/mare.png'), rec_a: scratch.path('rec_a/mare.npy')}},
      {
        key: 'b/zebra',
        files: {
          real_b: scratch.path('real_b/zebra.png'),
          rec_b: scratch.path('rec_b/zebra.png'),
          same_b: scratch.path('same_b/zebra.png'),
        },
      },
    ]);
    expect(roots).toEqual(given);
    expect(missing).toEqual([]);
  });

  test('a reconstruction that is missing is refused, or left out and listed', async () => {
    const scratch = new Scratch();
    const given = inputs(scratch, {
      real_a: ['1.png', '2.png'],
      rec_a: ['1.png'],
      real_b: ['1.png'],
      rec_b: ['1.png'],
    });
    await expect(gather({...roles, inputs: given})).rejects.toThrow(/the inputs do not pair: .*rec_a.*2/);
    const {samples, missing} = await gather({...roles, inputs: given, allowMissing: true});
    expect(samples.map(({key}) => key)).toEqual(['a/1', 'b/1']);
    expect(missing).toEqual([{key: 'a/2', roles: ['rec_a']}]);
  });

  test.each([
    ['a role of one set', {pred: ['1.png']}, /reads the role "pred"; expected one of real_a, rec_a/],
    ['only one direction', {real_a: ['1.png'], rec_a: ['1.png']}, /no input for the role "real_b"/],
  ])('%s is refused', async (_, names, message) => {
    const scratch = new Scratch();
    const refused = gather({...roles, inputs: inputs(scratch, names)});
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  test('a manifest is refused', async () => {
    await expect(gather({...roles, pairs: {path: 'pairs.csv'}})).rejects.toThrow(/manifest names the files of one set/);
  });
});
