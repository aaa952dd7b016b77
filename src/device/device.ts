import type * as tfjs from '@tensorflow/tfjs-core';

/** What the tensor library exports. */
export type TensorLibrary = typeof tfjs;

/** How the message of `checked` begins when the device computes nothing more. */
export const GPU_LOST = 'the GPU is lost';

/** Where tensors are computed, as the report names it. */
export interface Device {
  readonly name: 'cpu' | 'tensorflow' | 'webgpu';
  /** With a backend set, once `ready` was awaited. */
  readonly tf: TensorLibrary;
  /** Must be awaited before the first tensor is made. Throws UsageError where the backend does not start. */
  ready(): Promise<void>;
  /** Package versions that computed the numbers. */
  readonly versions: Readonly<Record<string, string>>;
  readonly gpu: boolean;
  /** Tensor memory that one batch may take, in bytes. */
  readonly memoryLimit: number;
  /** What set the limit, where it is not the device. */
  readonly memoryLimitFrom?: string;
  /** What computes, as its driver names it. */
  readonly adapter?: string;
  /** Runs work and throws where the device reported an error meanwhile, which would leave zeros in place of numbers. */
  checked?<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Tensors that are alive on it. */
  countTensors?(): number;
  /** Lets go of it, so that the process can end. */
  close?(): Promise<void>;
}
