import fc from 'fast-check';
import {describe, expect, test, vi} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import type {Cell} from '../../../src/rows/row.js';
import {expectClose, TOLERANCE} from '../close.js';
import {cases, onDevice} from '../device.js';
import {type Random, random} from '../random.js';
import {floats, type Rasters} from '../score.js';
import {declaredLosses, type Variant} from './declarations.js';
import {type Evaluator, evaluator, type Form} from './evaluator.js';
import {classesOf, identicalSample, randomIgnore, randomSample, randomWeights, type Shape} from './inputs.js';

/** Samples of equal shape that one property run computes together; each is a case. */
const BATCH = 25;
const CASES = cases(1000);
/** A property of ms-ssim takes half a minute on a quiet machine. */
vi.setConfig({testTimeout: 600_000});

interface Group {
  readonly shape: Shape;
  readonly next: Random;
  readonly variant: Variant;
  readonly loss: Evaluator;
  readonly form: Form;
}

describe.each(declaredLosses)(
  '$id',
  ({id, variants, symmetric, weights, linear = (value: number) => value, ...rest}) => {
    const {smallest = 1, tensorCases = CASES, tensorTolerance = TOLERANCE} = rest;

    /** Checks a property of every form and variant on random samples in groups of equal shape: 1,000 cases, of the tensor form `tensorCases`. */
    const forAll = async (check: (group: Group) => Promise<void>) => {
      const made = await Promise.all(
        variants.map(async (variant) => ({
          variant,
          loss: await evaluator(id, variant.options, classesOf(variant.inputs)),
        })),
      );
      const side = fc.integer({min: smallest, max: smallest + 8});
      const groups = fc.record({
        height: side,
        width: side,
        // One channel where images are large: channels are alike, and 1,000 cases take long enough.
        channels: smallest > 100 ? fc.constant(1) : fc.constantFrom(1, 3),
        seed: fc.nat(),
        which: fc.nat({max: variants.length - 1}),
      });
      let tensorRuns = Math.ceil(Math.min(CASES, tensorCases) / BATCH);
      const property = fc.asyncProperty(groups, async ({seed, which, ...shape}) => {
        const {variant, loss} = made[which] as (typeof made)[number];
        for (const form of loss.forms) {
          if (form === 'tensor' && tensorRuns-- <= 0) continue;
          await check({shape, next: random(seed), variant, loss, form});
        }
      });
      await fc.assert(property, {numRuns: Math.ceil(CASES / BATCH), seed: 4});
    };
    const close = (form: Form, cell: Cell | undefined, expected: number) =>
      expectClose(cell, expected, form === 'fused' ? TOLERANCE : onDevice(tensorTolerance));

    test('has its identity value where pred says what target says', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        const {identity, inputs} = variant;
        if (identity === null) return;
        const samples = batch(() => identicalSample(inputs, shape, next));
        for (const cell of await loss.values(form, samples)) close(form, cell, identity);
      }));

    test('stays within its bounds', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        const [low, high] = variant.bounds;
        const samples = batch(() => randomSample(variant.inputs, shape, next));
        for (const cell of await loss.values(form, samples)) {
          expect(cell).toBeGreaterThanOrEqual(low - 1e-6);
          expect(cell).toBeLessThanOrEqual(high + 1e-6);
        }
      }));

    if (symmetric) {
      test('is the same when pred and target change places', () =>
        forAll(async ({shape, next, variant, loss, form}) => {
          const samples = batch(() => randomSample(variant.inputs, shape, next));
          const values = await loss.values(form, samples);
          const exchanged = samples.map(({pred, target}) => ({pred: target as Raster, target: pred as Raster}));
          (await loss.values(form, exchanged)).forEach((cell, i) => {
            close(form, cell, values[i] as number);
          });
        }));
    }

    test('knows weights by their ratios, or by their sum', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        const kind = typeof weights === 'function' ? weights(variant.options ?? {}) : weights;
        if (kind === 'none') return;
        const samples = batch(() => randomSample(variant.inputs, shape, next));
        const maps = samples.map(() => randomWeights(shape, next, () => 0.1 + next()));
        const once = await loss.values(form, withRole(samples, 'weight', maps));
        const tripled = await loss.values(
          form,
          withRole(
            samples,
            'weight',
            maps.map((weight) => scaled(weight, 3)),
          ),
        );
        once.forEach((cell, i) => {
          if (typeof cell === 'number') close(form, tripled[i], kind === 'sum' ? 3 * cell : cell);
          else expect(tripled[i]).toEqual(cell);
        });
      }));

    test('is linear in weights', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        const kind = typeof weights === 'function' ? weights(variant.options ?? {}) : weights;
        if (kind === 'scaled' || kind === 'none') return;
        const samples = batch(() => randomSample(variant.inputs, shape, next));
        const whole = samples.map(() => randomWeights(shape, next));
        const parts = whole.map((weight) => split(weight, next));
        const valuesOf = async (maps: readonly Raster[]) =>
          (await loss.values(form, withRole(samples, 'weight', maps))).map((cell) =>
            typeof cell === 'number' ? linear(cell) : null,
          );
        const values = await valuesOf(whole);
        const first = await valuesOf(parts.map(([part]) => part));
        const second = await valuesOf(parts.map(([, part]) => part));
        values.forEach((value, i) => {
          const [one, other] = (parts[i] as [Raster, Raster]).map(sum) as [number, number];
          if (one + other === 0) expect(value).toBeNull();
          else if (kind === 'sum') close(form, value, (first[i] ?? 0) + (second[i] ?? 0));
          else close(form, value, ((first[i] ?? 0) * one + (second[i] ?? 0) * other) / (one + other));
        });
      }));

    test('does not see ignored pixels', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        if (!('ignore' in {...loss.descriptor.optionalInputs})) return;
        const samples = batch(() => randomSample(variant.inputs, shape, next, 'float'));
        const maps = samples.map(() => randomIgnore(shape, next, 0.1));
        const others = batch(() => randomSample(variant.inputs, shape, next, 'float'));
        const changed = samples.map((sample, i) => replaced(sample, others[i] as Rasters, maps[i] as Raster));
        const values = await loss.values(form, withRole(samples, 'ignore', maps));
        (await loss.values(form, withRole(changed, 'ignore', maps))).forEach((cell, i) => {
          const before = values[i];
          if (typeof before === 'number') close(form, cell, before);
          else expect(cell).toEqual(before);
        });
      }));

    test('gives the same value in every form', () =>
      forAll(async ({shape, next, variant, loss, form}) => {
        // Each form asks the other one, so `tensorCases` bounds this property too.
        if (form !== 'tensor') return;
        const samples = batch(() => ({
          ...randomSample(variant.inputs, shape, next),
          weight: randomWeights(shape, next),
        }));
        const tensor = await loss.cells('tensor', samples);
        for (const other of loss.forms.filter((name) => name !== 'tensor')) {
          for (const [part, column] of Object.entries(await loss.cells(other, samples))) {
            column.forEach((cell, i) => {
              const same = tensor[part]?.[i];
              if (typeof cell === 'number') close('tensor', same, cell);
              else expect(same).toEqual(cell);
            });
          }
        }
      }));
  },
);

function batch(make: () => Rasters): Rasters[] {
  return Array.from({length: BATCH}, make);
}

function withRole(samples: readonly Rasters[], role: string, rasters: readonly Raster[]): Rasters[] {
  return samples.map((sample, i) => ({...sample, [role]: rasters[i] as Raster}));
}

function scaled({data, height, width}: Raster, factor: number): Raster {
  return floats(
    height,
    width,
    1,
    Array.from(data, (value) => value * factor),
  );
}

/** A weight map as the sum of two that share no pixel. */
function split({data, height, width}: Raster, next: Random): [Raster, Raster] {
  const first = Float64Array.from(data, (value) => (next() < 0.5 ? value : 0));
  const second = Float64Array.from(data, (value, i) => value - (first[i] as number));
  return [floats(height, width, 1, first), floats(height, width, 1, second)];
}

function sum({data}: Raster): number {
  let total = 0;
  for (const value of data) total += value;
  return total;
}

/** The sample with another one's values where a pixel is ignored. */
function replaced(sample: Rasters, other: Rasters, ignore: Raster): Rasters {
  // A style image has pixels of its own, which no role ignores.
  const swap = (role: string, raster: Raster): Raster => ({
    ...raster,
    data: raster.data.map((value, i) =>
      ignore.data[Math.floor(i / raster.channels)] === 0 ? value : (other[role]?.data[i] as number),
    ),
  });
  return Object.fromEntries(
    Object.entries(sample).map(([role, raster]) => [role, role === 'style' ? raster : swap(role, raster)]),
  );
}
