import type {BatchCells, LossContext, LossDescriptor} from '../../../src/losses/contract.js';
import type {Cell} from '../../../src/rows/row.js';
import type {Options} from '../reference/sample.js';
import {batchOf, createLoss, type Rasters, viewsOf, wasm} from '../score.js';

/** The two forms that a loss may have. */
export type Form = 'tensor' | 'fused';

/** A loss with its options, in every form it has, on the wasm backend. */
export interface Evaluator {
  readonly descriptor: LossDescriptor;
  readonly forms: readonly Form[];
  /** Every column of samples of equal shape, computed as one batch. */
  cells(form: Form, samples: readonly Rasters[]): Promise<BatchCells>;
  /** The loss's own column. */
  values(form: Form, samples: readonly Rasters[]): Promise<readonly Cell[]>;
}

/** Makes a loss ready, for a run of these classes. */
export async function evaluator(
  type: string,
  options: Options = {},
  classes: LossContext['classes'] = null,
): Promise<Evaluator> {
  const tf = await wasm();
  const {descriptor, instance} = await createLoss({...options, type}, tf, classes);
  const {fused} = instance;
  const cells = async (form: Form, samples: readonly Rasters[]): Promise<BatchCells> => {
    if (form === 'fused' && fused) {
      const rows = samples.map((rasters) => fused(viewsOf(descriptor, instance, rasters)));
      return Object.fromEntries(instance.columns.map(({part}) => [part, rows.map((row) => row[part] as Cell)]));
    }
    const batch = batchOf(descriptor, instance, samples, tf);
    try {
      return await instance.perSample(batch);
    } finally {
      batch.dispose();
    }
  };
  return {
    descriptor,
    forms: fused ? ['tensor', 'fused'] : ['tensor'],
    cells,
    values: async (form, samples) => (await cells(form, samples))[''] ?? [],
  };
}
