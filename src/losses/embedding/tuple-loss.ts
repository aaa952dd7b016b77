import type {Space} from '../../tuples/distances.js';
import type {LossColumn, LossColumns} from '../contract.js';
import type {DatasetLossInstance, DatasetProgram, DatasetRow, VectorDataset} from '../dataset-contract.js';
import {Hardest} from './hardest.js';
import {datasetDistances} from './set-aggregates.js';

/** Indices of a tuple's items by what they are in it, and whether a pair is of one identity. */
export type TupleMembers = Readonly<Record<string, number | boolean>>;

type Aggregates = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A loss of tuples of one set. */
export interface TupleLoss {
  readonly columns: readonly LossColumn[];
  /** What distances are taken in. */
  readonly space: Space;
  check(dataset: VectorDataset): Promise<void>;
  /** The rows one after another; offers every tuple that may be among the hardest. */
  scan(dataset: VectorDataset, hardest: Hardest<TupleMembers>): Promise<Iterable<DatasetRow>>;
  /** Aggregates beside `rows` and `hardest`; those of part `''` must hold `value`. */
  aggregate(columns: LossColumns, dataset: VectorDataset): Promise<Aggregates>;
  readonly program: DatasetProgram;
}

/** How long rows are made before signals and timers get their turn. */
const TURN_MS = 50;

/** Makes the instance: rows that can be interrupted, the hardest tuples by name. */
export function tupleLoss({columns, space, check, scan, aggregate, program}: TupleLoss): DatasetLossInstance {
  const hardestOf = new WeakMap<VectorDataset, Hardest<TupleMembers>>();
  async function* rows(dataset: VectorDataset, signal?: AbortSignal): AsyncGenerator<DatasetRow> {
    const hardest = new Hardest<TupleMembers>();
    let turn = performance.now() + TURN_MS;
    for (const row of await scan(dataset, hardest)) {
      yield row;
      if (performance.now() < turn) continue;
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
      turn = performance.now() + TURN_MS;
    }
    hardestOf.set(dataset, hardest);
  }
  return {
    columns,
    check,
    rows,
    between: (dataset, first, second) => datasetDistances(dataset, space).between(first, second),
    async aggregate(values, dataset) {
      // Rows that came from an earlier run's journal were not made here.
      if (!hardestOf.has(dataset)) for await (const _ of rows(dataset));
      const own = await aggregate(values, dataset);
      const tuples = hardestOf.get(dataset)?.list() ?? [];
      const {keys} = dataset.embeddings();
      const hardest = tuples.map(({members, value}) => ({...named(members, keys), value}));
      return {...own, '': {...own[''], rows: values.numbers('').length, hardest}};
    },
    program,
  };
}

function named(members: TupleMembers, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).map(([role, item]) => [role, typeof item === 'number' ? keys[item] : item]),
  );
}
