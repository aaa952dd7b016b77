import {join} from 'node:path';
import {type BeginOptions, type BegunRun, gatherTable, settleTask, startSamples} from './begin-run.js';
import type {Config} from './config/config.js';
import {UsageError, usageErrorOf} from './errors.js';
import {printable} from './printable.js';
import {openResources, type RunResources} from './run/resources.js';
import type {Run} from './run/start.js';
import type {KnownInputs} from './samples/input.js';
import {findPredictionSets, type PredictionSet} from './samples/prediction-sets.js';
import type {SampleTable} from './samples/sample.js';

/** One set of a series, made ready. */
interface BegunSet extends BegunRun, PredictionSet {
  readonly run: Run;
}

/** The runs of a series, made ready. */
export interface BegunSeries {
  readonly sets: readonly BegunSet[];
  readonly resources: RunResources;
  /** Frees what the runs hold, and what they have in common. */
  close(): Promise<void>;
}

/**
 * From a config that names a series to a run for each set, on one device with one library of networks. Throws
 * UsageError, with a line for each set that does not pair with the target.
 */
export async function beginSeries(written: Config, options: BeginOptions): Promise<BegunSeries> {
  const {cwd, onNotice, signal, cache} = options;
  const found = await findPredictionSets(written.series ?? [], onNotice);
  const tables = await gatherTables(written, found);
  const decided = await settleTask(written, tables[0] as SampleTable, options);
  const {device, jobs, require_gpu: requireGpu} = decided;
  const resources = await openResources(device, {onNotice, cwd, cache, threads: jobs ?? undefined, requireGpu});
  const sets: BegunSet[] = [];
  const close = async () => {
    for (const {run} of sets) await run.close();
    await resources.close();
  };
  try {
    for (const [i, set] of found.entries()) {
      signal.throwIfAborted();
      const begun = await startSamples(configOf(set, decided), tables[i] as SampleTable, {...options, resources});
      sets.push({...set, ...begun});
    }
    return {sets, resources, close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function gatherTables(written: Config, sets: readonly PredictionSet[]): Promise<SampleTable[]> {
  const tables: SampleTable[] = [];
  const problems = new Map<string, UsageError>();
  const inputs: KnownInputs = new Map();
  for (const set of sets) {
    try {
      tables.push(await gatherTable(configOf(set, written), {inputs}));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.set(set.name, error);
    }
  }
  if (problems.size > 0) throw problemsOfSets(problems, sets.length);
  return tables;
}

/** A line for each set, or one where the same is wrong with all of them. */
function problemsOfSets(problems: ReadonlyMap<string, UsageError>, sets: number): UsageError {
  const [first] = problems.values();
  const isOne = new Set([...problems.values()].map(({message}) => message)).size === 1;
  if (first && isOne && problems.size === sets && sets > 1) return first;
  const mistakes = [...problems].flatMap(([name, error]) =>
    error.mistakes.map(({code, text}) => ({code, text: `${printable(name)}: ${text}`})),
  );
  return usageErrorOf(mistakes);
}

/** The config of one set alone: as if its predictions were the ones that were asked for. */
function configOf({name, path}: PredictionSet, {inputs, report, ...rest}: Config): Config {
  const dir = report.dir === null ? null : join(report.dir, name);
  return {...rest, series: null, inputs: {...inputs, pred: path}, report: {...report, dir}};
}
