import * as onnxruntime from 'onnxruntime-node';
import {afterEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {FastExecutor, FeaturePair, FeatureTerm} from '../../../src/networks/fast-executor.js';
import type {LoadedNetwork} from '../../../src/networks/graph.js';
import {loadNetwork} from '../../../src/networks/load.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import {UNIT} from '../../../src/networks/preprocessing.js';
import type {Activation} from '../slow.js';
import {slowOf, slowTerm} from './slow-terms.js';
import {smallNetwork, values} from './small-network.js';

/** The class of sessions, which the types hide. */
const {prototype} = onnxruntime.InferenceSession as unknown as {prototype: onnxruntime.InferenceSession};

afterEach(() => {
  vi.restoreAllMocks();
});

async function executor(network: LoadedNetwork, threads = 2): Promise<FastExecutor> {
  const made = (await onnxExecutor(network, {threads})) as FastExecutor;
  onTestFinished(() => made.close());
  return made;
}

function floats(height: number, width: number, seed: number, channels = 3): View {
  const data = values(height * width * channels, seed).map((value) => value + 0.5);
  return {data, scale: 1, offset: 0, height, width, channels, integer: false};
}

function bytes(height: number, width: number, seed: number, channels = 3): View {
  const data = Uint8Array.from(values(height * width * channels, seed), (value) => Math.floor((value + 0.5) * 256));
  return {data, scale: 1 / 255, offset: 0, height, width, channels, integer: true};
}

const pair = (x: View, y: View, validX: Uint8Array | null = null, validY = validX): FeaturePair => ({
  x,
  y,
  validX,
  validY,
});

const allTerms = (network: LoadedNetwork): FeatureTerm[] =>
  network.layers.flatMap((layer) => [
    {layer, statistic: 'difference'},
    {layer, statistic: 'gram'},
  ]);

const differences = (...layers: string[]): FeatureTerm[] => layers.map((layer) => ({layer, statistic: 'difference'}));
const grams = (...layers: string[]): FeatureTerm[] => layers.map((layer) => ({layer, statistic: 'gram'}));

/** Relative errors of the terms against the slow float64 form. */
async function errors(network: LoadedNetwork, terms: FeatureTerm[], both: FeaturePair, slow = both): Promise<number[]> {
  const found = await (await executor(network)).comparison(terms).compare(both);
  const [x, y] = [slowOf(network, slow.x), slowOf(network, slow.y)];
  return terms.map((term, i) => {
    const expected = slowTerm(x.get(term.layer) as Activation, y.get(term.layer) as Activation, term);
    expect(expected).toBeGreaterThan(0);
    return Math.abs((found[i] as number) / expected - 1);
  });
}

/** The view with NaN where `valid` is 0. */
function withoutIgnored(view: View, valid: Uint8Array | null): View {
  const data = Float32Array.from(view.data, (value, i) =>
    valid && valid[Math.floor(i / view.channels)] === 0 ? Number.NaN : value,
  );
  return {...view, data};
}

describe.each([
  [16, 'max'],
  [16, 'average'],
  [5, 'max'],
  [5, 'average'],
] as const)('%i channels, %s pooling', (width, pooling) => {
  const network = smallNetwork(width, pooling);

  test.each([
    [33, 40],
    [30, 31],
    [13, 64],
  ])('%i×%i: every term is what the contract says, in float64', async (height, width) => {
    const both = pair(floats(height, width, 1), bytes(height, width, 2));
    expect(Math.max(...(await errors(network, allTerms(network), both)))).toBeLessThan(3e-6);
  });

  test('positions that see an ignored pixel do not count, whatever the pixel holds', async () => {
    const [height, width] = [37, 45];
    const valid = new Uint8Array(height * width).fill(1);
    for (const at of [0, 3 * width + 20, 36 * width + 44]) valid[at] = 0;
    const x = withoutIgnored(floats(height, width, 3), valid);
    const y = withoutIgnored(floats(height, width, 4), valid);
    const slow = slowOf(network, x).get('both')?.data as Float64Array;
    expect(slow.some(Number.isNaN) && !slow.every(Number.isNaN)).toBe(true);
    expect(Math.max(...(await errors(network, allTerms(network), pair(x, y, valid))))).toBeLessThan(3e-6);
  });

  test('Gram matrices of two sizes, each with its own ignored pixels', async () => {
    const validX = new Uint8Array(37 * 45).fill(1).fill(0, 300, 310);
    const x = withoutIgnored(floats(37, 45, 5), validX);
    for (const validY of [null, new Uint8Array(52 * 29).fill(1).fill(0, 1000, 1020)]) {
      const both = pair(x, withoutIgnored(bytes(52, 29, 6), validY), validX, validY);
      expect(Math.max(...(await errors(network, grams(...network.layers), both)))).toBeLessThan(3e-6);
    }
  });
});

describe('one pair', () => {
  const network = smallNetwork(16, 'max');

  test('grey is three equal channels, and 16 bits are not cut', async () => {
    const grey = bytes(20, 24, 1, 1);
    const deep = {
      ...floats(20, 24, 2),
      scale: 1 / 65535,
      data: Uint16Array.from(values(1440, 3), (v) => v * 60000 + 32768),
    };
    expect(Math.max(...(await errors(network, allTerms(network), pair(grey, deep))))).toBeLessThan(3e-6);
  });

  test('a mask on the prediction alone counts for both images of a difference', async () => {
    const valid = new Uint8Array(30 * 30).fill(1).fill(0, 100, 110);
    const [x, y] = [floats(30, 30, 1), floats(30, 30, 2)];
    const slow = pair(withoutIgnored(x, valid), y);
    const terms = differences(...network.layers);
    expect(Math.max(...(await errors(network, terms, pair(x, y, valid, null), slow)))).toBeLessThan(3e-6);
  });

  test('the same image is no distance away, as other bytes of the same values too', async () => {
    const comparison = (await executor(network)).comparison(allTerms(network));
    const view = bytes(21, 33, 1);
    const copy = {...view, data: Uint8Array.from(view.data)};
    for (const other of [view, copy])
      expect(new Set(await comparison.compare(pair(view, other)))).toEqual(new Set([0]));
  });

  test('a Gram matrix keeps what float32 sums would lose: images that differ by 1 % of noise', async () => {
    const deep: LoadedNetwork = {
      ...network,
      nodes: [
        {
          name: 'mixed',
          inputs: ['image'],
          operation: {type: 'conv', inputChannels: 3, outputChannels: 16, kernel: 1, stride: 1, padding: 0},
        },
      ],
      layers: ['mixed'],
      preprocessing: UNIT,
      weights: new Map([['mixed', {kernel: values(48, 1), bias: values(16, 2)}]]),
    };
    const x = floats(300, 300, 1);
    const noise = values(x.data.length, 2);
    const y = {...x, data: Float32Array.from(x.data, (value, i) => value + 0.01 * (noise[i] as number))};
    expect(Math.max(...(await errors(deep, grams('mixed'), pair(x, y))))).toBeLessThan(1e-3);
  });

  test('no valid position gives NaN', async () => {
    const valid = new Uint8Array(20 * 20).fill(1);
    for (let i = 0; i < valid.length; i += 3) valid[i] = 0;
    const terms = [...differences('both'), ...grams('both')];
    const comparison = (await executor(network)).comparison(terms);
    const both = pair(floats(20, 20, 1), floats(20, 20, 2), valid);
    expect(await comparison.compare(both)).toEqual([Number.NaN, Number.NaN]);
  });

  test('a mask that ignores nothing changes no bit', async () => {
    const [x, y] = [floats(30, 30, 1), floats(30, 30, 2)];
    const of = async (valid: Uint8Array | null) =>
      (await executor(network)).comparison(allTerms(network)).compare(pair(x, y, valid));
    expect(await of(new Uint8Array(900).fill(1))).toEqual(await of(null));
  });

  test('errors: an unknown layer, an image that is too small, sizes that differ', async () => {
    const made = await executor(network);
    expect(() => made.comparison(differences('relu9'))).toThrow(RangeError);
    const comparison = made.comparison(differences('pool2'));
    await expect(comparison.compare(pair(floats(4, 4, 1), floats(4, 4, 2)))).rejects.toMatchObject({code: 'too-small'});
    await expect(comparison.compare(pair(floats(30, 30, 1), floats(40, 40, 2)))).rejects.toThrow(
      'expected equal sizes',
    );
    // What failed does not stop what comes after.
    expect(await comparison.compare(pair(floats(30, 30, 1), floats(30, 30, 2)))).toHaveLength(1);
  });
});

describe('bits', () => {
  const [x, y] = [bytes(70, 93, 1), bytes(70, 93, 2)];
  const others = [3, 4, 5, 6].map((seed) => bytes(70, 93, seed));
  const style = bytes(61, 50, 7);

  test.each([
    ['squeezenet1_0', 'default', ['relu_conv1', 'fire2', 'fire4', 'fire9']],
    ['vgg16', {hashed: 0}, ['relu1_1', 'pool1', 'relu3_1']],
  ] as const)(
    '%s: do not depend on which terms are asked for together, on order, or on the run',
    async (id, weights, layers) => {
      const network = await loadNetwork({network: id, weights, pooling: 'max', input: 'weights'});
      const terms = [...differences(...layers), ...grams(...layers)];
      const together = await (await executor(network)).comparison(terms).compare(pair(x, y));
      expect(await (await executor(network)).comparison(terms).compare(pair(x, y))).toEqual(together);

      const alone = await executor(network);
      for (const [i, term] of terms.entries()) {
        expect(await alone.comparison([term]).compare(pair(x, y))).toEqual([together[i]]);
      }

      const busy = await executor(network);
      const all = busy.comparison(terms);
      const some = busy.comparison(terms.slice(1, 5));
      const answers = await Promise.all([
        some.compare(pair(others[0] as View, y)),
        all.compare(pair(others[1] as View, others[2] as View)),
        some.compare(pair(x, y)),
        all.compare(pair(x, others[3] as View)),
        all.compare(pair(x, y)),
      ]);
      expect(answers[2]).toEqual(together.slice(1, 5));
      expect(answers[4]).toEqual(together);
    },
  );

  test('do not depend on whether a style was seen before', async () => {
    const network = smallNetwork(16, 'max');
    const terms = grams(...network.layers);
    const fresh = async (view: View) => (await executor(network)).comparison(terms).compare(pair(view, style));
    const shared = (await executor(network)).comparison(terms);
    for (const view of others) expect(await shared.compare(pair(view, style))).toEqual(await fresh(view));
  });
});

describe('passes over the network', () => {
  const network = smallNetwork(16, 'max');

  /** Counts images put through a network's sessions; the sessions of squared differences have no image. */
  function countPasses(): () => number {
    const run = vi.spyOn(prototype, 'run');
    return () => run.mock.calls.filter(([feeds]) => 'image' in feeds).length;
  }

  test('a second loss on the same pair costs nothing, and other terms are computed along from the second pair on', async () => {
    const passes = countPasses();
    const made = await executor(network);
    const [first, same, other] = [differences('relu1'), differences('relu1'), grams('both')].map((terms) =>
      made.comparison(terms),
    );
    const all = async (both: FeaturePair) => {
      for (const comparison of [first, same, other]) await comparison?.compare(both);
    };
    await all(pair(floats(20, 20, 1), floats(20, 20, 2)));
    expect(passes()).toBe(4);
    await all(pair(floats(20, 20, 3), floats(20, 20, 4)));
    expect(passes()).toBe(6);
    await all(pair(floats(24, 20, 5), floats(24, 20, 6)));
    expect(passes()).toBe(8);
  });

  test('one style is computed once, and the prediction once for content and style', async () => {
    const passes = countPasses();
    const made = await executor(network);
    const content = made.comparison(differences('relu1'));
    const styled = made.comparison(grams('both'));
    const style = floats(25, 25, 9);
    for (const seed of [1, 2, 3, 4]) {
      const x = floats(20, 20, seed);
      await content.compare(pair(x, floats(20, 20, seed + 10)));
      await styled.compare(pair(x, style));
    }
    // Prediction and target of each sample, the style, and the first prediction again when the second loss came.
    expect(passes()).toBe(4 * 2 + 1 + 1);
  });

  test('predictions that follow each other leave what is known of their target and of the style', async () => {
    const passes = countPasses();
    const made = await executor(network);
    const content = made.comparison(differences('relu1'));
    const styled = made.comparison(grams('both'));
    const style = floats(25, 25, 9);
    for (const seed of [1, 2]) {
      const target = floats(20, 20, seed + 10);
      for (const prediction of [1, 2, 3, 4, 5]) {
        const x = floats(20, 20, 100 * seed + prediction);
        await content.compare(pair(x, target));
        await styled.compare(pair(x, style));
      }
    }
    // Ten predictions, two targets, the style, and the first prediction again when the second loss came.
    expect(passes()).toBe(10 + 2 + 1 + 1);
    expect(made.passes).toBe(passes());
  });

  test('another scale of the same numbers is another image', async () => {
    const made = (await executor(network)).comparison(differences('relu1'));
    const x = floats(20, 20, 1);
    const [value] = await made.compare(pair(x, {...x, scale: 0.5}));
    expect(value).toBeGreaterThan(0);
  });

  test('sessions end with the executor, and those that are of no use any more before it', async () => {
    const create = vi.spyOn(onnxruntime.InferenceSession, 'create');
    const release = vi.spyOn(prototype, 'release');
    const made = (await onnxExecutor(network, {threads: 1})) as FastExecutor;
    const [a, b] = [made.comparison(grams('relu1')), made.comparison(grams('both'))];
    const both = pair(floats(20, 20, 1), floats(20, 20, 2));
    await a.compare(both);
    expect([create.mock.calls.length, release.mock.calls.length]).toEqual([1, 0]);
    await b.compare(both);
    await b.compare(pair(floats(20, 20, 3), floats(20, 20, 4)));
    expect([create.mock.calls.length, release.mock.calls.length]).toEqual([2, 1]);
    await made.close();
    expect(release.mock.calls.length).toBe(2);
  });
});
