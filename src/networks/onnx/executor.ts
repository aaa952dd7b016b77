import type {FastExecutor, FastExecutorOptions, FeatureComparison, FeaturePair, GpuProvider} from '../fast-executor.js';
import type {LoadedNetwork} from '../graph.js';
import {CachedExtractor} from './cached-extractor.js';
import {Companions, type Terms} from './companions.js';
import {Distances} from './distances.js';
import {OnnxNetwork} from './extracted-network.js';
import {Extractor, type ImageExtractor} from './extractor.js';
import type {ImageInput, ImageStatistics} from './image-statistics.js';
import {RecentImages, type Side} from './recent-images.js';
import {onnxRuntime} from './runtime.js';
import {type Statistic, statisticOf} from './statistic.js';

/**
 * The executor of a network on ONNX Runtime, on the CPU or a provider of a GPU; null where the runtime is not there (`onnxRuntimeProblem`
 * says why).
 *
 * Each image passes the network by itself, and the distances are taken of what is kept of it: an image's numbers are
 * the same bits whatever it is compared with, and in whichever order. They depend on the number of threads. What a GPU
 * makes is not kept in the cache: another one would make other bits.
 */
export async function onnxExecutor(
  loaded: LoadedNetwork,
  {threads, cache = null, provider}: FastExecutorOptions,
): Promise<FastExecutor | null> {
  const runtime = await onnxRuntime();
  if (!runtime) return null;
  const names = loaded.nodes.map(({name}) => name);
  const extractor = new Extractor(runtime, loaded, threads, provider);
  const cached =
    provider === undefined && cache && new CachedExtractor(extractor, new OnnxNetwork(loaded, threads), cache);
  const ofOthers = cached || extractor;
  return extractingExecutor({id: loaded.id, names, provider}, extractor, new Distances(runtime, threads), ofOthers);
}

/** A network's name, those of its layers, and what runs it where that is not the CPU. */
export interface LayerNames {
  readonly id: string;
  readonly names: readonly string[];
  readonly provider?: GpuProvider | undefined;
}

/**
 * The executor over what an extractor makes of images, whatever its network is. It remembers the last images, and ends
 * extractor and distances with itself. `ofOthers`: the same extractor behind a cache, for the images that others are
 * compared with.
 */
export function extractingExecutor(
  network: LayerNames,
  extractor: ImageExtractor,
  distances: Distances,
  ofOthers = extractor,
): FastExecutor {
  return new ExtractingExecutor(network, {x: extractor, y: ofOthers}, distances);
}

class ExtractingExecutor implements FastExecutor {
  readonly #recent = new RecentImages();
  /** By what they are; equal ones, of several runs, are the same. */
  readonly #terms = new Map<string, Terms>();
  readonly #companions = {x: new Companions(), y: new Companions()};
  /** Distances of pairs of images that are still known. */
  readonly #known = new WeakMap<ImageStatistics, WeakMap<ImageStatistics, Map<string, number>>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly network: LayerNames,
    private readonly extractors: Readonly<Record<'x' | 'y', ImageExtractor>>,
    private readonly distances: Distances,
  ) {}

  comparison(terms: Terms): FeatureComparison {
    const {id, names: known} = this.network;
    const unknown = terms.find(({layer}) => !known.includes(layer));
    if (unknown) throw new RangeError(`network ${id} has no layer '${unknown.layer}'`);
    const names = terms.map((term) => JSON.stringify(term));
    const own = this.#terms.get(names.join()) ?? [...terms];
    this.#terms.set(names.join(), own);
    return {
      compare: (pair) => this.#inTurn(() => this.#compare(own, names, pair)),
      maps: (pair) => this.#inTurn(() => this.#maps(own, pair)),
    };
  }

  get provider(): GpuProvider | undefined {
    return this.network.provider;
  }

  get passes(): number {
    return this.extractors.y.passes;
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#recent.clear();
      await this.extractors.y.close();
      await this.distances.close();
    });
  }

  /** One after another, since they share the image's buffer and what is kept of images. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #compare(terms: Terms, names: readonly string[], pair: FeaturePair): Promise<readonly number[]> {
    const [ofX, ofY] = await this.#pairStatistics(terms, pair);
    const known = this.#knownDistances(ofX, ofY);
    const values: number[] = [];
    for (const [i, term] of terms.entries()) {
      const name = names[i] as string;
      const value = known.get(name) ?? (await this.distances.of(term, ofX, ofY));
      known.set(name, value);
      values.push(value);
    }
    return values;
  }

  async #maps(terms: Terms, pair: FeaturePair): Promise<readonly (Float64Array | null)[]> {
    const [ofX, ofY] = await this.#pairStatistics(terms, pair);
    return terms.map((term) => this.distances.map(term, ofX, ofY));
  }

  async #pairStatistics(
    terms: Terms,
    {x, y, validX, validY}: FeaturePair,
  ): Promise<[ImageStatistics, ImageStatistics]> {
    const ofX = await this.#statistics('x', terms, {view: x, valid: validX}, null);
    return [ofX, await this.#statistics('y', terms, {view: y, valid: validY}, ofX)];
  }

  async #statistics(
    side: Side,
    terms: Terms,
    image: ImageInput,
    partner: ImageStatistics | null,
  ): Promise<ImageStatistics> {
    const companions = this.#companions[side];
    const found = this.#recent.find(image);
    if (found) {
      companions.look(terms, found);
      if (terms.every((term) => has(found, statisticOf(term)))) return found;
    }
    const wanted = companions.statistics(terms);
    const spare = this.#recent.makeRoom(image, partner);
    const statistics = await this.extractors[side].extract(image, wanted, spare);
    this.#recent.add(side, statistics);
    companions.look(terms, statistics);
    await this.extractors.y.keepOnly([...this.#companions.x.all(), ...this.#companions.y.all()]);
    return statistics;
  }

  #knownDistances(x: ImageStatistics, y: ImageStatistics): Map<string, number> {
    const ofX = this.#known.get(x) ?? new WeakMap<ImageStatistics, Map<string, number>>();
    this.#known.set(x, ofX);
    const known = ofX.get(y) ?? new Map<string, number>();
    ofX.set(y, known);
    return known;
  }
}

function has(statistics: ImageStatistics, {layer, statistic}: Statistic): boolean {
  return (statistic === 'gram' ? statistics.grams : statistics.features).has(layer);
}
