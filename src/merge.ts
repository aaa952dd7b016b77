import {basename, relative, resolve} from 'node:path';
import {performance} from 'node:perf_hooks';
import type * as z from 'zod';
import {readBaseline} from './baseline.js';
import {baselineSchema} from './config/baseline.js';
import {type GatesConfig, gatesSchema} from './config/gates.js';
import {pluginsNamed} from './config/plugins.js';
import {relativePath} from './config/relative.js';
import {type Mistake, UsageError, usageErrorOf} from './errors.js';
import type {Evaluation} from './evaluation.js';
import {openEvaluation, type SessionRun} from './evaluation-session.js';
import {readShard, type StoredShard} from './journal/read-shard.js';
import type {ShardHeader} from './journal/shard-header.js';
import type {AnyLossDescriptor} from './losses/dataset-contract.js';
import {printable} from './printable.js';
import type {FormatName} from './report/formats.js';
import type {Row} from './rows/row.js';
import {checkShards} from './run/merge/check-shards.js';
import {mergedRows} from './run/merge/merged-rows.js';
import {version} from './version.js';

/** What a merge writes and judges, beside what the shards' config says. */
export interface MergeOptions {
  /** Where the report goes; null writes none. */
  readonly report: {readonly dir: string | null; readonly formats?: readonly FormatName[]};
  /** Gates, in place of the config's column by column. */
  readonly gates?: z.input<typeof gatesSchema>;
  /** A baseline to compare with, in place of the config's. */
  readonly baseline?: z.input<typeof baselineSchema>;
  /** Modules with losses of your own that the shards were run with: a shard says their names, it loads no code. */
  readonly plugins?: readonly string[];
  /** The folder that relative paths start from; the working directory by default. */
  readonly cwd?: string;
  /** Whether `Evaluation.rows` holds every row; true by default. */
  readonly keepRows?: boolean;
  /** Called once, before the first row. */
  readonly onStart?: (run: {readonly samples: number}) => void;
  /** Called for every row, in key order. */
  readonly onRow?: (row: Row) => void;
  /** Stops the merge: it rejects with the signal's reason and an earlier report stays. */
  readonly signal?: AbortSignal;
}

/**
 * Merges the shards of one run, by their directories: the report is, byte for byte, that of the run over the whole dataset.
 * Throws UsageError, a line for each mistake, where they are not all the shards of one run; RunError where the report
 * cannot be written.
 */
export async function mergeShards(dirs: readonly string[], options: MergeOptions): Promise<Evaluation> {
  const {cwd = '.', keepRows = true, onStart, onRow, signal} = options;
  const started = performance.now();
  const shards = await readAll(dirs, cwd);
  checkShards(shards, version);
  const {header} = shards[0] as StoredShard;
  const resolved = judgement(header, options, cwd);
  refuseShardAsReport(shards, resolved.report.dir);
  const run = mergedRun(header, await lossesOf(header, options.plugins ?? [], cwd));
  const config = withGates(header.config, resolved.gates);
  const {roots, missing} = header;
  const baseline = await readBaseline(resolved.baseline, [resolved.report.dir]);
  const session = await openEvaluation(
    {run, resolved, config, roots, missing},
    {cwd, baseline, keepRows, started, resume: 'never'},
  );
  try {
    onStart?.({samples: header.samples});
    for await (const row of mergedRows(shards.map((shard) => shard.rows()))) {
      signal?.throwIfAborted();
      await session.add(row);
      onRow?.(row);
    }
    const evaluation = await session.complete();
    if (evaluation.report.counts.samples !== header.samples) {
      throw new UsageError(
        'CVL-R009',
        `the shards have ${evaluation.report.counts.samples} rows of ${header.samples} samples`,
      );
    }
    await session.publish();
    return evaluation;
  } catch (error) {
    await session.abandon();
    throw error;
  }
}

/** Every mistake of every directory is told at once. */
async function readAll(dirs: readonly string[], cwd: string): Promise<StoredShard[]> {
  const shards: StoredShard[] = [];
  const problems: Mistake[] = [];
  for (const dir of dirs) {
    const path = resolve(cwd, dir);
    try {
      shards.push(await readShard(path, printable(relative(cwd, path) || basename(path))));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.mistakes);
    }
  }
  if (problems.length > 0) throw usageErrorOf(problems);
  return shards;
}

/** Gates, baseline and report of the merge. Throws UsageError. */
function judgement({config, formats, task}: ShardHeader, options: MergeOptions, cwd: string) {
  const {report, gates = {}, baseline} = options;
  const checked = checkedBy(baselineSchema.nullable(), baseline ?? null, 'baseline');
  return {
    task,
    gates: checkedBy(gatesSchema, {...(config.gates as GatesConfig | undefined), ...gates}, 'gates'),
    baseline: checked && {...checked, dir: resolve(cwd, checked.dir)},
    report: {
      dir: report.dir === null ? null : resolve(cwd, report.dir),
      formats: report.formats ?? (formats as FormatName[]),
    },
  };
}

function refuseShardAsReport(shards: readonly StoredShard[], dir: string | null): void {
  const shard = shards.find((one) => one.dir === dir);
  if (shard) throw new UsageError('CVL-R002', `${shard.name} is one of the shards; give the report another directory`);
}

/** The built-in losses and those of plugins, which must be the files that the shards were run with. Throws UsageError. */
async function lossesOf({config}: ShardHeader, names: readonly string[], cwd: string) {
  const {descriptors, records} = await pluginsNamed(names, cwd);
  const known = new Set((config.plugins as readonly {readonly sha256: string}[]).map(({sha256}) => sha256));
  const others = records.filter(({sha256}) => !known.has(sha256));
  if (others.length === 0) return descriptors;
  const lines = others.map(
    ({file}) => `--plugin ${relativePath(cwd, file)}: is no plugin that the shards were run with`,
  );
  throw new UsageError('CVL-R011', lines.join('\n'));
}

function checkedBy<Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError('CVL-C005', `${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
}

/** The run as the shards tell it. Throws UsageError for a loss that is not there. */
function mergedRun(header: ShardHeader, descriptors: readonly AnyLossDescriptor[]): SessionRun {
  const {device, networks, sources, prepared, columns} = header;
  const losses = header.losses.map(({type, columns: parts, weight, ...loss}) => {
    const descriptor = descriptors.find(({id}) => id === type);
    if (!descriptor) {
      throw new UsageError(
        'CVL-R011',
        `loss '${loss.id}' is of the type '${type}', which is not built in; name its --plugin`,
      );
    }
    return {...loss, descriptor, instance: {columns: parts}, ...(weight === undefined ? {} : {weight})};
  });
  return {device, losses, columns, prepared, sources, networks: networks as NonNullable<SessionRun['networks']>};
}

/** A config with the gates that were checked, where a config has its gates. */
function withGates(config: ShardHeader['config'], gates: GatesConfig): ShardHeader['config'] {
  const {gates: _, device, ...rest} = config;
  return {...rest, ...(Object.keys(gates).length > 0 ? {gates} : {}), device};
}
