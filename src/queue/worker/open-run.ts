import {mapPaths} from '../../config/option-paths.js';
import {pluginsNamed} from '../../config/plugins.js';
import {UsageError, usageErrorOf} from '../../errors.js';
import type {ShardHeader} from '../../journal/shard-header.js';
import type {LossDescriptor} from '../../losses/contract.js';
import type {LossEntry} from '../../run/configured-loss.js';
import {differences, runIdentity} from '../../run/journal/identity.js';
import {mappedPath} from '../../run/path-map.js';
import {type RunConfig, runSettings} from '../../run/settings.js';
import {type Run, startRun} from '../../run/start.js';
import {version} from '../../version.js';
import {placesOf} from '../plan.js';
import {runFolder} from '../run-folder.js';
import {type RunRecord, readRecord} from '../run-record.js';
import {readTable} from '../sample-table.js';
import type {OpenRequest} from './messages.js';

/** A queued run as this machine scores it. */
export interface WorkerRun {
  readonly run: Run;
  /** Of shard 1. */
  readonly header: ShardHeader;
  /** The places of each shard's samples; shard 1 first. */
  readonly places: readonly Uint32Array[];
}

/**
 * Makes a queued run ready from its folder. Throws UsageError where this machine or this version would not make the rows
 * that the coordinator asks for: another version, device, decoder or plugin, or a folder that is not there.
 */
export async function openRun(
  {folder, map, jobs, maxMemory, plugins}: OpenRequest,
  {signal, onNotice}: {readonly signal: AbortSignal; readonly onNotice: (line: string) => void},
): Promise<WorkerRun> {
  const {record: path, table} = runFolder(folder);
  const record = await readRecord(path);
  const {header, cwd, cache, shared} = record;
  checkVersion(header);
  const losses = await lossEntries(record, plugins, map);
  const samples = await readTable(table, record.table);
  const config = {...record.settings, losses, jobs, max_memory: maxMemory, ...generatorsHere(record, map)};
  const settings = {...runSettings(config as unknown as RunConfig, cwd), pathMap: map};
  const run = await startRun(settings, {samples, shared}, signal, {onNotice, cache, prepared: header.prepared});
  try {
    checkIdentity(run, header);
  } catch (error) {
    await run.close();
    throw error;
  }
  return {run, header, places: placesOf(samples, header.count)};
}

/** Throws UsageError for a run of another version. */
function checkVersion({identity}: ShardHeader): void {
  if (identity.version !== version) throw new UsageError('CVL-Q004', otherVersion(String(identity.version)));
}

/** Why a worker takes no shard of a run of another version. */
export function otherVersion(ofRun: string): string {
  return `the run is of cv-loss ${ofRun}, this worker is ${version}; install the same`;
}

async function lossEntries(
  {losses, header}: RunRecord,
  plugins: readonly string[],
  map: OpenRequest['map'],
): Promise<LossEntry[]> {
  const {descriptors, records} = await pluginsNamed(plugins);
  const here = new Set(records.map(({sha256}) => sha256));
  const asked = header.config.plugins as readonly {readonly file: string; readonly sha256: string}[];
  const lacking = asked.filter(({sha256}) => !here.has(sha256));
  if (lacking.length > 0) {
    throw usageErrorOf(
      lacking.map(({file, sha256}) => ({
        code: 'CVL-Q006',
        text: `the run needs the plugin ${file} (SHA-256 ${sha256}); start the worker with --plugin FILE`,
      })),
    );
  }
  return losses.map(({type, options, weight, ...entry}) => {
    const descriptor = descriptors.find(({id}) => id === type) as LossDescriptor | undefined;
    if (!descriptor)
      throw new UsageError('CVL-Q006', `the run has a loss of the type '${type}', which this worker does not know`);
    const mapped = mapPaths(descriptor.options, options, (file) => mappedPath(file, map));
    return {...entry, descriptor, options: mapped as LossEntry['options'], ...(weight !== undefined && {weight})};
  });
}

/** Models that make images, where this machine has them. */
function generatorsHere({settings}: RunRecord, map: OpenRequest['map']): object {
  const generators = settings.generators as RunConfig['generators'];
  if (!generators) return {};
  const here = (spec: typeof generators.a_to_b) => ({...spec, model: mappedPath(spec.model, map)});
  return {generators: {...generators, a_to_b: here(generators.a_to_b), b_to_a: here(generators.b_to_a)}};
}

/** Throws UsageError where the rows could be others than those of the coordinator. */
function checkIdentity(run: Run, {identity, config}: ShardHeader): void {
  const names = differences(identity, runIdentity({...run, savedImages: null, version, config}));
  if (names.length === 0) return;
  throw new UsageError(
    'CVL-Q005',
    `this worker would not make the rows of the run: it differs in ${names.join(', ')}; use the same Node, cv-loss and device`,
  );
}
