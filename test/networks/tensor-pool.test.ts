import '../losses/gradients.js';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import type {NetworkOperation} from '../../src/networks/graph.js';
import {pool} from '../../src/networks/tensor-pool.js';
import {javascript, wasm} from '../losses/score.js';
import {pooled} from './slow.js';

type Pool = Extract<NetworkOperation, {type: 'pool'}>;

const POOLS: readonly Pool[] = [
  {type: 'pool', kernel: 3, stride: 2, rounding: 'ceil'},
  {type: 'pool', kernel: 2, stride: 2, rounding: 'ceil'},
  {type: 'pool', kernel: 2, stride: 2, rounding: 'floor'},
];

const SIZES = [
  [7, 7],
  [6, 8],
  [8, 5],
  [2, 3],
] as const;

/** Distinct values of both signs, so that no window ties and padding with zeros would show. */
function values(count: number, sign: number): number[] {
  return Array.from({length: count}, (_, i) => sign * (((i * 37) % count) / count + 0.1));
}

describe.each([
  ['wasm', wasm],
  ['javascript', javascript],
])('pools on %s', (_, library) => {
  test.each(['max', 'average'] as const)('%s: the values of each window, and no others', async (pooling) => {
    const tf = await library();
    for (const operation of POOLS) {
      for (const [height, width] of SIZES) {
        const data = Float64Array.from(values(height * width, -1));
        const slow = pooled({data, channels: 1, height, width}, operation, pooling);
        const out = tf.tidy(() => pool(tf, tf.tensor4d([...data], [1, height, width, 1]), operation, pooling));
        expect(out.shape).toEqual([1, slow.height, slow.width, 1]);
        (await out.data()).forEach((value, i) => {
          expect(value).toBeCloseTo(slow.data[i] as number, 6);
        });
        out.dispose();
      }
    }
  });

  test.each(['max', 'average'] as const)('%s: gradients are those of the slow form', async (pooling) => {
    const tf = await library();
    for (const operation of POOLS) {
      const [height, width] = [6, 7];
      const data = values(height * width, 1);
      const weightOf = (i: number) => 1 + i;
      const gradient = tf.tidy(() => {
        const weighted = (x: Tensor4D) => {
          const out = pool(tf, x, operation, pooling);
          const weights = tf.tensor4d(
            Array.from({length: out.size}, (__, i) => weightOf(i)),
            out.shape,
          );
          return tf.sum(tf.mul(out, weights));
        };
        return tf.grad((x) => weighted(x as Tensor4D))(tf.tensor4d(data, [1, height, width, 1]));
      });
      const slow = (changed: number, by: number) => {
        const moved = Float64Array.from(data, (value, i) => (i === changed ? value + by : value));
        return pooled({data: moved, channels: 1, height, width}, operation, pooling).data.reduce(
          (sum, value, i) => sum + weightOf(i) * value,
          0,
        );
      };
      (await gradient.data()).forEach((value, i) => {
        expect(value).toBeCloseTo((slow(i, 1e-4) - slow(i, -1e-4)) / 2e-4, 4);
      });
      gradient.dispose();
    }
  });
});
