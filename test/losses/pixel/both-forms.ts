import {expect} from 'vitest';
import type {Cell} from '../../../src/rows/row.js';
import {batchOf, createLoss, javascript, type LossConfig, type Rasters, score, scoreFused} from '../score.js';

/** Expects the tensor form and the fused form to give this value. */
export async function expectBoth(
  config: LossConfig,
  rasters: Rasters,
  expected: number,
  relative = 1e-5,
): Promise<void> {
  expectNear((await score(config, rasters))[''], expected, relative);
  expectNear((await scoreFused(config, rasters))[''], expected, relative);
}

/** Expects a cell to be this number: relative tolerance, absolute floor of 1e-7. */
export function expectNear(cell: Cell | undefined, expected: number, relative = 1e-5): void {
  if (typeof cell !== 'number') throw new Error(`expected ${expected}, got ${JSON.stringify(cell)}`);
  expect(Math.abs(cell - expected), `${cell} for ${expected}`).toBeLessThanOrEqual(
    Math.max(1e-7, relative * Math.abs(expected)),
  );
}

/** Expects both forms to give this cell. */
export async function expectCell(config: LossConfig, rasters: Rasters, cell: Cell): Promise<void> {
  expect((await score(config, rasters))['']).toEqual(cell);
  expect((await scoreFused(config, rasters))['']).toEqual(cell);
}

/** Expects both forms to refuse the sample with a SampleError of this code. */
export async function expectRefused(
  config: LossConfig,
  rasters: Rasters,
  code: string,
  message: RegExp,
): Promise<void> {
  for (const form of [score, scoreFused]) {
    await expect(form(config, rasters)).rejects.toMatchObject({
      name: 'SampleError',
      code,
      message: expect.stringMatching(message),
    });
  }
}

/** The gradient of the tensor form in its scores, on the backend that has gradients. */
export async function gradient(config: LossConfig, rasters: Rasters): Promise<number[]> {
  const tf = await javascript();
  const {descriptor, instance} = await createLoss(config, tf);
  const batch = batchOf(descriptor, instance, [rasters], tf);
  try {
    const program = instance.program;
    if (!program) throw new Error('no tensor program');
    const feeds = program.feed(batch);
    const name = ['logits', 'probabilities', 'scores'].find((known) => known in feeds) ?? '';
    const scores = feeds[name];
    if (!scores) throw new Error('no scores');
    const value = (x: typeof scores) => tf.sum(program.forward({...feeds, [name]: x})[''] ?? tf.scalar(0));
    return [...tf.grad(value)(scores).dataSync()];
  } finally {
    batch.dispose();
  }
}
