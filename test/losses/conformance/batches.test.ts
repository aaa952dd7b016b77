import {describe, expect, test} from 'vitest';
import type {BatchCells} from '../../../src/losses/contract.js';
import {expectClose, TOLERANCE, type Tolerance} from '../close.js';
import {cases, onDevice, TEST_DEVICE} from '../device.js';
import {random} from '../random.js';
import type {Rasters} from '../score.js';
import {declaredLosses} from './declarations.js';
import {evaluator} from './evaluator.js';
import {classesOf, randomIgnore, randomSample, randomWeights} from './inputs.js';

const SAMPLES = Math.max(8, cases(64));

describe.each(declaredLosses)('$id', ({id, variants, smallest = 1, tensorTolerance = TOLERANCE}) => {
  const tolerance = onDevice(tensorTolerance);
  test.each(variants)('gives the same bits for any batch and order: $inputs $options', async ({inputs, options}) => {
    const loss = await evaluator(id, options, classesOf(inputs));
    const shape = {height: smallest + 4, width: smallest + 8, channels: smallest > 100 ? 1 : 3};
    const next = random(11);
    const plain = Array.from({length: SAMPLES}, () => randomSample(inputs, shape, next));
    const weighted = plain.map((sample) => ({
      ...sample,
      weight: randomWeights(shape, next),
      ignore: randomIgnore(shape, next),
    }));
    const order = plain.map((_, i) => (i * 27 + 5) % SAMPLES);
    const {optionalInputs = {}} = loss.descriptor;
    const hasWeights = 'weight' in optionalInputs || 'ignore' in optionalInputs;
    // A loss that needs large images is slow; the weighted path holds all of the plain one.
    for (const samples of smallest > 100 || !hasWeights ? [weighted] : [plain, weighted]) {
      const whole = await loss.cells('tensor', samples);
      for (const size of [1, 7]) {
        const batched = await inBatches(samples, size, (batch) => loss.cells('tensor', batch));
        expectSame(batched, whole, tolerance, `batches of ${size}`);
      }
      const shuffled = await loss.cells(
        'tensor',
        order.map((i) => samples[i] as Rasters),
      );
      const inOrder = Object.entries(whole).map(([part, cells]) => [part, order.map((i) => cells[i])]);
      expectSame(shuffled, Object.fromEntries(inOrder), tolerance, 'another order');
    }
  });
});

/** The same bits on the CPU; elsewhere, where threads share a sum, within the tolerance of that device. */
function expectSame(cells: BatchCells, expected: BatchCells, tolerance: Tolerance, what: string): void {
  if (TEST_DEVICE === 'cpu') {
    expect(cells, what).toStrictEqual(expected);
    return;
  }
  expect(Object.keys(cells), what).toEqual(Object.keys(expected));
  for (const [part, column] of Object.entries(expected)) {
    column.forEach((cell, i) => {
      if (typeof cell !== 'number') expect(cells[part]?.[i], what).toEqual(cell);
      else expectClose(cells[part]?.[i], cell, tolerance, `${what}, ${part}`);
    });
  }
}

async function inBatches(
  samples: readonly Rasters[],
  size: number,
  cells: (batch: readonly Rasters[]) => Promise<BatchCells>,
): Promise<BatchCells> {
  const joined: Record<string, BatchCells[string][number][]> = {};
  for (let at = 0; at < samples.length; at += size) {
    for (const [part, column] of Object.entries(await cells(samples.slice(at, at + size)))) {
      joined[part] = [...(joined[part] ?? []), ...column];
    }
  }
  return joined;
}
