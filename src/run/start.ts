import type {Device} from '../device/device.js';
import {type DeviceChoice, startDevice} from '../device/start.js';
import type {SizePolicy} from '../images/pair.js';
import type {ClassName, NetworkRequest, Reading} from '../losses/contract.js';
import type {Column, Row} from '../rows/row.js';
import type {Sample, SampleTable} from '../samples/sample.js';
import {classesOfScores} from './classes.js';
import {type ConfiguredLoss, createLosses, type LossEntry, runColumns} from './configured-loss.js';
import {datasetOf} from './dataset.js';
import type {FileOptions} from './decoded-file.js';
import {type GeneratorSpecs, Generators} from './generators.js';
import {type LoadedSample, SampleLoader} from './load.js';
import {RunNetworks, type UsedNetwork} from './networks.js';
import {prefetch} from './prefetch.js';
import {bytesOf, type KnownSample, type RowKeeper, scoreRows} from './rows.js';

/** What a run computes and on what. */
export interface RunSettings extends FileOptions {
  readonly losses: readonly LossEntry[];
  /** Null: binary, unless the first prediction's scores have several channels. */
  readonly classes: readonly ClassName[] | null;
  readonly size: SizePolicy;
  readonly device: DeviceChoice;
  /** Samples computed at once; null chooses by size. */
  readonly batchSize: number | null;
  /** Threads of a network on the CPU; one a core by default. */
  readonly threads?: number;
  /** Two models that make the images of cycle consistency. */
  readonly generators?: GeneratorSpecs | null;
}

/** A dataset, and what is scored of it: all by default. First passes see the whole. */
export interface ScoredTable extends Pick<SampleTable, 'samples' | 'shared'> {
  readonly scored?: readonly Sample[];
}

/** A run made ready: nothing is decoded yet, apart from what a loss's first pass needed. */
export interface Run {
  readonly device: Device;
  readonly losses: readonly ConfiguredLoss[];
  readonly columns: readonly Column[];
  /** What losses found in their first pass over the dataset, by id. */
  readonly prepared: Readonly<Record<string, unknown>>;
  /** The networks whose features losses compare. */
  readonly networks: UsedNetwork[];
  /** SHA-256 of what serves every row, by role. */
  readonly sources: Readonly<Record<string, string>>;
  /** What is scored, in key order. */
  readonly samples: readonly Sample[];
  /** The roles whose files are read. */
  readonly roles: ReadonlySet<string>;
  /** The classes that were decided for the run; null where it is binary. */
  readonly classes: readonly ClassName[] | null;
  /** The rows, in key order; those that `keeper` has are not computed. */
  rows(keeper?: RowKeeper | null): AsyncGenerator<Row>;
  /** Frees what the run holds. */
  close(): Promise<void>;
}

/**
 * Starts the device, creates the losses and lets them make their first pass. `onNotice` is called with a line for what
 * is slower than it could be. Throws UsageError for a device that does not work, an option that does not fit or a network
 * that is not there, and the signal's reason when aborted.
 */
export async function startRun(
  settings: RunSettings,
  {samples, shared, scored = samples}: ScoredTable,
  signal: AbortSignal,
  onNotice?: (line: string) => void,
): Promise<Run> {
  const device = await startDevice(settings.device);
  const classes = settings.classes ?? (await classesOfScores(settings, samples));
  const networks = new RunNetworks(device, {threads: settings.threads, onNotice});
  let losses: readonly ConfiguredLoss[] = [];
  let generators: Generators | null = null;
  const close = async () => {
    for (const {instance} of losses) instance.dispose?.();
    await networks.close();
    await generators?.close();
  };
  const prepared: Record<string, unknown> = {};
  try {
    const network = (request: NetworkRequest) => networks.open(request);
    losses = await createLosses(settings.losses, {tf: device.tf, network, signal, classes});
    if (settings.generators) generators = await Generators.open(settings.generators, {...settings, onNotice});
    for (const loss of losses) {
      if (!loss.instance.prepare) continue;
      prepared[loss.id] = await loss.instance.prepare(datasetOf(loss, samples, settings, signal));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const readings = readingsOf(losses);
  return {
    device: {...device, versions: {...device.versions, ...networks.versions(), ...generators?.versions}},
    losses,
    columns: runColumns(losses),
    prepared,
    networks: networks.used(),
    sources: generators?.sha256 ?? {},
    samples: scored,
    roles: new Set(readings.keys()),
    classes,
    rows(keeper = null) {
      const options = {...settings, classes, generators, readings};
      const loader = new SampleLoader(options, new Set(Object.values(shared)));
      const load = async (sample: Sample, at: number): Promise<LoadedSample | KnownSample> => {
        const known = (await keeper?.row(sample, at)) ?? null;
        return known === null ? loader.load(sample) : {known};
      };
      const loaded = prefetch(scored, load, bytesOf);
      return scoreRows(loaded, {losses, device, batchSize: settings.batchSize, keeper, signal});
    },
    close,
  };
}

/** The readings that the run's losses ask of each role. */
function readingsOf(losses: readonly ConfiguredLoss[]): Map<string, Set<Reading>> {
  const byRole = new Map<string, Set<Reading>>();
  for (const {readings} of losses) {
    for (const [role, reading] of Object.entries(readings))
      byRole.set(role, (byRole.get(role) ?? new Set()).add(reading));
  }
  return byRole;
}
