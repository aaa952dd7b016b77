import type * as tfjs from '@tensorflow/tfjs-core';

/** The tensor library, with a backend set. */
export type TensorLibrary = typeof tfjs;

/** Where tensors are computed, as the report names it. */
export interface Device {
  readonly name: 'cpu' | 'tensorflow';
  readonly tf: TensorLibrary;
  /** Package versions that computed the numbers. */
  readonly versions: Readonly<Record<string, string>>;
  readonly gpu: boolean;
  /** Tensor memory that one batch may take, in bytes. */
  readonly memoryLimit: number;
  /** What set the limit, where it is not the device. */
  readonly memoryLimitFrom?: string;
}
