import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import * as functions from '../../src/loss-functions/index.js';
import {datasetLosses} from '../../src/losses/dataset-registry.js';
import {losses} from '../../src/losses/registry.js';

const guide = readFileSync('docs/library.md', 'utf8');

/** Losses that are no functions, by the reason that `docs/library.md` gives. */
const NONE: Readonly<Record<string, readonly string[]>> = {
  'counts of pixels': ['precision', 'recall', 'specificity', 'accuracy', 'f-beta', 'mcc', 'kappa', 'confusion'],
  'distances and matches of outlines': ['hausdorff', 'assd', 'surface-dice', 'boundary-iou', 'boundary-f'],
  'numbers of pieces and holes': ['betti'],
  'ranks and bins of scores': ['auroc', 'average-precision', 'ece', 'best-threshold'],
};

const without = Object.values(NONE).flat();
const registry = [...losses, ...datasetLosses].map(({id}) => id);
const nameOf = (id: string) => id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());

describe('every loss of the registry', () => {
  test.each(registry.filter((id) => !without.includes(id)))('%s is a function that the guide lists', (id) => {
    const name = nameOf(id);
    expect(functions).toHaveProperty(name, expect.any(Function));
    expect(guide.includes(`\`${name}\``), `${name} in docs/library.md`).toBe(true);
  });

  test.each(Object.entries(NONE))('or has no gradient, as the guide says: %s', (reason, ids) => {
    expect(registry).toEqual(expect.arrayContaining([...ids]));
    for (const id of ids) expect(functions).not.toHaveProperty(nameOf(id));
    const told = `${reason} (${ids.map((id) => `\`${id}\``).join(', ')})`;
    expect(guide.replaceAll(/\s+/g, ' ').includes(told), `${told} in docs/library.md`).toBe(true);
  });
});

test('there is no function beside them but what makes a network', () => {
  const others = Object.entries(functions).filter(([name]) => !registry.map(nameOf).includes(name));
  expect(others.map(([name]) => name).sort()).toEqual(['SampleError', 'UsageError', 'readNetwork']);
});
