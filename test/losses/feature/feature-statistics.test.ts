import {expect, test} from 'vitest';
import {gramMatrix} from '../../../src/losses/feature/feature-statistics.js';
import {expectClose} from '../close.js';
import {random} from '../random.js';
import {javascript, wasm} from '../score.js';

/** Enough positions for several blocks of 256 that are summed, the last of them not full. */
const [N, HEIGHT, WIDTH, CHANNELS] = [2, 45, 130, 3];
const POSITIONS = HEIGHT * WIDTH;

test.each([
  ['wasm', wasm],
  ['JavaScript', javascript],
] as const)('on the %s backend a Gram matrix is the mean of the products', async (_, library) => {
  const tf = await library();
  const next = random(3);
  const features = Array.from({length: N * POSITIONS * CHANNELS}, () => next() - 0.3);
  const raw = Array.from({length: N * POSITIONS}, () => next());
  const totals = [0, POSITIONS].map((from) => raw.slice(from, from + POSITIONS).reduce((sum, one) => sum + one));
  const shares = raw.map((one, i) => one / (totals[Math.floor(i / POSITIONS)] as number));
  for (const given of [undefined, shares]) {
    const gram = tf.tidy(() =>
      gramMatrix(
        tf,
        tf.tensor4d(features, [N, HEIGHT, WIDTH, CHANNELS]),
        given && tf.tensor4d(given, [N, HEIGHT, WIDTH, 1]),
      ),
    );
    expect(gram.shape).toEqual([N, CHANNELS, CHANNELS]);
    const found = await gram.data();
    gram.dispose();
    found.forEach((value, at) => {
      const [n, i, j] = [Math.floor(at / CHANNELS ** 2), Math.floor(at / CHANNELS) % CHANNELS, at % CHANNELS];
      let sum = 0;
      for (let p = n * POSITIONS; p < (n + 1) * POSITIONS; p++) {
        const product = (features[p * CHANNELS + i] as number) * (features[p * CHANNELS + j] as number);
        sum += product * (given?.[p] ?? 1 / POSITIONS);
      }
      expectClose(value, sum, {relative: 1e-5, floor: 1e-6}, `${n}, ${i}, ${j}`);
    });
  }
});
