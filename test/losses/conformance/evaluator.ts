import type {BatchCells, LossContext, LossDescriptor} from '../../../src/losses/contract.js';
import type {Cell} from '../../../src/rows/row.js';
import {TEST_DEVICE, testDevice} from '../device.js';
import type {Options} from '../reference/sample.js';
import {batchOf, createLoss, type Rasters, viewsOf, wasm} from '../score.js';

/** The forms that a loss may have: its tensor program, typed arrays, a network's fast executor. */
export type Form = 'tensor' | 'fused' | 'network';

/** A loss with its options: on the CPU in every form it has, on another device in its tensor form. */
export interface Evaluator {
  readonly descriptor: LossDescriptor;
  readonly forms: readonly Form[];
  /** Every column of samples of equal shape, computed as one batch. */
  cells(form: Form, samples: readonly Rasters[]): Promise<BatchCells>;
  /** The loss's own column. */
  values(form: Form, samples: readonly Rasters[]): Promise<readonly Cell[]>;
}

/** Makes a loss ready on a device, for a run of these classes. */
export async function evaluator(
  type: string,
  options: Options = {},
  classes: LossContext['classes'] = null,
  on: 'cpu' | typeof TEST_DEVICE = TEST_DEVICE,
): Promise<Evaluator> {
  const device = on === 'cpu' ? null : await testDevice();
  const tf = device?.tf ?? (await wasm());
  const {descriptor, instance} = await createLoss({...options, type}, tf, classes);
  const single = {fused: instance.fused, network: instance.viaNetwork};
  const cells = async (form: Form, samples: readonly Rasters[]): Promise<BatchCells> => {
    const one = form === 'tensor' ? undefined : single[form];
    if (one) {
      const rows: Readonly<Record<string, Cell>>[] = [];
      for (const rasters of samples) rows.push(await one(viewsOf(descriptor, instance, rasters)));
      return Object.fromEntries(instance.columns.map(({part}) => [part, rows.map((row) => row[part] as Cell)]));
    }
    const batch = batchOf(descriptor, instance, samples, tf);
    try {
      const compute = () => instance.perSample(batch);
      return await (device?.checked?.(compute) ?? compute());
    } finally {
      batch.dispose();
    }
  };
  return {
    descriptor,
    forms: ['tensor', ...(['fused', 'network'] as const).filter((form) => device === null && single[form])],
    cells,
    values: async (form, samples) => (await cells(form, samples))[''] ?? [],
  };
}
