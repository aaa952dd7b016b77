import '../gradients.js';
import {expectClose, TOLERANCE} from '../close.js';
import {plainSample, type ReferenceForm} from '../reference/sample.js';
import {batchOf, createLoss, javascript, type LossConfig, type Rasters, score, scoreFused} from '../score.js';

/** Expects the fused form within 1e-9 of the reference, and the tensor form within 1e-5 of the fused one. */
export async function expectForms(config: LossConfig, rasters: Rasters, reference: ReferenceForm): Promise<void> {
  const name = JSON.stringify(config);
  const expected = reference(plainSample(rasters, config), config);
  const fused = (await scoreFused(config, rasters))[''];
  expectClose(fused, expected, {relative: 1e-9, floor: 1e-12}, `${name}, fused form`);
  expectClose((await score(config, rasters))[''], fused as number, TOLERANCE, `${name}, tensor form`);
}

/** The tensor program's gradient in `pred`, and the largest difference from central differences at some elements, over the largest gradient. */
export async function gradientOf(
  config: LossConfig,
  rasters: Rasters,
  step: number,
  at: readonly number[],
): Promise<{gradient: readonly number[]; error: number}> {
  const tf = await javascript();
  const {descriptor, instance} = await createLoss(config, tf);
  const batch = batchOf(descriptor, instance, [rasters], tf);
  try {
    const {program} = instance;
    if (!program) throw new Error('no tensor program');
    const feeds = program.feed(batch);
    const {pred} = feeds;
    if (!pred) throw new Error('no feed pred');
    const value = (x: typeof pred) => tf.sum(program.forward({...feeds, pred: x})[''] ?? tf.scalar(Number.NaN));
    const gradient = [...tf.grad(value)(pred).dataSync()];
    const moved = (index: number, by: number) => {
      const values = Float32Array.from(pred.dataSync());
      values[index] = (values[index] as number) + by;
      return tf.tidy(() => value(tf.tensor(values, pred.shape)).dataSync()[0] as number);
    };
    const differences = at.map((index) =>
      Math.abs((gradient[index] as number) - (moved(index, step) - moved(index, -step)) / (2 * step)),
    );
    return {gradient, error: Math.max(...differences) / Math.max(...gradient.map(Math.abs))};
  } finally {
    batch.dispose();
  }
}
