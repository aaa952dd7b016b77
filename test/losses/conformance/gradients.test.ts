import type {Tensor} from '@tensorflow/tfjs-core';
import '../gradients.js';
import {describe, expect, test} from 'vitest';
import type {TensorLibrary, TensorProgram} from '../../../src/losses/contract.js';
import {type Random, random} from '../random.js';
import {batchOf, createLoss, javascript} from '../score.js';
import {declaredLosses} from './declarations.js';
import {classesOf, randomIgnore, randomSample} from './inputs.js';

/** Of the span of a tensor's values. */
const STEP = 2e-3;
/** Directions where a tensor has too many elements for one each, and how much shorter the step is where all move at once. */
const DIRECTIONS = 4;
const SHORTER = 0.1;
const MANY = 128;

type Feeds = Record<string, Tensor>;

describe.each(declaredLosses)(
  '$id',
  ({id, variants, differentiable: usual, smallest = 1, ignored = 0.1, gradientStep = 1}) => {
    test.each(variants)(
      'has the gradient of its values: $inputs $options',
      async ({inputs, options, differentiable = usual}) => {
        const tf = await javascript();
        const {descriptor, instance} = await createLoss({...options, type: id}, tf, classesOf(inputs));
        if (!instance.program) {
          expect(differentiable).toEqual([]);
          return;
        }
        expect(differentiable).not.toEqual([]);
        const shape = {height: smallest + 3, width: smallest + 4, channels: 1};
        const next = random(3);
        for (const ignore of [false, true]) {
          const samples = (smallest > 100 ? [0] : [0, 1]).map(() => ({
            ...randomSample(inputs, shape, next, 'noise'),
            ...(ignore && {ignore: randomIgnore(shape, next, ignored)}),
          }));
          const batch = batchOf(descriptor, instance, samples, tf);
          const feeds = instance.program.feed(batch);
          expect(Object.keys(feeds)).toEqual(expect.arrayContaining([...differentiable]));
          for (const name of differentiable) compareGradient(tf, instance.program, feeds, name, next, gradientStep);
          batch.dispose();
        }
      },
    );
  },
);

/** Compares the gradient along unit vectors, or along random directions where there are many elements. */
function compareGradient(
  tf: TensorLibrary,
  {forward}: TensorProgram,
  feeds: Feeds,
  name: string,
  next: Random,
  stepFactor: number,
): void {
  const at = feeds[name] as Tensor;
  const total = (x: Tensor) =>
    Object.values(forward({...feeds, [name]: x})).reduce<Tensor>(
      (sum, values) => tf.add(sum, tf.sum(values)),
      tf.scalar(0),
    );
  const gradient = Float64Array.from(tf.tidy(() => tf.grad(total)(at)).dataSync());
  expect(gradient.every(Number.isFinite)).toBe(true);
  const base = Float64Array.from(at.dataSync());
  const along = (direction: ArrayLike<number>, step: number) =>
    tf.tidy(() => {
      const moved = Float32Array.from(base, (value, i) => value + step * (direction[i] as number));
      return Object.values(forward({...feeds, [name]: tf.tensor(moved, at.shape)})).map((values) =>
        Array.from(values.dataSync()),
      );
    });
  const span = base.reduce((high, value) => Math.max(high, value)) - base.reduce((low, value) => Math.min(low, value));
  const step = stepFactor * STEP * span * (base.length > MANY ? SHORTER : 1);
  const here = along(base, 0);
  let compared = 0;
  const slopes = directions(gradient, next).map((direction) => {
    const [before, after] = [along(direction, -step), along(direction, step)];
    const slope = gradient.reduce((sum, value, i) => sum + value * (direction[i] as number), 0);
    return {slope, backward: rise(before, here) / step, forward: rise(here, after) / step};
  });
  const largest = Math.max(...slopes.map(({slope}) => Math.abs(slope)));
  const noise = (2 ** -23 * magnitude(here)) / step;
  expect(largest).toBeGreaterThan(10 * noise);
  for (const {slope, backward, forward: ahead} of slopes) {
    const central = (backward + ahead) / 2;
    // Where the two one-sided slopes differ there is a kink, and no gradient to compare with.
    if (Math.abs(ahead - backward) > 0.04 * Math.abs(central) + 0.02 * largest) continue;
    compared += 1;
    const allowed = 1e-2 * Math.abs(central) + 1e-3 * largest + noise;
    expect(Math.abs(slope - central), `d/d${name}: ${slope}, by differences ${central}`).toBeLessThanOrEqual(allowed);
  }
  expect(compared, `directions of ${name} away from kinks`).toBeGreaterThan(0.6 * slopes.length);
}

function directions(gradient: Float64Array, next: Random): ArrayLike<number>[] {
  const {length} = gradient;
  if (length <= MANY) {
    return Array.from({length}, (_, k) => Float32Array.from({length}, (_unused, i) => (i === k ? 1 : 0)));
  }
  // Along the gradient's own signs the rise is far above float32's grain, whatever the size of the image.
  return Array.from({length: DIRECTIONS}, () =>
    Float32Array.from(gradient, (value) => (next() < 0.8 ? Math.sign(value) : -Math.sign(value)) * (0.5 + next())),
  );
}

function magnitude(outputs: readonly number[][]): number {
  return Math.max(...outputs.map((values) => values.reduce((sum, value) => sum + Math.abs(value), 0)));
}

/** How much all outputs together rise from one point to the next, each subtracted on its own in float64. */
function rise(from: readonly number[][], to: readonly number[][]): number {
  let sum = 0;
  to.forEach((values, part) => {
    values.forEach((value, i) => {
      sum += value - ((from[part] as number[])[i] as number);
    });
  });
  return sum;
}
