import type {Tensor1D} from '@tensorflow/tfjs-core';
import {type Cell, isUndefinedValue} from '../../rows/row.js';
import type {TensorLibrary} from '../contract.js';

/** A column that is Σ factor·part of other columns. */
export interface WeightedSum {
  readonly part: string;
  readonly of: readonly {readonly part: string; readonly factor: number}[];
}

/** The cells and their sums, in order: a sum may be of earlier ones. It is undefined where a part is, for that reason. */
export function withSums(cells: Readonly<Record<string, Cell>>, sums: readonly WeightedSum[]): Record<string, Cell> {
  const all: Record<string, Cell> = {...cells};
  for (const {part, of} of sums) {
    const undefinedPart = of.map((term) => all[term.part] ?? null).find(isUndefinedValue);
    all[part] = undefinedPart ?? of.reduce((sum, term) => sum + term.factor * (all[term.part] as number), 0);
  }
  return all;
}

/** The same of tensors. */
export function withTensorSums(
  tf: TensorLibrary,
  tensors: Readonly<Record<string, Tensor1D>>,
  sums: readonly WeightedSum[],
): Record<string, Tensor1D> {
  const all: Record<string, Tensor1D> = {...tensors};
  for (const {part, of} of sums) {
    all[part] = tf.addN(of.map((term) => tf.mul(all[term.part] as Tensor1D, term.factor) as Tensor1D));
  }
  return all;
}
