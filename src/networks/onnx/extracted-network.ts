import {arch, cpus, platform} from 'node:os';
import {onnxRuntimeVersion} from '../../device/onnx-runtime.js';
import {version} from '../../version.js';
import type {LoadedNetwork} from '../graph.js';
import {convolutionWork} from '../work.js';
import type {ExtractedNetwork} from './cached-extractor.js';
import type {ImageInput} from './image-statistics.js';
import {LayerPositions} from './positions.js';
import type {Statistic} from './statistic.js';

/**
 * What a core computes while a byte is read, copied and checked (0.7 GB/s and 100 GFLOP/s), and the least number of
 * cores that is assumed, since a file that is not in memory is read several times slower.
 */
const WORK_PER_BYTE = 150;
const FEWEST_CORES = 4;

/** What a cache needs to know of a network that cv-loss runs on ONNX Runtime with so many threads. */
export class OnnxNetwork implements ExtractedNetwork {
  readonly signature: string;
  readonly #positions: LayerPositions;
  /** By layer and size of the image. */
  readonly #work = new Map<string, number>();

  constructor(
    private readonly loaded: LoadedNetwork,
    private readonly threads: number,
  ) {
    const {id, nodes, pooling, preprocessing, weightsHash} = loaded;
    // The runtime chooses its kernels by the processor, and splits sums by the number of threads.
    const machine = [platform(), arch(), cpus()[0]?.model ?? '', threads];
    const network = {id, nodes, pooling, preprocessing, weightsHash};
    this.signature = JSON.stringify(['features', version, onnxRuntimeVersion(), machine, network]);
    this.#positions = new LayerPositions(loaded);
  }

  positions(layer: string, {view, valid}: ImageInput): ReturnType<LayerPositions['at']> {
    return this.#positions.at(layer, valid, view.height, view.width);
  }

  isWorthKeeping({layer}: Statistic, {view: {height, width}}: ImageInput, bytes: number): boolean {
    const at = `${layer} ${height}×${width}`;
    const work = this.#work.get(at) ?? convolutionWork(this.loaded, layer, height, width);
    this.#work.set(at, work);
    return work > bytes * WORK_PER_BYTE * Math.max(FEWEST_CORES, this.threads);
  }
}
