import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {decodeNpy} from '../../../src/images/npy.js';
import type {Raster} from '../../../src/images/raster.js';
import type {LossColumns} from '../../../src/losses/contract.js';
import type {Cell} from '../../../src/rows/row.js';
import {expectClose} from '../close.js';
import {bytes, createLoss, floats, type Rasters, score, scoreFused, wasm} from '../score.js';

const folder = new URL('../../../fixtures/embeddings/', import.meta.url);
const {cycle: expected} = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
const unit = {type: 'cycle-consistency', range: [0, 1]};

function stored(role: string, index: number): Raster {
  const path = new URL(`cycle/${role}/${index}.npy`, folder);
  return decodeNpy(readFileSync(path), path.pathname, 'pixels', 1e6);
}

/** The loss's columns over rows, as a run gives them to `aggregate`. */
function columnsOf(rows: readonly {key: string; cells: Readonly<Record<string, Cell>>}[]): LossColumns {
  const withNumber = (part: string) => rows.filter(({cells}) => typeof cells[part] === 'number');
  const numbers = (part: string) => withNumber(part).map(({cells}) => cells[part] as number);
  return {
    parts: ['cycle', 'identity'],
    column: numbers,
    numbers,
    keys: (part) => withNumber(part).map(({key}) => key),
  };
}

async function aggregateOf(rows: Parameters<typeof columnsOf>[0]) {
  const {descriptor} = await createLoss(unit, await wasm());
  return descriptor.aggregate?.(columnsOf(rows), descriptor.options.parse({}));
}

test.each([
  ['fused', scoreFused],
  ['tensor', score],
])('the %s form gives the reference values of both sets', async (_, run) => {
  const rows: {key: string; cells: Record<string, Cell>}[] = [];
  for (const set of ['a', 'b']) {
    for (let i = 0; i < 5; i++) {
      const rasters = Object.fromEntries(
        ['real', 'rec', 'same'].map((name) => [`${name}_${set}`, stored(`${name}_${set}`, i)]),
      );
      rows.push({key: `${set}/${i}`, cells: await run(unit, rasters)});
    }
  }
  const {value, cycle_a, cycle_b, identity_a, identity_b} = (await aggregateOf(rows)) as Record<string, Cell>;
  const close = {relative: 1e-6, floor: 0};
  expectClose(value, expected.value, close);
  expectClose(cycle_a, 10 * expected.terms.rec_a, close);
  expectClose(cycle_b, 10 * expected.terms.rec_b, close);
  expectClose(identity_a, 5 * expected.terms.same_a, close);
  expectClose(identity_b, 5 * expected.terms.same_b, close);
});

test('identity is n/a where no such image is given, and then counts nothing', async () => {
  const image = bytes(1, 2, 1, [0, 255]);
  const rows = [
    {key: 'a/x', cells: await scoreFused(unit, {real_a: image, rec_a: bytes(1, 2, 1, [51, 255])})},
    {key: 'b/x', cells: await scoreFused(unit, {real_b: image, rec_b: image})},
  ];
  expect(rows.map(({cells}) => cells.identity)).toEqual(['n/a', 'n/a']);
  expect(rows[0]?.cells.cycle).toBeCloseTo(10 * 0.1, 12);
  expect(await aggregateOf(rows)).toMatchObject({value: expect.closeTo(1, 12), identity_a: null, identity_b: null});
});

test('without a row in one of the sets there is no value', async () => {
  expect(await aggregateOf([{key: 'a/x', cells: {cycle: 1, identity: 'n/a'}}])).toMatchObject({value: null});
});

test('random images: both forms, norms and ranges against the definition in float64', async () => {
  const image = fc.uint8Array({minLength: 12, maxLength: 12});
  const cases = fc.record({
    real: image,
    rec: image,
    same: image,
    set: fc.constantFrom('a', 'b'),
    norm: fc.constantFrom('l1' as const, 'l2' as const),
    range: fc.constantFrom([-1, 1], [0, 1]),
    lambda: fc.constantFrom(10, 1, 0),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({real, rec, same, set, norm, range, lambda}) => {
      const [low, high] = range as [number, number];
      const mean = (x: Uint8Array) => {
        const errors = [...x].map((value, i) => {
          const difference = ((value - (real[i] as number)) / 255) * (high - low);
          return norm === 'l1' ? Math.abs(difference) : difference ** 2;
        });
        return errors.reduce((sum, error) => sum + error, 0) / errors.length;
      };
      const rasters: Rasters = {
        [`real_${set}`]: bytes(2, 2, 3, real),
        [`rec_${set}`]: bytes(2, 2, 3, rec),
        [`same_${set}`]: bytes(2, 2, 3, same),
      };
      for (const run of [score, scoreFused]) {
        const cells = await run({type: 'cycle-consistency', norm, range, lambda}, rasters);
        expectClose(cells.cycle, lambda * mean(rec));
        expectClose(cells.identity, (lambda / 2) * mean(same));
      }
    }),
    {numRuns: 200},
  );
});

test('float files stay as they are', async () => {
  const cells = await scoreFused(
    {type: 'cycle-consistency'},
    {real_a: floats(1, 1, 1, [-0.25]), rec_a: floats(1, 1, 1, [0.5])},
  );
  expect(cells.cycle).toBe(7.5);
});
