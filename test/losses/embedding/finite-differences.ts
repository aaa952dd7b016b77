import '../gradients.js';
import type {Tensor} from '@tensorflow/tfjs-core';
import {expect} from 'vitest';
import type {TensorLibrary} from '../../../src/losses/contract.js';
import type {DatasetProgram} from '../../../src/losses/dataset-contract.js';

/** A loss as a function of its feeds in float64, straight from the formula. */
export type SlowProgram = (feeds: Readonly<Record<string, readonly number[]>>) => Readonly<Record<string, number>>;

/** Values of each feed, and its shape. */
export type Feeds = Readonly<Record<string, {readonly values: readonly number[]; readonly shape: number[]}>>;

const STEP = 1e-5;

/**
 * Expects the values of a tensor program, and its gradient by every element of the feeds named, to be those of a slow
 * float64 form, whose gradient is taken by central differences.
 */
export function expectProgram(
  tf: TensorLibrary,
  program: DatasetProgram,
  slow: SlowProgram,
  {feeds, differentiable}: {readonly feeds: Feeds; readonly differentiable: readonly string[]},
): void {
  const tensors = Object.fromEntries(
    Object.entries(feeds).map(([name, {values, shape}]) => [name, tf.tensor(Float32Array.from(values), shape)]),
  );
  // What float32 holds, so that only the arithmetic differs.
  const numbers = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.dataSync()]]));
  const expected = slow(numbers);
  const made = program(tensors);
  expect(Object.keys(made).sort()).toEqual(Object.keys(expected).sort());
  for (const [part, value] of Object.entries(expected)) {
    const found = made[part] as Tensor;
    expect(found.shape, `shape of '${part}'`).toEqual([]);
    expectNear(found.dataSync()[0] as number, value, 1e-5, `value of '${part}'`);
    for (const name of differentiable) {
      const at = tensors[name] as Tensor;
      const gradient = tf.tidy(() => tf.grad((x) => program({...tensors, [name]: x})[part] as Tensor)(at));
      const differences = (numbers[name] as number[]).map((_, i) => {
        const moved = (step: number) => {
          const values = (numbers[name] as number[]).map((number, j) => (i === j ? number + step : number));
          return slow({...numbers, [name]: values})[part] as number;
        };
        return (moved(STEP) - moved(-STEP)) / (2 * STEP);
      });
      const largest = Math.max(...differences.map(Math.abs));
      gradient.dataSync().forEach((slope, i) => {
        expectNear(slope, differences[i] as number, 1e-4 * largest + 1e-6, `d ${part} / d ${name}[${i}]`);
      });
    }
  }
}

function expectNear(found: number, expected: number, allowed: number, where: string): void {
  const off = Math.abs(found - expected);
  expect(off <= allowed + 1e-5 * Math.abs(expected), `${where}: ${found}, expected ${expected}`).toBe(true);
}
