import fs from 'node:fs/promises';
import * as z from 'zod';
import type {BegunRun} from '../begin-run.js';
import {maskClasses} from '../config/classes.js';
import type {Config} from '../config/config.js';
import {UsageError} from '../errors.js';
import {nestsDeeper} from '../foreign-json.js';
import {readShardHeader, type ShardHeader, storedShardHeader} from '../journal/shard-header.js';
import {printable} from '../printable.js';
import type {Run} from '../run/start.js';
import {shardHeader} from '../shard-run.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import {errorCode} from '../storage/storage-error.js';

/** What a run's record says it is. */
const RECORD_SCHEMA = 'cv-loss-run/1';

const unknowns = z.record(z.string(), z.unknown());

const shape = z.strictObject({
  run: z.literal(RECORD_SCHEMA),
  table: z.string().describe('SHA-256 of the sample table'),
  cwd: z.string().describe('the folder that messages name files from'),
  cache: z.boolean(),
  shared: z.record(z.string(), z.string()).describe('files that serve every sample, by role'),
  settings: unknowns.describe('the parts of the config that a run reads, apart from its losses'),
  losses: z.array(
    z.strictObject({
      type: z.string(),
      id: z.string(),
      weight: z.number().optional(),
      undefined: z.union([z.literal('skip'), z.literal('fail'), z.number()]),
      options: unknowns,
    }),
  ),
  header: unknowns.describe('of the first shard'),
});

/** All that a worker needs to know of a run, as plain JSON. */
export interface RunRecord extends Omit<z.output<typeof shape>, 'run' | 'header'> {
  /** Of shard 1; those of the others differ by the index alone. */
  readonly header: ShardHeader;
}

/** What a record is made of. */
export interface RecordParts {
  readonly begun: BegunRun & {readonly run: Run};
  readonly table: string;
  readonly shards: number;
  /** SHA-256 over the keys. */
  readonly dataset: string;
  readonly shared: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly cache: boolean;
}

/** The record of a run. Throws UsageError for an option that JSON would change. */
export function runRecord({begun, table, shards, dataset, shared, cwd, cache}: RecordParts): RunRecord {
  const {run, resolved, config, roots, missing} = begun;
  const {task, report} = resolved;
  const shard = {index: 1, count: shards, samples: run.samples.length, dataset};
  const losses = run.losses.map(({descriptor, id, weight, undefined: policy, options}) => ({
    type: descriptor.id,
    id,
    ...(weight !== undefined && {weight}),
    undefined: policy,
    options,
  }));
  const settings = settingsOf(resolved, run);
  if (!isPlain(losses) || !isPlain(settings))
    throw new UsageError(
      'CVL-Q008',
      '--queue: a loss has an option that cannot be sent to a worker; run without --queue',
    );
  const header = shardHeader({run, shard, task, config, roots, missing, formats: report.formats});
  return {table, cwd, cache, shared, settings, losses: JSON.parse(JSON.stringify(losses)), header};
}

/** Writes a record. Throws RunError. */
export function writeRecord(path: string, {header, ...rest}: RunRecord): Promise<void> {
  const record = {run: RECORD_SCHEMA, ...rest, header: storedShardHeader(header)};
  return writeFileAtomically(path, `${JSON.stringify(record, null, 1)}\n`);
}

/** Reads a record. Throws UsageError where there is none, or none of this version. */
export async function readRecord(path: string): Promise<RunRecord> {
  const value = await fs.readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as unknown,
    (error: unknown) => {
      throw new UsageError('CVL-Q007', `${printable(path)} cannot be read (${errorCode(error)})`, {cause: error});
    },
  );
  const {data} = nestsDeeper(value) ? {} : shape.safeParse(value);
  const header = data && readShardHeader(data.header);
  if (!data || !header)
    throw new UsageError('CVL-Q007', `${printable(path)} is no run that this version of cv-loss reads`);
  const {run: _, ...rest} = data;
  return {...rest, header};
}

/** What a run reads of the config, with what its data decided. */
function settingsOf(resolved: Config, run: Run): Record<string, unknown> {
  const {image, require_gpu, batch_size, generators} = resolved;
  const {palette} = maskClasses(resolved);
  return {image, require_gpu, batch_size, generators, palette, classes: run.classes, device: run.device.name};
}

/** Whether JSON gives a value back as it was. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null)
    return ['string', 'boolean', 'object', 'undefined'].includes(typeof value);
  if (Array.isArray(value)) return value.every((part) => part !== undefined && isPlain(part));
  const prototype = Object.getPrototypeOf(value);
  return (prototype === null || prototype === Object.prototype) && Object.values(value).every(isPlain);
}
