import type {InferenceSession, Tensor} from 'onnxruntime-node';
import type {GpuProvider} from '../fast-executor.js';
import type {LoadedNetwork} from '../graph.js';
import {gramInputTensors} from './gram-nodes.js';
import {writePlanes} from './image-input.js';
import type {ImageInput, ImageStatistics} from './image-statistics.js';
import {LayerPositions, type Positions} from './positions.js';
import type {OnnxRuntime} from './runtime.js';
import {openSession, runInto} from './session.js';
import {type Statistic, statisticName} from './statistic.js';
import {buildTower} from './tower.js';

/** Makes an executor's statistics of images, one image at a time. */
export interface ImageExtractor {
  /** Images that were put through so far. */
  readonly passes: number;
  /**
   * Statistics of an image; an image's are the same bits whatever else is asked for with them. Arrays of `spare` are free
   * to be written into. Throws SampleError where the image cannot be used.
   */
  extract(
    image: ImageInput,
    statistics: readonly Statistic[],
    spare: readonly Float32Array[],
  ): Promise<ImageStatistics>;
  /** Frees what serves none of these sets of statistics. */
  keepOnly(sets: readonly (readonly Statistic[])[]): Promise<void>;
  close(): Promise<void>;
}

/** Puts images through a network into arrays of this process. */
export class Extractor implements ImageExtractor {
  readonly #positions: LayerPositions;
  /** By what they compute; made on first use. */
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #planes = new Float32Array(0);
  /** Images that were put through so far. */
  passes = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly loaded: LoadedNetwork,
    private readonly threads: number,
    private readonly provider: GpuProvider | 'cpu' = 'cpu',
  ) {
    this.#positions = new LayerPositions(loaded);
  }

  /**
   * Statistics of an image. Activations are written into arrays of `spare` where one has the right length.
   * Throws SampleError `too-small` where a layer has no position, `out-of-memory` where there is no room.
   */
  async extract(
    image: ImageInput,
    statistics: readonly Statistic[],
    spare: readonly Float32Array[],
  ): Promise<ImageStatistics> {
    const {height, width} = image.view;
    const layers = [...new Set(statistics.map(({layer}) => layer))];
    const positions = new Map(
      layers.map((layer) => [layer, this.#positions.at(layer, image.valid, height, width)] as const),
    );
    const counted = statistics.filter(({statistic}) => statistic === 'gram').map(({layer}) => layer);
    const masked = counted.some((layer) => positions.get(layer)?.valid);
    const session = await this.#session(statistics, masked);
    const inputs: Record<string, Tensor> = {image: this.#imageTensor(image)};
    for (const layer of counted) {
      Object.assign(inputs, gramInputTensors(this.runtime, layer, positions.get(layer) as Positions, masked));
    }
    const features = new Map<string, Float32Array>();
    const grams = new Map<string, Float64Array>();
    const outputs: Record<string, Tensor> = {};
    const free = [...spare];
    for (const {layer, statistic} of statistics) {
      const {channels, height, width} = positions.get(layer) as Positions;
      const name = statisticName({layer, statistic});
      if (statistic === 'gram') {
        const values = new Float64Array(channels * channels);
        grams.set(layer, values);
        outputs[name] = new this.runtime.Tensor('float64', values, [channels, channels]);
      } else {
        const values = takeOrMake(free, channels * height * width);
        features.set(layer, values);
        outputs[name] = new this.runtime.Tensor('float32', values, [1, channels, height, width]);
      }
    }
    this.passes++;
    await runInto(session, inputs, outputs);
    return {...image, features, grams, positions};
  }

  /** Ends the sessions that compute none of these sets of statistics. */
  async keepOnly(sets: readonly (readonly Statistic[])[]): Promise<void> {
    const kept = new Set(sets.flatMap((set) => [sessionKey(set, false), sessionKey(set, true)]));
    for (const [key, session] of this.#sessions) {
      if (kept.has(key)) continue;
      this.#sessions.delete(key);
      await (await session).release();
    }
  }

  close(): Promise<void> {
    return this.keepOnly([]);
  }

  #session(statistics: readonly Statistic[], masked: boolean): Promise<InferenceSession> {
    const key = sessionKey(statistics, masked);
    let session = this.#sessions.get(key);
    if (!session) {
      const {graph, weights} = buildTower(this.loaded, statistics, masked);
      session = openSession(this.runtime, this.threads, graph, weights, this.provider);
      this.#sessions.set(key, session);
    }
    return session;
  }

  #imageTensor({view}: ImageInput): Tensor {
    const {height, width} = view;
    const length = 3 * height * width;
    if (this.#planes.length !== length) this.#planes = new Float32Array(length);
    writePlanes(view, this.loaded.preprocessing, this.#planes);
    return new this.runtime.Tensor('float32', this.#planes, [1, 3, height, width]);
  }
}

function sessionKey(statistics: readonly Statistic[], masked: boolean): string {
  return JSON.stringify([masked, ...statistics.map(statisticName)]);
}

function takeOrMake(free: Float32Array[], length: number): Float32Array {
  const at = free.findIndex((values) => values.length === length);
  return at < 0 ? new Float32Array(length) : (free.splice(at, 1)[0] as Float32Array);
}
