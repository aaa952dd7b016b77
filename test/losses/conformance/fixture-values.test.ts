import {describe, expect, test} from 'vitest';
import type {ClassName} from '../../../src/losses/contract.js';
import {losses} from '../../../src/losses/registry.js';
import {expectClose} from '../close.js';
import {onDevice} from '../device.js';
import type {Rasters} from '../score.js';
import {declarations} from './declarations.js';
import {evaluator} from './evaluator.js';
import {type FixtureCase, fixtureCases} from './fixture-cases.js';

const registered = new Set(losses.map(({id}) => id));
const cases = fixtureCases();

test('every loss that a photo case or a declaration names is registered', () => {
  const named = cases.filter(({from, loss}) => from === 'photos.json' || Object.hasOwn(declarations, loss.type));
  const types = new Set(named.map(({loss}) => loss.type));
  expect([...types].filter((type) => !registered.has(type))).toEqual([]);
});

test.each(losses.filter(({family}) => ['pixel', 'structural'].includes(family)))(
  '$id has a reference value in the fixtures',
  ({id}) => {
    expect(cases.filter(({loss}) => loss.type === id)).not.toEqual([]);
  },
);

/** A class for every channel of scores. */
function classesOf({pred}: Rasters): readonly ClassName[] | null {
  const channels = pred?.channels ?? 1;
  return channels > 1 ? Array.from({length: channels}, (_, id) => ({id, name: `${id}`})) : null;
}

const groups = new Map<string, FixtureCase[]>();
for (const fixture of cases) {
  if (!registered.has(fixture.loss.type)) continue;
  const name = `${fixture.from} ${JSON.stringify(fixture.loss)}`;
  groups.set(name, [...(groups.get(name) ?? []), fixture]);
}

describe.each([...groups])('%s', (_, group) => {
  test('gives the reference values', async () => {
    const {type, ...options} = (group[0] as FixtureCase).loss;
    for (const {key, value, tolerance, perClass = [], rasters} of group) {
      const images = await rasters();
      const loss = await evaluator(type, options, classesOf(images));
      for (const form of loss.forms) {
        const cells = await loss.cells(form, [images]);
        const close = (part: string, expected: number) =>
          expectClose(
            cells[part]?.[0],
            expected,
            onDevice({relative: tolerance, floor: 1e-7}),
            `${key} ${part}, ${form} form`,
          );
        close('', value);
        perClass.forEach((ofClass, id) => {
          close(`${id}`, ofClass);
        });
      }
    }
  });
});
