import {describe, expect, test} from 'vitest';
import {type LossMap, mapTotals, type PixelMap} from '../../../src/losses/pixel-map.js';
import {losses} from '../../../src/losses/registry.js';
import type {Cell} from '../../../src/rows/row.js';
import {expectClose} from '../close.js';
import {random} from '../random.js';
import {createLoss, type Rasters, viewsOf, wasm} from '../score.js';
import {declaredLosses} from './declarations.js';
import {evaluator} from './evaluator.js';
import {classesOf, randomIgnore, randomSample, randomWeights} from './inputs.js';

/** Of values in float64, and of a feature network's activations in float32. */
const TOLERANCE = {relative: 1e-5, floor: 1e-7};
const ROLES = [[], ['weight'], ['ignore'], ['weight', 'ignore']] as const;

describe.each(declaredLosses)('the map of $id', ({id, variants, smallest = 1, ignored}) => {
  test.each(variants)('gives the value of the row: $inputs $options', async ({inputs, options = {}}) => {
    const tf = await wasm();
    const classes = classesOf(inputs);
    const loss = await evaluator(id, options, classes);
    const {descriptor, instance} = await createLoss({...options, type: id}, tf, classes);
    const {pixelMap, view} = instance;
    if (!pixelMap) return;
    const next = random(23);
    const shape = {height: smallest + 21, width: smallest + 12, channels: 3};
    const {optionalInputs = {}} = descriptor;
    for (const roles of ROLES.filter((some) => some.every((role) => role in optionalInputs))) {
      const maps: Rasters = {weight: randomWeights(shape, next), ignore: randomIgnore(shape, next, ignored ?? 0.1)};
      const given = Object.fromEntries(roles.map((role) => [role, maps[role]])) as Rasters;
      const sample: Rasters = {...randomSample(inputs, shape, next), ...given};
      const map = await pixelMap.of(viewsOf(descriptor, instance, sample));
      expect([map.height, map.width, map.values.length]).toStrictEqual([
        shape.height - 2 * view.cropBorder,
        shape.width - 2 * view.cropBorder,
        map.height * map.width,
      ]);
      const form = loss.forms.find((one) => one !== 'tensor') ?? 'tensor';
      const [cell] = await loss.values(form, [sample]);
      expectValue(cell, pixelMap, map, `${roles} of ${form}`);
      if (given.ignore) expect(counted(map, (i) => given.ignore?.data[i] !== 0)).toBe(0);
      if (given.weight) expect(counted(map, (i) => given.weight?.data[i] === 0)).toBe(0);
    }
  });
});

test('every pixel loss has a map that gives its value, and every structural and mask loss of single pixels has one', async () => {
  const tf = await wasm();
  const without: string[] = [];
  for (const {id, family} of losses) {
    if (family !== 'pixel' && family !== 'structural') continue;
    const {instance} = await createLoss({type: id}, tf);
    if (!instance.pixelMap || (family === 'pixel' && !instance.pixelMap.value)) without.push(id);
  }
  for (const id of ['dice', 'iou', 'tversky', 'precision', 'recall', 'accuracy', 'mcc', 'brier', 'lovasz']) {
    if (!(await createLoss({type: id}, tf)).instance.pixelMap) without.push(id);
  }
  expect(without).toStrictEqual([]);
});

function expectValue(cell: Cell | undefined, {value}: LossMap, map: PixelMap, where: string): void {
  if (!value || typeof cell !== 'number') return;
  const found = value(mapTotals(map));
  expectClose(found, cell, TOLERANCE, where);
}

/** Pixels of a kind that count in the map. */
function counted({values, weights}: PixelMap, of: (pixel: number) => boolean): number {
  return values.reduce((sum, value, i) => sum + Number(of(i) && !Number.isNaN(value) && weights?.[i] !== 0), 0);
}
