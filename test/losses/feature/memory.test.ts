import {expect, test} from 'vitest';
import type {Options} from '../reference/sample.js';
import {batchOf, createLoss, wasm} from '../score.js';
import {photographs} from './setup.js';

const VGG = {network: 'vgg16', weights: {hashed: 0}, layers: {relu1_2: 1, relu2_2: 1, relu3_3: 1}};

test.each<[string, Options]>([
  ['perceptual', VGG],
  ['texture', VGG],
  ['lpips', {net: 'alex', weights: {hashed: 0}}],
  ['lpips', {net: 'squeeze', weights: {hashed: 0}}],
  ['lpips', {net: 'vgg', weights: {hashed: 0}}],
  ['dists', {weights: {hashed: 0}}],
])('%s %o takes no more tensor memory than it says', async (type, options) => {
  const tf = await wasm();
  const {descriptor, instance} = await createLoss({type, ...options}, tf);
  const {pred, target} = await photographs();
  const score = async () => {
    const batch = batchOf(descriptor, instance, [{pred, target}], tf);
    await instance.perSample(batch);
    batch.dispose();
    return [];
  };
  // The first time makes the weights.
  await score();
  const before = tf.memory().numBytes;
  const {peakBytes} = await tf.profile(score as unknown as Parameters<typeof tf.profile>[0]);
  expect(peakBytes - before).toBeGreaterThan(0);
  expect(peakBytes - before).toBeLessThan(instance.memory(pred.height, pred.width, 3));
  expect(tf.memory().numBytes).toBe(before);
});
