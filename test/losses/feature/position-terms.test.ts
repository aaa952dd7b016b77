import {expect, test} from 'vitest';
import {networkImage} from '../../../src/losses/feature/network-image.js';
import {tensorPositionTerms} from '../../../src/losses/feature/position-terms.js';
import type {FeatureTerm, TensorNetwork} from '../../../src/losses/network-contract.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import {NetworkLibrary} from '../../../src/networks/open.js';
import {expectClose} from '../close.js';
import {createLoss, viewsOf, wasm} from '../score.js';
import {ignoreMap, photographs} from './setup.js';

test('both executors give the same terms at every position, whose mean is the term', async () => {
  const tf = await wasm();
  const {pred, target} = await photographs();
  const {descriptor, instance} = await createLoss({type: 'perceptual'}, tf);
  const sample = viewsOf(descriptor, instance, {pred, target, ignore: ignoreMap()});
  const [x, y] = ['pred', 'target'].map((role) => networkImage(sample, role, {range: [0, 1]}));
  if (!x || !y) throw new Error('no images');
  const pair = {x, y, validX: sample.valid(), validY: sample.valid()};
  const library = new NetworkLibrary(tf, {fast: onnxExecutor, threads: 1});
  const request = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'} as const;
  const network = (await library.open(request)) as TensorNetwork;
  const weights = Array.from({length: network.shape('fire2', 64, 64).channels}, (_, c) => (c % 7) / 7);
  const terms: readonly FeatureTerm[] = [
    {layer: 'relu_conv1', statistic: 'difference'},
    {layer: 'fire2', statistic: 'lpips', weights},
    {layer: 'fire2', statistic: 'gram'},
  ];
  const comparison = network.comparison(terms);
  if (!comparison) throw new Error('onnxruntime-node is missing');
  const fast = await comparison.maps(pair);
  const slow = await tensorPositionTerms(tf, network, pair, terms);
  expect([fast[2], slow[2]]).toStrictEqual([null, null]);
  const numbers = await comparison.compare(pair);
  for (const i of [0, 1]) {
    const {layer} = terms[i] as FeatureTerm;
    const valid = network.validAt(layer, sample.valid() as Uint8Array, 64, 64);
    const [a, b] = [fast[i], slow[i]] as [Float64Array, Float64Array];
    let sum = 0;
    let count = 0;
    for (let p = 0; p < a.length; p++) {
      if (!valid[p]) continue;
      expectClose(a[p], b[p] as number, {relative: 1e-3, floor: 1e-4 * (numbers[i] as number)});
      sum += a[p] as number;
      count++;
    }
    expect(count).toBeLessThan(a.length);
    expectClose(sum / count, numbers[i] as number);
  }
  await library.close();
});
