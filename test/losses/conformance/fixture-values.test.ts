import {describe, expect, test, vi} from 'vitest';
import type {ClassName} from '../../../src/losses/contract.js';
import {losses} from '../../../src/losses/registry.js';
import {expectClose} from '../close.js';
import {onDevice, TEST_DEVICE} from '../device.js';
import {noteError} from '../errors-seen.js';
import type {Rasters} from '../score.js';
import {declarations} from './declarations.js';
import {evaluator} from './evaluator.js';
import {type FixtureCase, fixtureCases} from './fixture-cases.js';

/** On a software GPU a network takes a minute. */
vi.setConfig({testTimeout: 300_000});

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
    for (const {key, value, tolerance, perClass = [], rasters} of TEST_DEVICE === 'webgpu'
      ? group.slice(0, 1)
      : group) {
      const images = await rasters();
      const loss = await evaluator(type, options, classesOf(images));
      for (const form of loss.forms) {
        const cells = await loss.cells(form, [images]);
        const allowed = onDevice({relative: tolerance, floor: 1e-7});
        const close = (part: string, expected: number) => {
          const cell = cells[part]?.[0];
          if (part === '' && form === 'tensor')
            noteError(type, cell, expected, {...allowed, relative: Math.max(1e-5, tolerance)});
          expectClose(cell, expected, allowed, `${key} ${part}, ${form} form`);
        };
        close('', value);
        perClass.forEach((ofClass, id) => {
          close(`${id}`, ofClass);
        });
      }
    }
  });
});
