import {performance} from 'node:perf_hooks';
import type {SampleError} from '../errors.js';
import type {RowEntry} from '../journal/row-entry.js';
import {type Cell, isUndefinedValue, type Row, type Status} from '../rows/row.js';
import type {Sample} from '../samples/sample.js';
import {chunks} from './chunks.js';
import {type ConfiguredLoss, runColumns} from './configured-loss.js';
import type {LoadedSample, ScoredSample} from './load.js';
import {timed} from './profile.js';
import {type LossReason, rowReason} from './reasons.js';
import {type LossOutcome, type ScoreOptions, scoreLoss, scoresViaNetwork} from './score.js';
import {totalCell} from './total.js';
import {judgeCells} from './undefined-policy.js';

/** Without `--batch-size`: samples in a batch at most, and bytes of decoded images. */
const BATCH_SAMPLES = 64;
const BATCH_BYTES = 8 * 2 ** 20;
const NETWORK_BATCH_SAMPLES = 4;

/** A sample whose row an earlier run made. */
export interface KnownSample {
  readonly known: Row;
}

/** A sample as far as a run has come with it. */
export type ReadySample = LoadedSample | ScoredSample | KnownSample;

/** Keeps the rows of a run as they are made, and has those that it kept when the run was cut short. */
export interface RowKeeper {
  /** The row of the sample at a place of the table; null where it must be computed. */
  row(sample: Sample, at: number): Row | null | Promise<Row | null>;
  /** Called for every batch that was computed, before the next one is begun. Throws RunError when they cannot be kept. */
  append(entries: readonly RowEntry[]): Promise<void>;
}

/** What turning a batch of samples into rows needs. */
interface ChunkOptions extends Omit<ScoreOptions, 'signal'> {
  readonly losses: readonly ConfiguredLoss[];
  /** Seen between two batches; within one too, where nothing would keep its rows. */
  readonly signal: AbortSignal;
  readonly keeper?: Pick<RowKeeper, 'append'> | null;
  /** Called with the rows that were scored here and how long they took. */
  readonly onScored?: ((rows: number, seconds: number) => void) | undefined;
}

/** What turning samples into rows needs. */
export interface RowOptions extends ChunkOptions {
  /** Samples computed at once; null chooses by size. */
  readonly batchSize: number | null;
}

/**
 * The row of every sample, in the samples' order. Samples of equal shape in a chunk are computed together.
 * Throws the signal's reason when aborted, and RunError `out-of-memory` when the tensor backend is lost.
 */
export async function* scoreRows(loaded: AsyncIterable<ReadySample>, options: RowOptions): AsyncGenerator<Row> {
  for await (const chunk of chunks(loaded, bytesOf, limitsOf(options))) yield* await scoreChunk(chunk, options);
}

/** The rows of samples that are computed at once, in their order, once they are kept. Throws as `scoreRows` does. */
export async function scoreChunk(chunk: readonly ReadySample[], options: ChunkOptions): Promise<Row[]> {
  options.signal.throwIfAborted();
  const rows = new Map<ReadySample, Row>();
  for (const sample of chunk) {
    if ('known' in sample) rows.set(sample, sample.known);
    else if ('failure' in sample) rows.set(sample, failedRow(sample, options.losses));
    else if ('outcomes' in sample) rows.set(sample, scoredRow(sample, options.losses, sample.outcomes));
  }
  const started = performance.now();
  const groups = equalShapes(chunk);
  for (const group of groups) {
    const outcomes = await scoreGroup(group, options);
    group.forEach((sample, i) => {
      const ofSample = outcomes.map((perLoss) => perLoss[i] as LossOutcome);
      rows.set(sample, scoredRow(sample, options.losses, ofSample));
    });
  }
  if (groups.length > 0) options.onScored?.(groups.flat().length, (performance.now() - started) / 1000);
  const made = chunk.flatMap((sample) =>
    'known' in sample ? [] : [{row: rows.get(sample) as Row, files: sample.files}],
  );
  const {keeper} = options;
  if (keeper) await timed(options.profile, 'journal', () => keeper.append(made));
  return chunk.map((sample) => rows.get(sample) as Row);
}

/**
 * Where a network takes part a sample is slow, and batches are short: an interrupted run ends with its batch. The first two
 * are single samples where somebody waits to hear how long a row takes: the second one tells.
 */
function limitsOf({batchSize, losses, onScored}: RowOptions): {count: number; bytes: number; first?: number} {
  if (batchSize !== null) return {count: batchSize, bytes: Number.POSITIVE_INFINITY};
  const viaNetwork = losses.some(({instance}) => instance.viaNetwork !== undefined);
  return {count: viaNetwork ? NETWORK_BATCH_SAMPLES : BATCH_SAMPLES, bytes: BATCH_BYTES, ...(onScored && {first: 1})};
}

/** Bytes of decoded images that a loaded sample holds. */
export function bytesOf(loaded: ReadySample): number {
  return 'bytes' in loaded ? loaded.bytes : 0;
}

type Decoded = Extract<LoadedSample, {decoded: unknown}>;
type Scored = Exclude<LoadedSample | ScoredSample, {failure: unknown}>;
type Failed = Extract<LoadedSample, {failure: unknown}>;

function equalShapes(chunk: readonly ReadySample[]): Decoded[][] {
  const groups = new Map<string, Decoded[]>();
  for (const loaded of chunk) {
    if (!('decoded' in loaded)) continue;
    const group = groups.get(loaded.shape);
    if (group) group.push(loaded);
    else groups.set(loaded.shape, [loaded]);
  }
  return [...groups.values()];
}

/**
 * Per loss, the outcomes of the group's samples. Losses that compare features go sample by sample, one after the other:
 * what a network made of the last images is kept for the next loss.
 */
async function scoreGroup(
  group: readonly Decoded[],
  {signal, keeper, ...rest}: ChunkOptions,
): Promise<LossOutcome[][]> {
  const options = {...rest, signal: keeper ? undefined : signal};
  const samples = group.map(({decoded}) => decoded);
  const viaNetwork = (loss: ConfiguredLoss) => scoresViaNetwork(loss, options.device);
  const outcomes: LossOutcome[][] = [];
  for (const loss of options.losses) outcomes.push(viaNetwork(loss) ? [] : await scoreLoss(loss, samples, options));
  for (const sample of samples) {
    for (const [i, loss] of options.losses.entries()) {
      if (viaNetwork(loss)) outcomes[i]?.push(...(await scoreLoss(loss, [sample], options)));
    }
  }
  return outcomes;
}

function scoredRow(loaded: Scored, losses: readonly ConfiguredLoss[], outcomes: readonly LossOutcome[]): Row {
  const cells = emptyCells(losses);
  const failures: LossReason[] = [];
  const reasons: LossReason[] = [];
  losses.forEach((loss, i) => {
    const outcome = outcomes[i] as LossOutcome;
    if ('failure' in outcome) {
      failures.push(ofLoss(loss, outcome.failure));
      return;
    }
    const judged = judgeCells(loss, outcome.cells);
    Object.assign(cells, judged.cells);
    if (judged.failure) failures.push({code: 'undefined-value', id: loss.id, text: judged.failure});
    if (judged.undefinedReason) reasons.push({id: loss.id, text: judged.undefinedReason});
  });
  if ('total' in cells) {
    const total = totalCell(losses, cells);
    cells.total = total;
    if (isUndefinedValue(total) && failures.length + reasons.length === 0)
      reasons.push({id: 'total', text: total.undefined});
  }
  const status: Status = failures.length > 0 ? 'failed' : reasons.length > 0 ? 'undefined' : 'ok';
  return {
    ...identity(loaded),
    status,
    reason: rowReason([...failures, ...reasons]),
    width: loaded.width,
    height: loaded.height,
    cells,
  };
}

function failedRow(loaded: Failed, losses: readonly ConfiguredLoss[]): Row {
  const reason = failureText(loaded.failure);
  return {...identity(loaded), status: 'failed', reason, width: null, height: null, cells: emptyCells(losses)};
}

function identity({sample, sha256}: Pick<LoadedSample, 'sample' | 'sha256'>): Pick<Row, 'key' | 'sha256' | 'group'> {
  return {key: sample.key, sha256, ...(sample.group === undefined ? {} : {group: sample.group})};
}

function emptyCells(losses: readonly ConfiguredLoss[]): Record<string, Cell> {
  return Object.fromEntries(runColumns(losses).map(({name}) => [name, null]));
}

/** The failure of a loss, whose message begins with its id. */
function ofLoss({id}: ConfiguredLoss, {code, message}: SampleError): LossReason {
  const named = `${id}: `;
  return {code, id, text: message.startsWith(named) ? message.slice(named.length) : message};
}

function failureText({code, message}: SampleError): string {
  return `${code}: ${message}`;
}
