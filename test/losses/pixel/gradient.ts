import '../gradients.js';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {TensorLibrary} from '../../../src/losses/contract.js';
import {batchOf, createLoss, type LossConfig, type Rasters} from '../score.js';

/** The gradient of a loss's value of one sample by one of its feeds. */
export async function gradientOf(
  config: LossConfig,
  rasters: Rasters,
  feed: string,
  tf: TensorLibrary,
): Promise<number[]> {
  const {descriptor, instance} = await createLoss(config, tf);
  if (!instance.program) throw new Error(`'${config.type}' is no tensor program`);
  const {program} = instance;
  const batch = batchOf(descriptor, instance, [rasters], tf);
  const feeds = program.feed(batch);
  const value = (x: Tensor) => tf.sum(program.forward({...feeds, [feed]: x})[''] as Tensor);
  return Array.from(
    await tf
      .grad(value)(feeds[feed] as Tensor)
      .data(),
  );
}
