import {createHash} from 'node:crypto';
import type {View} from '../../kernels/view.js';
import type {FeatureCache} from '../fast-executor.js';
import type {ImageExtractor} from './extractor.js';
import type {ImageInput, ImageStatistics} from './image-statistics.js';
import type {Positions} from './positions.js';
import {type Statistic, statisticName} from './statistic.js';

/** What a cache needs to know of the network behind an extractor. */
export interface ExtractedNetwork {
  /** All that decides the bits of a statistic beside the image, its mask and the statistic's name. */
  readonly signature: string;
  /** Throws SampleError where the layer has none. */
  positions(layer: string, image: ImageInput): Positions;
  /** Whether reading so many bytes is quicker than computing the statistic. */
  isWorthKeeping(statistic: Statistic, image: ImageInput, bytes: number): boolean;
}

/** A statistic that is kept, and where. */
interface Kept {
  readonly statistic: Statistic;
  readonly key: string;
}

type LayerPositions = ReadonlyMap<string, Positions>;

/** An extractor that looks into a cache first, and computes what is not there. Its numbers are the same bits. */
export class CachedExtractor implements ImageExtractor {
  /** What was computed last, for which a session may be open. */
  #computed: readonly Statistic[] = [];

  constructor(
    private readonly extractor: ImageExtractor,
    private readonly network: ExtractedNetwork,
    private readonly cache: FeatureCache,
  ) {}

  get passes(): number {
    return this.extractor.passes;
  }

  async extract(
    image: ImageInput,
    statistics: readonly Statistic[],
    spare: readonly Float32Array[],
  ): Promise<ImageStatistics> {
    const positions = new Map(statistics.map(({layer}) => [layer, this.network.positions(layer, image)] as const));
    const worth = statistics.filter((statistic) => this.#isWorthKeeping(statistic, image, positions));
    // An image is hashed only where something of it may be there.
    if (worth.length === 0) return this.#compute(image, statistics, spare);
    const hash = imageHash(image.view);
    const kept = worth.map((statistic) => ({statistic, key: this.#key(statistic, hash, positions)}));
    const found = await this.#find(kept, positions);
    this.cache.count(hash, found.size === kept.length);
    const missing = statistics.filter((statistic) => !found.has(statisticName(statistic)));
    const computed = missing.length > 0 ? await this.#compute(image, missing, spare) : null;
    const features = new Map(computed?.features);
    const grams = new Map(computed?.grams);
    for (const {statistic, key} of kept) {
      const {layer} = statistic;
      const value = found.get(statisticName(statistic));
      if (!value) await this.cache.put(key, bytesOf(valuesIn({features, grams}, statistic)));
      else if (statistic.statistic === 'gram')
        grams.set(layer, new Float64Array(value.buffer, value.byteOffset, value.length / 8));
      else features.set(layer, new Float32Array(value.buffer, value.byteOffset, value.length / 4));
    }
    return {...image, features, grams, positions};
  }

  keepOnly(sets: readonly (readonly Statistic[])[]): Promise<void> {
    return this.extractor.keepOnly([...sets, this.#computed]);
  }

  close(): Promise<void> {
    return this.extractor.close();
  }

  #compute(
    image: ImageInput,
    statistics: readonly Statistic[],
    spare: readonly Float32Array[],
  ): Promise<ImageStatistics> {
    this.#computed = statistics;
    return this.extractor.extract(image, statistics, spare);
  }

  #isWorthKeeping(statistic: Statistic, image: ImageInput, positions: LayerPositions): boolean {
    return this.network.isWorthKeeping(statistic, image, bytesOfStatistic(statistic, positions));
  }

  #key(statistic: Statistic, imageHash: string, positions: LayerPositions): string {
    const name = statisticName(statistic);
    const key = createHash('sha256').update(JSON.stringify([this.network.signature, imageHash, name]));
    // A mask takes no part in activations.
    const valid = statistic.statistic === 'gram' ? positions.get(statistic.layer)?.valid : null;
    if (valid) key.update(valid);
    return key.digest('hex');
  }

  /** By the statistic's name. */
  async #find(kept: readonly Kept[], positions: LayerPositions): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const {statistic, key} of kept) {
      const value = await this.cache.get(key);
      if (value?.length === bytesOfStatistic(statistic, positions)) found.set(statisticName(statistic), value);
    }
    return found;
  }
}

function bytesOfStatistic({layer, statistic}: Statistic, positions: LayerPositions): number {
  const {channels, height, width} = positions.get(layer) as Positions;
  return statistic === 'gram' ? 8 * channels ** 2 : 4 * channels * height * width;
}

function valuesIn(
  {features, grams}: Pick<ImageStatistics, 'features' | 'grams'>,
  {layer, statistic}: Statistic,
): Float32Array | Float64Array {
  return (statistic === 'gram' ? grams : features).get(layer) as Float32Array | Float64Array;
}

function bytesOf({buffer, byteOffset, byteLength}: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Of the values of an image, and how they are read. */
function imageHash({data, scale, offset, height, width, channels}: View): string {
  const how = JSON.stringify([data.constructor.name, scale, offset, height, width, channels]);
  return createHash('sha256').update(how).update(bytesOf(data)).digest('hex');
}
