import {describe, expect, test, vi} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import type {BatchCells} from '../../../src/losses/contract.js';
import {expectClose, TOLERANCE, type Tolerance} from '../close.js';
import {onDevice} from '../device.js';
import {noteError} from '../errors-seen.js';
import {random} from '../random.js';
import {plainSample} from '../reference/sample.js';
import type {Rasters} from '../score.js';
import {type Declaration, declaredLosses, type Variant} from './declarations.js';
import {evaluator} from './evaluator.js';
import {classesOf, randomIgnore, randomSample, randomWeights} from './inputs.js';

/** On a software GPU the first run of a network compiles for seconds. */
vi.setConfig({testTimeout: 180_000});

const SAMPLES = 2;

describe.each(declaredLosses)('$id on this device', ({id, variants, smallest = 1, reference, ...rest}) => {
  const tolerance = onDevice(rest.tensorTolerance ?? TOLERANCE);

  test.each(variants)('agrees with the CPU: $inputs $options', async (variant) => {
    const {inputs, options} = variant;
    const shape = {height: smallest + 7, width: smallest + 12, channels: smallest > 100 ? 1 : 3};
    const next = random(29);
    const plain = Array.from({length: SAMPLES}, () => randomSample(inputs, shape, next, 'noise'));
    const weighted = plain.map((sample) => ({
      ...sample,
      weight: randomWeights(shape, next),
      ignore: randomIgnore(shape, next, rest.ignored ?? 0.1),
    }));
    const loss = await evaluator(id, options, classesOf(inputs));
    for (const samples of [plain, weighted]) {
      const expected = await expectedCells({id, reference}, variant, samples);
      agree(id, await loss.cells('tensor', samples), expected, tolerance);
    }
  });
});

test.each(['l1', 'l2'])('cycle-consistency on this device agrees with the CPU: %s', async (norm) => {
  const next = random(29);
  const image = () => randomSample('images', {height: 9, width: 14, channels: 3}, next, 'noise').pred as Raster;
  const samples = Array.from({length: SAMPLES}, () => ({real_a: image(), rec_a: image(), same_a: image()}));
  const [loss, onCpu] = [
    await evaluator('cycle-consistency', {norm}),
    await evaluator('cycle-consistency', {norm}, null, 'cpu'),
  ];
  const tolerance = onDevice(TOLERANCE);
  agree('cycle-consistency', await loss.cells('tensor', samples), await onCpu.cells('fused', samples), tolerance);
});

/** Every column that is expected. */
function agree(id: string, cells: BatchCells, expected: BatchCells, tolerance: Tolerance): void {
  const columns = Object.entries(expected);
  expect(columns).not.toEqual([]);
  for (const [part, values] of columns) {
    values.forEach((value, i) => {
      const cell = cells[part]?.[i];
      if (typeof value !== 'number') {
        expect(cell).toEqual(value);
        return;
      }
      noteError(id, cell, value, tolerance);
      expectClose(cell, value, tolerance, part);
    });
  }
}

/** In float64 where a loss has such a form on the CPU, which its references hold; else its tensor form there. */
async function expectedCells(
  {id, reference}: {readonly id: string; readonly reference: Declaration['reference'] | undefined},
  {inputs, options = {}}: Variant,
  samples: readonly Rasters[],
): Promise<BatchCells> {
  if (reference) return {'': samples.map((sample) => reference(plainSample(sample, options), options))};
  const loss = await evaluator(id, options, classesOf(inputs), 'cpu');
  return loss.cells(loss.forms.find((form) => form !== 'tensor') ?? 'tensor', samples);
}
