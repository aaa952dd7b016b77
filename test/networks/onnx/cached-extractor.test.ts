import * as onnxruntime from 'onnxruntime-node';
import {afterEach, describe, expect, onTestFinished, test, vi} from 'vitest';
import type {View} from '../../../src/kernels/view.js';
import type {FastExecutor, FeatureCache, FeaturePair, FeatureTerm} from '../../../src/networks/fast-executor.js';
import type {LoadedNetwork} from '../../../src/networks/graph.js';
import {loadNetwork} from '../../../src/networks/load.js';
import {onnxExecutor} from '../../../src/networks/onnx/executor.js';
import {UNIT} from '../../../src/networks/preprocessing.js';
import {values} from './small-network.js';

const {prototype} = onnxruntime.InferenceSession as unknown as {prototype: onnxruntime.InferenceSession};

afterEach(() => {
  vi.restoreAllMocks();
});

/** A cache in memory, which says what was looked up. */
class Memory implements FeatureCache {
  readonly kept = new Map<string, Uint8Array>();
  readonly counted: boolean[] = [];

  async get(key: string): Promise<Uint8Array | null> {
    const value = this.kept.get(key);
    return value ? Uint8Array.from(value) : null;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.kept.set(key, Uint8Array.from(value));
  }

  count(_: string, isHit: boolean): void {
    this.counted.push(isHit);
  }
}

function image(seed: number, height = 96, width = 112): View {
  const data = Uint8Array.from(values(height * width * 3, seed), (value) => Math.floor((value + 0.5) * 256));
  return {data, scale: 1 / 255, offset: 0, height, width, channels: 3, integer: true};
}

const SQUEEZENET = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'} as const;
const network = await loadNetwork(SQUEEZENET);
const TERMS: FeatureTerm[] = [
  {layer: 'relu_conv1', statistic: 'difference'},
  {layer: 'fire2', statistic: 'difference'},
  {layer: 'fire5', statistic: 'difference'},
  {layer: 'fire2', statistic: 'gram'},
  {layer: 'fire4', statistic: 'gram'},
];

/** What a run of its own gives for pairs, and how many images passed the network. */
async function run(
  pairs: readonly FeaturePair[],
  cache: Memory | null,
  {
    loaded = network,
    terms = TERMS,
    threads = 1,
  }: {loaded?: LoadedNetwork; terms?: FeatureTerm[]; threads?: number} = {},
): Promise<{numbers: (readonly number[])[]; passes: number; counted: boolean[]}> {
  const spy = vi.spyOn(prototype, 'run');
  const executor = (await onnxExecutor(loaded, {threads, cache})) as FastExecutor;
  onTestFinished(() => executor.close());
  cache?.counted.splice(0);
  const comparison = executor.comparison(terms);
  const numbers: (readonly number[])[] = [];
  for (const pair of pairs) numbers.push(await comparison.compare(pair));
  const passes = spy.mock.calls.filter(([feeds]) => 'image' in feeds).length;
  spy.mockRestore();
  return {numbers, passes, counted: [...(cache?.counted ?? [])]};
}

const pairOf = (x: View, y: View, valid: Uint8Array | null = null): FeaturePair => ({
  x,
  y,
  validX: valid,
  validY: valid,
});
/** The same pixels in other memory, as a later run has them. */
const again = (view: View): View => ({...view, data: view.data.slice()});

const targets = [11, 12, 13].map((seed) => image(seed));
const pairs = targets.map((y, i) => pairOf(image(i + 1), y));

test('numbers are the same bits without a cache, into it and out of it', async () => {
  const cache = new Memory();
  const none = await run(pairs, null);
  const into = await run(pairs, cache);
  expect(into.counted).toEqual([false, false, false]);
  const outOf = await run(
    pairs.map(({x, y}) => pairOf(x, again(y))),
    cache,
  );
  expect(outOf.counted).toEqual([true, true, true]);
  expect([into.numbers, outOf.numbers]).toEqual([none.numbers, none.numbers]);
});

test('what is read quicker than computed is kept, and a network runs only as far as something else is asked for', async () => {
  const cache = new Memory();
  const deep = TERMS.slice(1);
  expect((await run(pairs, cache, {terms: deep})).passes).toBe(6);
  // Activations of two layers and Gram matrices of two, of three images.
  expect(cache.kept.size).toBe(12);
  expect((await run(pairs, cache, {terms: deep})).passes).toBe(3);
  // The shallow map is computed every time, and takes no room.
  expect((await run(pairs, cache)).passes).toBe(6);
  expect(cache.kept.size).toBe(12);
  expect((await run(pairs, cache, {terms: TERMS.slice(0, 1)})).counted).toEqual([]);
});

test('sessions of what was computed beside the cache are opened once', async () => {
  const cache = new Memory();
  await run(pairs, cache);
  const create = vi.spyOn(onnxruntime.InferenceSession, 'create');
  await run(pairs, cache);
  // The prediction's pass, the target's shallow one, and the squared differences.
  expect(create.mock.calls.length).toBe(3);
});

test('some terms known, others not: only those are computed', async () => {
  const cache = new Memory();
  await run(pairs, cache, {terms: TERMS.slice(1, 4)});
  const {counted, numbers} = await run(pairs, cache);
  expect(counted).toEqual([false, false, false]);
  expect(numbers).toEqual((await run(pairs, null)).numbers);
  expect((await run(pairs, cache)).counted).toEqual([true, true, true]);
});

describe('another one is a miss', () => {
  const [target] = targets as [View];
  const pair = pairOf(image(1), target);
  const terms = TERMS.slice(1);

  test.each<readonly [string, () => Promise<LoadedNetwork>]>([
    ['weights', () => loadNetwork({...SQUEEZENET, weights: {hashed: 1}})],
    ['pooling', () => loadNetwork({...SQUEEZENET, pooling: 'average'})],
    ['preprocessing', async () => ({...network, preprocessing: UNIT})],
    ['order of channels', async () => ({...network, preprocessing: {...network.preprocessing, order: 'rgb'}})],
    ['network', () => loadNetwork({...SQUEEZENET, network: 'squeezenet1_1', weights: {hashed: 1}})],
  ])('%s', async (_, load) => {
    const cache = new Memory();
    await run([pair], cache, {terms});
    const loaded = await load();
    const {counted, numbers} = await run([pair], cache, {terms, loaded});
    expect(counted).toEqual([false]);
    expect(numbers).toEqual((await run([pair], null, {terms, loaded})).numbers);
  });

  test('number of threads, since the runtime splits its sums by it', async () => {
    const cache = new Memory();
    await run([pair], cache, {terms});
    expect((await run([pair], cache, {terms, threads: 2})).counted).toEqual([false]);
  });

  test.each<readonly [string, View]>([
    ['scale', {...target, scale: 1 / 254}],
    ['offset', {...target, offset: 0.1}],
    ['size of the same bytes', {...target, height: target.width, width: target.height}],
    ['type of the same bytes', {...target, data: new Int8Array(target.data.buffer.slice(0))}],
    ['pixel', {...target, data: target.data.map((value, i) => (i === 5000 ? value ^ 1 : value)) as Uint8Array}],
  ])('%s', async (_, y) => {
    const cache = new Memory();
    const grams = TERMS.slice(3);
    await run([pair], cache, {terms: grams});
    const other = pairOf(pair.x, y);
    const {counted, numbers} = await run([other], cache, {terms: grams});
    expect(counted).toEqual([false]);
    expect(numbers).toEqual((await run([other], null, {terms: grams})).numbers);
  });

  test('mask: of Gram matrices; activations are what they are', async () => {
    const {height, width} = target;
    const valid = new Uint8Array(height * width).fill(1).fill(0, 3000, 3010);
    const masked = pairOf(pair.x, target, valid);
    for (const [some, isHit] of [
      [terms.slice(0, 2), true],
      [terms.slice(2), false],
    ] as const) {
      const cache = new Memory();
      await run([pair], cache, {terms: some});
      const {counted, numbers} = await run([masked], cache, {terms: some});
      expect(counted).toEqual([isHit]);
      expect(numbers).toEqual((await run([masked], null, {terms: some})).numbers);
      expect((await run([masked], cache, {terms: some})).counted).toEqual([true]);
    }
  });
});

test('a value of another length counts for nothing', async () => {
  const cache = new Memory();
  const {numbers} = await run(pairs, cache);
  for (const [key, value] of cache.kept) cache.kept.set(key, value.subarray(8));
  const short = await run(pairs, cache);
  expect([short.counted, short.numbers]).toEqual([[false, false, false], numbers]);
});

test('predictions are not kept', async () => {
  const cache = new Memory();
  await run([pairOf(image(1), image(2))], cache);
  const size = cache.kept.size;
  await run([pairOf(image(3), image(2))], cache);
  expect(cache.kept.size).toBe(size);
});

test('an image that is too small for a layer is refused as ever', async () => {
  const small = pairOf(image(1, 8, 8), image(2, 8, 8));
  await expect(run([small], new Memory())).rejects.toMatchObject({code: 'too-small'});
});
