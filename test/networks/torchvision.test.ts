import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {convolutions, kernelShape} from '../../src/networks/convolutions.js';
import type {ConvolutionWeights, LoadedNetwork} from '../../src/networks/graph.js';
import {knownNetwork, networkOrigin} from '../../src/networks/known.js';
import {TORCHVISION} from '../../src/networks/preprocessing.js';
import {layerShape} from '../../src/networks/shapes.js';
import {tensorFeatures} from '../../src/networks/tensor-features.js';
import {TensorWeights} from '../../src/networks/tensor-weights.js';
import {neededTensors} from '../../src/networks/weights/layout.js';
import {wasm} from '../losses/score.js';
import {biasValues, kernelValues} from './import/small.js';

interface Activations {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly mean: number;
  readonly mean_square: number;
  /** Of the first channels at the first position, and of the last at the last. */
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const reference = JSON.parse(readFileSync('fixtures/networks/torchvision.json', 'utf8')) as {
  readonly size: readonly [height: number, width: number];
  readonly tensors: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly activations: Readonly<Record<string, Readonly<Record<string, Activations>>>>;
};

describe("torchvision's networks", () => {
  test.each(Object.entries(reference.tensors))('%s: the same tensors', (id, tensors) => {
    const network = knownNetwork(id);
    const {layout} = networkOrigin(network, 'torchvision');
    const needed = convolutions(network.definition).flatMap((one) => neededTensors(layout, one, new Map()));
    expect(Object.fromEntries(needed.map(({name, shape}) => [name, shape]))).toEqual(tensors);
  });

  test.each(Object.entries(reference.activations))('%s: the same activations', async (id, layers) => {
    const tf = await wasm();
    const {definition} = knownNetwork(id);
    const network = {
      ...definition,
      pooling: 'max',
      preprocessing: TORCHVISION,
      weights: madeWeights(id),
    } as LoadedNetwork;
    const tensors = new TensorWeights(tf, network.weights);
    const [height, width] = reference.size;
    const planes = Float32Array.from({length: 3 * height * width}, (_, i) => ((29 * i) % 211) / 210);
    const image = tf.tidy(() => tf.transpose(tf.tensor4d(planes, [1, 3, height, width]), [0, 2, 3, 1]));
    const features = tensorFeatures(tf, network, tensors, image, Object.keys(layers));
    for (const [layer, {shape, mean, mean_square: meanSquare, first, last}] of Object.entries(layers)) {
      const tensor = features[layer];
      const values = Array.from((await tensor?.data()) ?? []);
      const [channels, rows, columns] = shape;
      expect([layer, tensor?.shape]).toEqual([layer, [1, rows, columns, channels]]);
      expect(layerShape(definition, layer, height, width)).toEqual({channels, height: rows, width: columns});
      const near = (found: number, expected: number) => Math.abs(found - expected) <= 1e-4 * Math.sqrt(meanSquare);
      const average = (of: (value: number) => number) =>
        values.reduce((sum, value) => sum + of(value), 0) / values.length;
      expect([
        layer,
        near(
          average((value) => value),
          mean,
        ),
      ]).toEqual([layer, true]);
      expect([layer, Math.abs(average((value) => value * value) / meanSquare - 1) < 1e-4]).toEqual([layer, true]);
      for (const [i, value] of first.entries())
        expect([layer, i, near(values[i] as number, value)]).toEqual([layer, i, true]);
      for (const [i, value] of last.entries()) {
        expect([layer, i, near(values.at(i - last.length) as number, value)]).toEqual([layer, i, true]);
      }
    }
    tf.dispose([image, features]);
    tensors.dispose();
  });
});

/** The weights of fixtures/made-by/weights_files.py. */
function madeWeights(id: string): ReadonlyMap<string, ConvolutionWeights> {
  return new Map(
    convolutions(knownNetwork(id).definition).map((convolution, layer) => {
      const [outputs, inputs, side] = kernelShape(convolution);
      const scale = 4 * Math.sqrt(inputs);
      const kernel = Float32Array.from(kernelValues(layer, outputs * inputs * side * side), (value) => value / scale);
      return [convolution.name, {kernel, bias: Float32Array.from(biasValues(layer, outputs))}];
    }),
  );
}
