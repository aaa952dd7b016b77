import {availableParallelism} from 'node:os';
import type {Device} from '../device/device.js';
import type {DeviceChoice} from '../device/start.js';
import type {SizePolicy} from '../images/pair.js';
import {decoderVersions} from '../images/sharp.js';
import type {ClassName} from '../losses/contract.js';
import type {NetworkRequest} from '../losses/network-contract.js';
import {isBuiltIn} from '../losses/registry.js';
import type {Column, Row} from '../rows/row.js';
import type {Sample, Samples, SampleTable} from '../samples/sample.js';
import {placesOf} from '../samples/sample-list.js';
import {classesOfScores} from './classes.js';
import {type ConfiguredLoss, createLosses, type LossEntry, runColumns} from './configured-loss.js';
import type {FileOptions} from './decoded-file.js';
import type {KeptFiles} from './decoded-files.js';
import {firstPass, type Prepared} from './first-pass.js';
import {type GeneratorSpecs, Generators} from './generators.js';
import {SampleLoader} from './load.js';
import {type MemoryBudget, memoryBudget, withinBudget} from './memory-budget.js';
import type {UsedNetwork} from './networks.js';
import {prefetch} from './prefetch.js';
import type {Profile} from './profile.js';
import {readingsOf} from './readings.js';
import {openResources, type RunResources} from './resources.js';
import {bytesOf, type ReadySample, type RowKeeper, scoreChunk, scoreRows} from './rows.js';
import {type CacheLookups, lookupsOf} from './run-cache.js';
import {openStrips, SHOWN_WHOLE} from './strips/open-strips.js';
import {openThreads} from './threads/open-threads.js';
import type {ScoringThreads} from './threads/scoring-threads.js';

/** What a run computes and on what. */
export interface RunSettings extends FileOptions {
  readonly losses: readonly LossEntry[];
  /** Null: binary, unless the first prediction's scores have several channels. */
  readonly classes: readonly ClassName[] | null;
  readonly size: SizePolicy;
  readonly device: DeviceChoice;
  /** Whether a run without a GPU is refused. */
  readonly requireGpu?: boolean;
  /** Samples computed at once; null chooses by size. */
  readonly batchSize: number | null;
  readonly memory?: MemoryBudget;
  /** Cores that are used: threads that score on the CPU, and those of a network there. Null, the default: all, where it pays. */
  readonly jobs?: number | null;
  /** Two models that make the images of cycle consistency. */
  readonly generators?: GeneratorSpecs | null;
}

/** A dataset, and what is scored of it: all by default. First passes see the whole. */
export interface ScoredTable extends Pick<SampleTable, 'samples' | 'shared'> {
  readonly scored?: Samples;
}

/** What a sample is loaded with. */
export interface LoadSampleOptions {
  /** Files that runs over the same keys have in common. */
  readonly kept?: KeptFiles | undefined;
  /** Whether the images themselves are needed, and not only what their row is made of. */
  readonly images?: boolean;
  /** Has the rows of an earlier run. */
  readonly keeper?: RowKeeper | null;
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
  /** Versions of what decodes images. */
  readonly decoders: Readonly<Record<string, string>>;
  /** The folder where images that the run makes are kept; null where none are. */
  readonly savedImages: string | null;
  /** What is scored, in key order. */
  readonly samples: Samples;
  /** The roles whose files are read. */
  readonly roles: ReadonlySet<string>;
  /** The classes that were decided for the run; null where it is binary. */
  readonly classes: readonly ClassName[] | null;
  /** Which class each colour of a mask stands for; null where masks are no colours. */
  readonly palette: RunSettings['image']['palette'];
  /** Reads and decodes the sample at a place of the table, unless its row is known. */
  load(at: number, options?: LoadSampleOptions): Promise<ReadySample>;
  /** The rows of loaded samples, computed at once. Throws as `rows` does. */
  score(loaded: readonly ReadySample[], keeper?: RowKeeper | null): Promise<Row[]>;
  /** The rows of the samples at these places of the table (all by default), in that order; those that `keeper` has are not computed. */
  rows(keeper?: RowKeeper | null, places?: Iterable<number>): AsyncGenerator<Row>;
  /** What was looked up in the run's own cache so far; null where it has none, or nothing was. */
  lookups(): CacheLookups | null;
  /** Frees what the run holds. */
  close(): Promise<void>;
}

/** Who hears of a run, and what it has in common with others. */
export interface StartOptions {
  /** Called with a line for what is slower than it could be. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Those of several runs, closed by who opened them; a run without has its own. */
  readonly resources?: RunResources | undefined;
  /** Whether features are taken from earlier runs and kept for later ones; true by default. */
  readonly cache?: boolean | undefined;
  /** Learns where the time goes. */
  readonly profile?: Profile | undefined;
  /** What losses found in their first pass, by id, where another process made it over the same table; made here by default. */
  readonly prepared?: Prepared | undefined;
}

/**
 * Starts the device, creates the losses and lets them make their first pass. Throws UsageError for a device that does
 * not work, an option that does not fit or a network that is not there, and the signal's reason when aborted.
 */
export async function startRun(
  settings: RunSettings,
  {samples, shared, scored = samples}: ScoredTable,
  signal: AbortSignal,
  {onNotice, resources, cache, profile, prepared: known}: StartOptions = {},
): Promise<Run> {
  const {jobs, cwd, requireGpu} = settings;
  const cores = jobs ?? availableParallelism();
  const own = resources
    ? null
    : await openResources(settings.device, {threads: cores, cwd, cache, onNotice, requireGpu});
  const {device: started, networks, files} = resources ?? (own as RunResources);
  const budget = settings.memory ?? memoryBudget(null);
  const device = withinBudget(started, budget);
  let threads: ScoringThreads | null = null;
  let losses: readonly ConfiguredLoss[] = [];
  let generators: Generators | null = null;
  const close = async () => {
    await threads?.close();
    for (const {instance} of losses) instance.dispose?.();
    await own?.close();
    await generators?.close();
  };
  try {
    const classes = settings.classes ?? (await classesOfScores(settings, samples));
    const network = (request: NetworkRequest) => networks.open(request);
    // One from elsewhere may make tensors from the beginning.
    if (settings.losses.some(({descriptor}) => !isBuiltIn(descriptor))) await device.ready();
    losses = await createLosses(settings.losses, {tf: device.tf, network, signal, classes});
    if (losses.some(({instance}) => !instance.fused && !instance.viaNetwork)) await device.ready();
    if (settings.generators) generators = await Generators.open(settings.generators, {...settings, onNotice});
    const prepared = await firstPass(losses, samples, settings, {signal, known});
    const readings = readingsOf(losses);
    const {strips, memory} = openStrips({...settings, memory: budget, losses, signal, profile}, device);
    const reading = {...settings, memory, classes, generators, readings, profile};
    threads = openThreads({
      settings: {...settings, memory, classes},
      device,
      losses,
      prepared,
      shared,
      rows: scored.length,
      onNotice,
      profile,
    });
    const serving = new Set(Object.values(shared));
    const loader = new SampleLoader(reading, serving, files);
    const shown = new SampleLoader({...reading, memory: {...memory, whole: SHOWN_WHOLE}}, serving, files);
    const onScored = threads?.measured.bind(threads);
    const scoring = {losses, device, signal, onScored, onNotice, profile};
    const ahead = {count: 2 * Math.max(cores, threads?.places ?? 0), bytes: memory.waiting};
    const load: Run['load'] = async (at, {kept, keeper, images} = {}) => {
      const sample = scored.at(at) as Sample;
      const known = (await keeper?.row(sample, at)) ?? null;
      if (known !== null) return {known};
      if (images) return shown.load(sample, kept);
      // Files that runs have in common are kept here.
      return (await strips.take(sample)) ?? (kept ? null : threads?.take(sample)) ?? loader.load(sample, kept);
    };
    return {
      device: {...device, versions: {...device.versions, ...networks.versions(), ...generators?.versions}},
      losses,
      columns: runColumns(losses),
      prepared,
      networks: networks.used(),
      sources: generators?.sha256 ?? {},
      decoders: await decoderVersions(),
      savedImages: settings.generators?.save ?? null,
      samples: scored,
      roles: new Set(readings.keys()),
      classes,
      palette: settings.image.palette,
      load,
      score: (loaded, keeper = null) => scoreChunk(loaded, {...scoring, keeper}),
      rows(keeper = null, places = placesOf(scored)) {
        const loaded = prefetch(places, (at) => load(at, {keeper}), bytesOf, ahead);
        return scoreRows(loaded, {...scoring, keeper, batchSize: settings.batchSize});
      },
      lookups: () => lookupsOf(own?.cache ?? null),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
