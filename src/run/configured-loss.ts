import type {LossContext, LossDescriptor, LossInstance} from '../losses/contract.js';
import type {Reading} from '../losses/sample-contract.js';
import type {Column, Direction} from '../rows/row.js';
import {networkOfLoss} from './networks.js';

/** A loss as the resolved config names it. */
export interface LossEntry {
  readonly descriptor: LossDescriptor;
  readonly id: string;
  readonly weight?: number;
  readonly undefined: 'skip' | 'fail' | number;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A loss of the run: its entry, made ready, with its columns named. */
export interface ConfiguredLoss extends LossEntry {
  readonly instance: LossInstance;
  readonly readings: Readonly<Record<string, Reading>>;
  readonly columns: readonly Column[];
  /** How the value enters the total. */
  readonly objective: 'itself' | 'one-minus' | 'none';
  readonly better: Direction;
}

/**
 * Creates every loss of the config, in order. What is wrong with an option is thrown here, before a sample is read; the
 * losses made so far are disposed then.
 */
export async function createLosses(entries: readonly LossEntry[], context: LossContext): Promise<ConfiguredLoss[]> {
  const made: ConfiguredLoss[] = [];
  try {
    for (const entry of entries) made.push(await createLoss(entry, context));
    return made;
  } catch (error) {
    for (const {instance} of made) instance.dispose?.();
    throw error;
  }
}

async function createLoss(entry: LossEntry, context: LossContext): Promise<ConfiguredLoss> {
  const {descriptor, options, id} = entry;
  const network = networkOfLoss(id, context.network);
  const instance = await descriptor.create(options, {...context, network});
  return {
    ...entry,
    instance,
    readings: {...descriptor.inputs, ...descriptor.optionalInputs},
    columns: instance.columns.map(({part, better}) => ({name: columnName(id, part), better})),
    objective: typeof descriptor.objective === 'function' ? descriptor.objective(options) : descriptor.objective,
    better: typeof descriptor.better === 'function' ? descriptor.better(options) : descriptor.better,
  };
}

/** `id` for the loss itself, `id.part` for its parts; dots inside a part become `_`. */
export function columnName(id: string, part: string): string {
  return part === '' ? id : `${id}.${part.replaceAll('.', '_')}`;
}

/** The columns of a run: those of its losses in config order, then `total` when a loss carries a weight. */
export function runColumns(losses: readonly ConfiguredLoss[]): Column[] {
  const columns = losses.flatMap((loss) => loss.columns);
  return losses.some(({weight}) => weight !== undefined) ? [...columns, {name: 'total', better: 'lower'}] : columns;
}
