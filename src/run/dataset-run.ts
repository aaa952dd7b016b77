import type {Device} from '../device/device.js';
import {startDevice} from '../device/start.js';
import {SampleError, UsageError} from '../errors.js';
import type {Raster} from '../images/raster.js';
import type {LossColumns} from '../losses/contract.js';
import type {DatasetLossDescriptor, DatasetLossInstance} from '../losses/dataset-contract.js';
import type {Column, Direction, Row} from '../rows/row.js';
import type {PartAggregates} from './aggregate.js';
import {columnName} from './configured-loss.js';
import {asLossFailure, joinRows} from './dataset-rows.js';
import {decodeFile} from './decoded-file.js';
import {type CacheLookups, lookupsOf, openRunCache, type RunCacheOptions} from './run-cache.js';
import {MissingData, VectorData, type VectorSources} from './vector-data.js';

/** A loss of whole sets as the resolved config names it. */
export interface SetLossEntry {
  readonly descriptor: DatasetLossDescriptor;
  readonly id: string;
  readonly undefined: 'skip' | 'fail' | number;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A loss of the run: its entry, made ready, with its columns named. */
export interface ConfiguredSetLoss extends SetLossEntry {
  readonly instance: DatasetLossInstance;
  readonly columns: readonly Column[];
  readonly better: Direction;
  /** The loss's own aggregates, by column part. */
  aggregateParts(columns: LossColumns): Promise<PartAggregates>;
}

/** What a run of whole sets computes. */
export interface DatasetRunSettings extends VectorSources {
  readonly losses: readonly SetLossEntry[];
}

/** A run of whole sets made ready: the data are read and fit the losses. The same face as `Run`. */
export interface DatasetRun {
  readonly device: Device;
  readonly losses: readonly ConfiguredSetLoss[];
  readonly columns: readonly Column[];
  readonly prepared: Readonly<Record<string, never>>;
  /** What the user gave, by role. */
  readonly roots: Readonly<Record<string, string>>;
  /** SHA-256 of every file read, by role. */
  readonly sources: Readonly<Record<string, string>>;
  /** Vectors or scores in all. */
  readonly items: number;
  /** The distance that a loss of tuples takes of two items, by their keys; null of other losses, and of keys that are no item's. */
  between(id: string, first: string, second: string): number | null;
  /** The image that an embedding was made of, decoded again; null where it was read. Throws SampleError where it changed. */
  image(key: string): Promise<Raster | null>;
  /** The rows, in key order. What `Run` takes is of no use here: a row needs the whole set. */
  rows(keeper?: unknown): AsyncGenerator<Row>;
  /** Images whose outputs of a model were looked up in the cache; null where none were. */
  lookups(): CacheLookups | null;
  close(): Promise<void>;
}

/**
 * Reads the data and makes the losses ready. Values are computed in float64 on the CPU, whatever the machine has.
 * Throws UsageError for data that cannot be read or do not fit a loss, and the signal's reason when aborted.
 */
export async function startDatasetRun(
  settings: DatasetRunSettings,
  signal: AbortSignal,
  options: Pick<RunCacheOptions, 'cache'> = {},
): Promise<DatasetRun> {
  const cache = openRunCache({...options, onNotice: settings.onNotice});
  // Models are run while the data are read, and never after.
  const reading = VectorData.read({...settings, cache}, signal);
  const data = await reading.finally(() => cache?.close());
  const started = await startDevice('cpu');
  const device = {...started, versions: {...started.versions, ...data.versions}};
  const losses = settings.losses.map((entry) => ready(entry, device, data));
  for (const loss of losses) await checkData(loss, data, signal);
  return {
    device,
    losses,
    columns: losses.flatMap(({columns}) => columns),
    prepared: {},
    roots: data.roots,
    sources: data.sha256,
    items: data.items,
    between: (id, first, second) =>
      distanceOf(
        losses.find((loss) => loss.id === id),
        data,
        first,
        second,
      ),
    image: (key) => imageOf(data, key, settings),
    rows: () => joinRows(losses, data, data.failures, signal),
    lookups: () => lookupsOf(cache),
    close: async () => undefined,
  };
}

function ready(entry: SetLossEntry, {tf}: Device, data: VectorData): ConfiguredSetLoss {
  const {descriptor, options, id} = entry;
  const instance = descriptor.create(options, {tf});
  const loss: ConfiguredSetLoss = {
    ...entry,
    instance,
    columns: instance.columns.map(({part, better}) => ({name: columnName(id, part), better})),
    better: typeof descriptor.better === 'function' ? descriptor.better(options) : descriptor.better,
    async aggregateParts(columns) {
      try {
        return (await instance.aggregate?.(columns, data)) ?? {};
      } catch (error) {
        throw asLossFailure(loss, error);
      }
    },
  };
  return loss;
}

function distanceOf(
  loss: ConfiguredSetLoss | undefined,
  data: VectorData,
  first: string,
  second: string,
): number | null {
  const {between} = loss?.instance ?? {};
  if (!between) return null;
  const {keys} = data.embeddings();
  const [a, b] = [keys.indexOf(first), keys.indexOf(second)];
  return a < 0 || b < 0 ? null : between(data, a, b);
}

async function imageOf({images}: VectorData, key: string, {image, cwd}: DatasetRunSettings): Promise<Raster | null> {
  const file = images.get(key);
  if (!file || !image) return null;
  const {rasters, sha256} = await decodeFile('images', file.path, ['pixels'], {image, cwd});
  if (sha256 === file.sha256) return rasters.get('pixels') ?? null;
  throw new SampleError('changed', 'the image changed after it was embedded; embed it again');
}

/** Lets a loss look at the data before a row is made. */
async function checkData(loss: ConfiguredSetLoss, data: VectorData, signal: AbortSignal): Promise<void> {
  try {
    await loss.instance.check?.(data);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MissingData)
      throw new UsageError(error.code, `loss '${loss.id}' ${error.message}`, {cause: error});
    throw asLossFailure(loss, error);
  }
}
