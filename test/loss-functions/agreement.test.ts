import '../losses/gradients.js';
import type {Tensor} from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import type {PairLoss, PixelRoles} from '../../src/loss-functions/index.js';
import {classesOf, randomIgnore, randomSample, randomWeights} from '../losses/conformance/inputs.js';
import {type Random, random} from '../losses/random.js';
import {createLoss, javascript, type Rasters, viewsOf} from '../losses/score.js';
import {CASES, type FunctionCase} from './functions.js';

/** Central differences of the float64 form; its own error is far below the tolerance. */
const STEP = 1e-5;
const ELEMENTS = 24;

type Tf = Awaited<ReturnType<typeof javascript>>;

/** What float32 holds, so that only the arithmetic differs. */
function inFloat32(rasters: Rasters): Rasters {
  return Object.fromEntries(
    Object.entries(rasters).map(([role, raster]) => [
      role,
      raster.maximum === null ? {...raster, data: Float64Array.from(Float32Array.from(raster.data))} : raster,
    ]),
  );
}

function tensorsOf(tf: Tf, rasters: Rasters): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(rasters).map(([role, {data, height, width, channels}]) => [
      role,
      tf.tensor3d(Float32Array.from(data), [height, width, channels]),
    ]),
  );
}

function call(loss: PairLoss, {pred, target, ...roles}: Record<string, Tensor>, of: FunctionCase): Tensor {
  const given = roles as PixelRoles;
  if (of.name === 'totalVariation')
    return (loss as (image: Tensor, roles: PixelRoles) => Tensor)(pred as Tensor, given);
  return loss(pred as Tensor, target as Tensor, given);
}

function rolesTried({slow}: FunctionCase): readonly ('none' | 'weight' | 'ignore')[] {
  return slow ? ['none'] : ['none', 'ignore', 'weight'];
}

/** The float64 form of the same loss, of images. */
async function slowForm(of: FunctionCase, tf: Tf): Promise<(rasters: Rasters) => number> {
  const {descriptor, instance} = await createLoss(of.config, tf, classesOf(of.inputs));
  return (rasters) => {
    const value = instance.fused?.(viewsOf(descriptor, instance, rasters))[''];
    if (typeof value !== 'number') throw new Error(`${of.name} has no value: ${JSON.stringify(value)}`);
    return value;
  };
}

function sampleFor(of: FunctionCase, next: Random, roles: 'none' | 'weight' | 'ignore'): Rasters {
  const {smallest = 4, channels = 2} = of;
  const shape = {height: smallest, width: smallest + (smallest > 100 ? 0 : 2), channels};
  const knowsWeight = !['lovasz', 'clDice'].includes(of.name);
  return inFloat32({
    ...randomSample(of.inputs, shape, next, 'noise'),
    ...(roles === 'weight' && knowsWeight && {weight: randomWeights(shape, next)}),
    ...(roles !== 'none' && {ignore: randomIgnore(shape, next, smallest > 4 ? 0.02 : 0.1)}),
  });
}

describe.each(CASES)('$name $config', (of) => {
  test('has the values of the command line, for each way to join a batch', async () => {
    const tf = await javascript();
    const slow = await slowForm(of, tf);
    const next = random(5);
    for (const roles of rolesTried(of)) {
      const samples = [1, 2].map(() => sampleFor(of, next, roles));
      const expected = samples.map(slow);
      const one = call(of.make('mean'), tensorsOf(tf, samples[0] as Rasters), of);
      expect(one.shape).toEqual([]);
      expectNear([...one.dataSync()], expected.slice(0, 1));
      if (of.slow) continue;
      const each = samples.map((sample) => tensorsOf(tf, sample));
      const stacked = Object.fromEntries(
        Object.keys(each[0] ?? {}).map((role) => [role, tf.stack(each.map((roles) => roles[role] as Tensor))]),
      );
      expectNear([...call(of.make('none'), stacked, of).dataSync()], expected);
      const sum = expected.reduce((total, value) => total + value, 0);
      expectNear([...call(of.make('sum'), stacked, of).dataSync()], [sum]);
      expectNear([...call(of.make('mean'), stacked, of).dataSync()], [sum / 2]);
    }
  });

  test('has their gradient', async () => {
    const tf = await javascript();
    const slow = await slowForm(of, tf);
    const next = random(9);
    for (const roles of rolesTried(of)) {
      const rasters = sampleFor(of, next, roles);
      const tensors = tensorsOf(tf, rasters);
      for (const role of of.ofTarget ? ['pred', 'target'] : ['pred']) {
        const gradient = tf.grad((x) => call(of.make('mean'), {...tensors, [role]: x}, of))(tensors[role] as Tensor);
        expect(gradient.shape).toEqual(tensors[role]?.shape);
        compare([...gradient.dataSync()], role, rasters, slow, next);
      }
    }
  });
});

function compare(
  gradient: readonly number[],
  role: string,
  rasters: Rasters,
  slow: (rasters: Rasters) => number,
  next: Random,
): void {
  const raster = rasters[role] as Rasters[string];
  const moved = (at: number, step: number) => {
    const data = Float64Array.from(raster.data, (value, i) => (i === at ? value + step : value));
    return slow({...rasters, [role]: {...raster, data}});
  };
  const here = slow(rasters);
  const elements =
    gradient.length <= ELEMENTS
      ? gradient.keys()
      : Array.from({length: ELEMENTS}, () => Math.floor(next() * gradient.length));
  const slopes = [...elements].map((at) => {
    const [behind, ahead] = [here - moved(at, -STEP), moved(at, STEP) - here];
    return {at, behind: behind / STEP, ahead: ahead / STEP};
  });
  const largest = Math.max(...gradient.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  let compared = 0;
  for (const {at, behind, ahead} of slopes) {
    // A kink: the error or the order of two values changes sign here.
    if (Math.abs(ahead - behind) > 0.02 * largest) continue;
    compared++;
    const central = (behind + ahead) / 2;
    const off = Math.abs((gradient[at] as number) - central);
    expect(off, `d/d${role}[${at}]: ${gradient[at]}, by differences ${central}`).toBeLessThan(2e-3 * largest);
  }
  expect(compared).toBeGreaterThan(slopes.length / 2);
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    const off = Math.abs((found[i] as number) - value);
    expect(off, `${found[i]}, expected ${value}`).toBeLessThan(2e-5 * Math.abs(value) + 5e-6);
  });
}
