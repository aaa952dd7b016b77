import type {View} from '../kernels/view.js';
import type {LoadedNetwork} from './graph.js';

/**
 * One number of the comparison of two images at a layer, of activations F and A with channels c.
 * `difference`: mean over channels and valid positions of (F − A)².
 * `gram`: Σ_ij (G_ij/M_x − A_ij/M_y)², G = F·Fᵀ over the valid positions, M their number in each image.
 * `lpips`: mean over valid positions of Σ_c w_c·(F_c/(‖F‖ + 1e-10) − A_c/(‖A‖ + 1e-10))², ‖·‖ over the channels.
 * `dists`: Σ_c α_c·(μ_F − μ_A)²/(μ_F² + μ_A² + 1e-6) + β_c·Var(F − A)/(Var F + Var A + 1e-6), means μ and population
 * variances over all positions, which must all be valid.
 */
export type FeatureTerm =
  | {readonly layer: string; readonly statistic: 'difference' | 'gram'}
  | ({readonly layer: string} & LpipsStatistic)
  | ({readonly layer: string} & DistsStatistic);

/** The statistic of LPIPS, with the weight of each channel. */
interface LpipsStatistic {
  readonly statistic: 'lpips';
  readonly weights: readonly number[];
}

/** The statistic of DISTS, with the weights of each channel's mean and variation. */
export interface DistsStatistic {
  readonly statistic: 'dists';
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
}

/** Two images of one sample at a network's entry. */
export interface FeaturePair {
  /** Pixel views of one or three channels, values in [0, 1]. */
  readonly x: View;
  readonly y: View;
  /** Valid pixels of x (and of y for `difference`); null when all are. */
  readonly validX: Uint8Array | null;
  readonly validY: Uint8Array | null;
}

/** Compares two images in a network's features. */
export interface FeatureComparison {
  /** One number for each term, in their order; NaN where no position is valid. */
  compare(pair: FeaturePair): Promise<readonly number[]>;
  /**
   * Each term at every position of its layer, h'·w', before the mean over the positions that count; null for a term that
   * is no such mean (`gram`, `dists`).
   */
  maps(pair: FeaturePair): Promise<readonly (Float64Array | null)[]>;
}

/** A provider of ONNX Runtime that computes on a GPU, by its own name. */
export type GpuProvider = 'cuda' | 'webgpu';

/** A runtime that computes terms faster than the tensor library does. */
export interface FastExecutor {
  /** Terms asked for by several losses may be computed in one pass over the network. Throws RangeError for an unknown layer. */
  comparison(terms: readonly FeatureTerm[]): FeatureComparison;
  /** Images that were put through the network so far. */
  readonly passes: number;
  /** What puts images through the network, where that is not the CPU. */
  readonly provider?: GpuProvider | undefined;
  /** Frees the runtime's sessions; comparisons are of no use afterwards. */
  close(): Promise<void>;
}

/** What was computed in earlier runs, under the SHA-256 (hex) of all that it depends on. */
export interface FeatureCache {
  /** Aligned to 8 bytes; null where it is not there. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keeps a copy. */
  put(key: string, value: Uint8Array): Promise<void>;
  /** An image, known by its hash, was looked up, and all that was asked of it was there or not. */
  count(image: string, isHit: boolean): void;
}

/** What a run lets the executor use. */
export interface FastExecutorOptions {
  readonly threads: number;
  /** For the images that others are compared with, the y of pairs; null keeps nothing. */
  readonly cache?: FeatureCache | null;
  /** What puts images through the network; the CPU by default. */
  readonly provider?: GpuProvider | undefined;
}

/** Makes the fast executor of a network; null where the runtime is not there. */
export type FastExecutorFactory = (
  loaded: LoadedNetwork,
  options: FastExecutorOptions,
) => FastExecutor | null | Promise<FastExecutor | null>;
