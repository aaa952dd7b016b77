import {resolve} from 'node:path';
import {maskClasses} from './config/classes.js';
import {type Config, requiredRoles, usedReadings} from './config/config.js';
import {plainConfig} from './config/plain.js';
import {isSetTask} from './config/task-problems.js';
import {UsageError} from './errors.js';
import {notice} from './notice.js';
import {type DatasetRun, startDatasetRun} from './run/dataset-run.js';
import {lookOfFirstPair} from './run/first-pair.js';
import type {ImageWatch} from './run/model-images.js';
import type {Profile} from './run/profile.js';
import {runSettings} from './run/settings.js';
import {type Run, type RunSettings, type StartOptions, startRun} from './run/start.js';
import {gatherSamples} from './samples/gather.js';
import type {KnownInputs} from './samples/input.js';
import type {SampleTable} from './samples/sample.js';
import {checkShard, inShard, type Shard} from './samples/shard.js';
import {sampleSources} from './samples/sources.js';
import {tableHash} from './samples/table-hash.js';
import type {ShardOfDataset} from './shard-run.js';

/** A run made ready, and what it will score. */
export interface BegunRun {
  readonly run: Run | DatasetRun;
  /** The config that decided it: where the task was open, the data choose it. */
  readonly resolved: Config;
  /** The same as report.json records it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The part of the dataset that is scored; null for the whole. */
  readonly shard: ShardOfDataset | null;
  /** Rows to come; of whole sets, items, an item of which may be in no row or in several. */
  readonly samples: number;
  /** The whole dataset; null where the run reads sets. */
  readonly table: SampleTable | null;
  /** What the user gave, by role. */
  readonly roots: Readonly<Record<string, string>>;
  /** Keys that were left out because a role has no file for them. */
  readonly missing: number;
}

/** What beginning a run takes beside the config. */
export interface BeginOptions extends ImageWatch {
  readonly cwd?: string;
  readonly stdin?: AsyncIterable<unknown>;
  readonly signal: AbortSignal;
  /** Which part of the dataset is scored; the whole by default. First passes see the whole. */
  readonly shard?: Shard | undefined;
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Whether features and embeddings are taken from earlier runs and kept for later ones; true by default. */
  readonly cache?: boolean | undefined;
  /** Learns where the time of the run goes. */
  readonly profile?: Profile | undefined;
}

/** From a config to a run: finds the samples, or reads the sets, and makes the losses ready. Throws UsageError. */
export function beginRun(written: Config, options: BeginOptions): Promise<BegunRun> {
  return isSetTask(written.task) ? beginSets(written, options) : beginSamples(written, options);
}

async function beginSamples(written: Config, options: BeginOptions): Promise<BegunRun> {
  if (options.shard) checkShard(options.shard);
  const table = await gatherTable(written, options);
  return startSamples(await settleTask(written, table, options), table, options);
}

/** The samples of a config; `inputs` are those that other tables have in common with it. Throws UsageError. */
export async function gatherTable(
  written: Config,
  {stdin, inputs}: {readonly stdin?: AsyncIterable<unknown>; readonly inputs?: KnownInputs},
): Promise<SampleTable> {
  const roles = {required: requiredRoles(written), used: usedReadings(written).keys()};
  return gatherSamples(await sampleSources({...written, ...maskClasses(written)}, roles, stdin), inputs);
}

const PALETTES = notice(
  'CVL-W018',
  'the first pair has palettes, as label maps have, and is scored as photographs: for label maps let cv-loss init write a config, or say --task mask --set classes=N',
);

/** The config once its data have decided what it left open: whether they are photographs or masks. */
export async function settleTask(
  written: Config,
  {samples}: SampleTable,
  {cwd, onNotice}: Pick<BeginOptions, 'cwd' | 'onNotice'>,
): Promise<Config> {
  if (written.forMasks === null) return written;
  const look = await lookOfFirstPair(samples, settingsOf(written, cwd));
  if (look === 'palettes') onNotice?.(PALETTES);
  if (look !== 'masks') return written;
  onNotice?.(
    notice('CVL-W019', 'the first pair looks like masks: scored as --task mask (--task photo compares pixels)'),
  );
  return written.forMasks();
}

/** Starts the run of a table of samples, with resources that it may share. Throws UsageError. */
export async function startSamples(
  resolved: Config,
  table: SampleTable,
  {cwd, signal, shard, onNotice, cache, profile, resources}: BeginOptions & Pick<StartOptions, 'resources'>,
): Promise<BegunRun & {readonly run: Run}> {
  const scored = shard ? table.samples.filter(({key}) => inShard(key, shard)) : table.samples;
  const run = await startRun(settingsOf(resolved, cwd), {...table, scored}, signal, {
    onNotice,
    cache,
    profile,
    resources,
  });
  return {
    run,
    resolved,
    config: plainConfig(resolved, cwd),
    shard: shard ? {...shard, samples: table.samples.length, dataset: tableHash(table)} : null,
    samples: scored.length,
    table,
    roots: table.roots,
    missing: table.missing.length,
  };
}

function settingsOf(config: Config, cwd: string | undefined): RunSettings {
  return runSettings({...config, ...maskClasses(config)}, cwd);
}

async function beginSets(resolved: Config, options: BeginOptions): Promise<BegunRun> {
  const {cwd = '.', signal, shard, onNotice, onImages, onImage, cache} = options;
  if (shard) {
    throw new UsageError(
      'CVL-A007',
      `--shard is for tasks of images: a row of task ${resolved.task} needs the whole set`,
    );
  }
  const {datasetLosses, embeddings, scores} = resolved;
  const {image} = runSettings({...resolved, classes: null, palette: null}, cwd);
  const sources = {embeddings, scores, image, cwd: resolve(cwd), onNotice, watch: {onImages, onImage}};
  const run = await startDatasetRun({...sources, losses: datasetLosses}, signal, {cache});
  const config = plainConfig(resolved, options.cwd);
  return {run, resolved, config, shard: null, samples: run.items, table: null, roots: run.roots, missing: 0};
}
