import {beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {FastExecutor, FeatureTerm} from '../../../src/networks/fast-executor.js';
import type {LoadedNetwork} from '../../../src/networks/graph.js';
import {loadNetwork} from '../../../src/networks/load.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import {Extractor} from '../../../src/networks/onnx/extractor.js';
import {channelsFirst, FeatureTerms, type LayerActivations} from '../../../src/networks/onnx/feature-terms.js';
import type {Positions} from '../../../src/networks/onnx/positions.js';
import {type OnnxRuntime, onnxRuntime} from '../../../src/networks/onnx/runtime.js';
import type {Activation} from '../slow.js';
import {slowTerm} from './slow-terms.js';
import {smallNetwork, values} from './small-network.js';

const THREADS = 2;
let runtime: OnnxRuntime;

beforeAll(async () => {
  runtime = (await onnxRuntime()) as OnnxRuntime;
});

function featureTerms(): FeatureTerms {
  const made = new FeatureTerms(runtime, THREADS);
  onTestFinished(() => made.close());
  return made;
}

function bytes(height: number, width: number, seed: number): View {
  const data = Uint8Array.from(values(height * width * 3, seed), (value) => Math.floor((value + 0.5) * 256));
  return {data, scale: 1 / 255, offset: 0, height, width, channels: 3, integer: true};
}

/** What the network's own graph gives at the layers, with the positions that count. */
async function activationsOf(
  network: LoadedNetwork,
  view: View,
  valid: Uint8Array | null,
  layers: readonly string[],
): Promise<LayerActivations> {
  const extractor = new Extractor(runtime, network, THREADS);
  const wanted = layers.map((layer) => ({layer, statistic: 'features'}) as const);
  const {features, positions} = await extractor.extract({view, valid}, wanted, []);
  await extractor.close();
  const of = (layer: string) => ({
    ...(positions.get(layer) as Positions),
    values: features.get(layer) as Float32Array,
  });
  return new Map(layers.map((layer) => [layer, of(layer)]));
}

function everyTerm(activations: LayerActivations): FeatureTerm[] {
  return [...activations].flatMap(([layer, {channels}], seed): FeatureTerm[] => {
    const weights = (more: number) => Array.from(values(channels, seed + more), Math.abs);
    return [
      {layer, statistic: 'difference'},
      {layer, statistic: 'gram'},
      {layer, statistic: 'lpips', weights: weights(1)},
      {layer, statistic: 'dists', alpha: weights(2), beta: weights(3)},
    ];
  });
}

const network = (id: string, weights: 'default' | {hashed: number}) =>
  loadNetwork({network: id, weights, pooling: 'max', input: 'weights'});

describe('terms of given activations are the bits that the executor gives', () => {
  test.each([
    ['squeezenet1_0', 'default', ['relu_conv1', 'fire2', 'fire5', 'fire9'], [97, 130]],
    ['vgg16', {hashed: 0}, ['relu1_1', 'relu2_2', 'relu3_3'], [64, 75]],
  ] as const)('%s', async (id, weights, layers, [height, width]) => {
    const loaded = await network(id, weights);
    const masked = new Uint8Array(height * width).fill(1).fill(0, 40 * width + 30, 40 * width + 34);
    for (const valid of [null, masked]) {
      const [x, y] = [bytes(height, width, 1), bytes(height, width, 2)];
      const [ofX, ofY] = [await activationsOf(loaded, x, valid, layers), await activationsOf(loaded, y, valid, layers)];
      const terms = everyTerm(ofX);
      const made = featureTerms();
      const found = await made.compare(terms, await made.statistics(terms, ofX), await made.statistics(terms, ofY));
      const executor = (await onnxExecutor(loaded, {threads: THREADS})) as FastExecutor;
      onTestFinished(() => executor.close());
      expect(found).toEqual(await executor.comparison(terms).compare({x, y, validX: valid, validY: valid}));
      expect(found.filter(Number.isFinite).length).toBe(valid ? terms.length - layers.length : terms.length);
    }
  });
});

const given = (seed: number, channels = 6, height = 9, width = 14) => ({
  channels,
  height,
  width,
  valid: null,
  values: values(channels * height * width, seed).map((value) => Math.max(0, value)),
});

test('terms of any activations are those of the definition, in float64', async () => {
  const [x, y] = [given(1), given(2)];
  const terms = everyTerm(new Map([['a', x]]));
  const made = featureTerms();
  const of = async (one: typeof x) => made.statistics(terms, new Map([['a', one]]));
  const found = await made.compare(terms, await of(x), await of(y));
  const slow = ({values: data, ...shape}: typeof x): Activation => ({...shape, data: Float64Array.from(data)});
  terms.forEach((term, i) => {
    const expected = slowTerm(slow(x), slow(y), term);
    expect([term.statistic, Math.abs((found[i] as number) / expected - 1) < 1e-6]).toEqual([term.statistic, true]);
  });
});

test('activations of a tensor library, channels last', () => {
  // Height 2, width 1, channels 3.
  expect([...channelsFirst(Float32Array.of(1, 2, 3, 4, 5, 6), {channels: 3, height: 2, width: 1})]).toEqual([
    1, 4, 2, 5, 3, 6,
  ]);
});

test('a layer that is missing, and sizes that differ', async () => {
  const terms: FeatureTerm[] = [{layer: 'a', statistic: 'difference'}];
  const made = featureTerms();
  await expect(made.statistics(terms, new Map())).rejects.toThrow("no activations of layer 'a'");
  const x = await made.statistics(terms, new Map([['a', given(1)]]));
  const y = await made.statistics(terms, new Map([['a', given(2, 6, 8, 14)]]));
  await expect(made.compare(terms, x, y)).rejects.toThrow('expected equal sizes');
});

test("a Gram matrix is the bits of the graph's whatever else the graph gives", async () => {
  const small = smallNetwork(16, 'max');
  const view = bytes(70, 93, 5);
  const extractor = new Extractor(runtime, small, THREADS);
  onTestFinished(() => extractor.close());
  const layers = ['relu1', 'pool1', 'both'];
  const wanted = layers.map((layer) => ({layer, statistic: 'gram'}) as const);
  const {grams} = await extractor.extract({view, valid: null}, wanted, []);
  const terms = layers.map((layer) => ({layer, statistic: 'gram'}) as const);
  const made = await featureTerms().statistics(terms, await activationsOf(small, view, null, layers));
  for (const layer of layers) expect(made.grams.get(layer)).toEqual(grams.get(layer));
});
