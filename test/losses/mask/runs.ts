import type {ClassName} from '../../../src/losses/contract.js';
import type {Cell, Row} from '../../../src/rows/row.js';
import {Aggregator} from '../../../src/run/aggregate.js';
import {columnName} from '../../../src/run/configured-loss.js';
import {createLoss, type LossConfig, type Rasters, viewsOf, wasm} from '../score.js';

/** The cells of samples by part, and what the aggregates say of them all. */
export interface MaskRun {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly summary: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A loss over samples, as a run on the CPU scores and aggregates them. */
export async function runMasks(
  config: LossConfig,
  samples: readonly Rasters[],
  classes: readonly ClassName[] | null = null,
): Promise<MaskRun> {
  const {descriptor, instance, fused} = await fusedLoss(config, classes);
  const rows = samples.map((rasters) => fused(rasters));
  const columns = instance.columns.map(({part, better}) => ({name: columnName(config.type, part), better}));
  const {type, ...given} = config;
  const options = descriptor.options.parse(given);
  const aggregator = new Aggregator(columns, [{id: type, descriptor, options, instance}]);
  rows.forEach((cells, i) => {
    aggregator.add({...EMPTY_ROW, key: `${i}`, cells: named(type, cells)});
  });
  return {rows, summary: aggregator.summary()};
}

/** The function that scores one sample on the CPU. */
export async function fusedLoss(config: LossConfig, classes: readonly ClassName[] | null = null) {
  const {descriptor, instance} = await createLoss(config, await wasm(), classes);
  const {fused} = instance;
  if (!fused) throw new Error(`${config.type} has no fused form`);
  return {descriptor, instance, fused: (rasters: Rasters) => fused(viewsOf(descriptor, instance, rasters))};
}

/** Classes with ids from 0. */
export function classList(...names: readonly string[]): ClassName[] {
  return names.map((name, id) => ({id, name}));
}

const EMPTY_ROW: Omit<Row, 'key' | 'cells'> = {status: 'ok', reason: '', width: 1, height: 1, sha256: {}};

function named(id: string, cells: Readonly<Record<string, Cell>>): Record<string, Cell> {
  return Object.fromEntries(Object.entries(cells).map(([part, cell]) => [columnName(id, part), cell]));
}
