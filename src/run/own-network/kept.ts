import {arch, cpus, platform} from 'node:os';
import type {LayeredModel} from '../../models/layers.js';
import type {FeatureCache} from '../../networks/fast-executor.js';
import {CachedExtractor, type ExtractedNetwork} from '../../networks/onnx/cached-extractor.js';
import type {ImageExtractor} from '../../networks/onnx/extractor.js';
import type {ImageInput, ImageStatistics} from '../../networks/onnx/image-statistics.js';
import type {Positions} from '../../networks/onnx/positions.js';
import type {Statistic} from '../../networks/onnx/statistic.js';
import {version} from '../../version.js';
import type {ModelExtractor} from './extractor.js';

/** Reading a file of the cache and checking it, at the least. */
const READ_BYTES_A_SECOND = 100e6;

/** A model of the user's own behind a cache: what it made of an image is read where that is quicker than to run it. */
export class KeptExtractor implements ImageExtractor {
  readonly #cached: CachedExtractor;

  constructor(
    private readonly extractor: ModelExtractor,
    model: LayeredModel,
    threads: number,
    cache: FeatureCache,
  ) {
    this.#cached = new CachedExtractor(extractor, new KeptModel(extractor, model, threads), cache);
  }

  get passes(): number {
    return this.extractor.passes;
  }

  /** What a layer looks like is known once an image of that size has passed; before, nothing can be looked up. */
  extract(
    image: ImageInput,
    statistics: readonly Statistic[],
    spare: readonly Float32Array[],
  ): Promise<ImageStatistics> {
    const {height, width} = image.view;
    const areKnown = statistics.every(({layer}) => this.extractor.knows(layer, height, width));
    return areKnown ? this.#cached.extract(image, statistics, spare) : this.extractor.extract(image, statistics);
  }

  keepOnly(sets: readonly (readonly Statistic[])[]): Promise<void> {
    return this.#cached.keepOnly(sets);
  }

  close(): Promise<void> {
    return this.#cached.close();
  }
}

class KeptModel implements ExtractedNetwork {
  constructor(
    private readonly extractor: ModelExtractor,
    private readonly model: LayeredModel,
    private readonly threads: number,
  ) {}

  get signature(): string {
    const {format, sha256, input, versions, used} = this.model;
    const machine = [platform(), arch(), cpus()[0]?.model ?? '', this.threads];
    return JSON.stringify(['own features', version, versions, machine, format, sha256, input, used]);
  }

  positions(layer: string, {view, valid}: ImageInput): Positions {
    return this.extractor.positions(layer, valid, view.height, view.width);
  }

  isWorthKeeping(_statistic: Statistic, {view}: ImageInput, bytes: number): boolean {
    return this.extractor.secondsAt(view.height, view.width) > bytes / READ_BYTES_A_SECOND;
  }
}
