import type {Device} from '../device/device.js';
import type {SampleError} from '../errors.js';
import type {Cell, Row, Status} from '../rows/row.js';
import {chunks} from './chunks.js';
import {type ConfiguredLoss, runColumns} from './configured-loss.js';
import type {LoadedSample} from './load.js';
import {type LossOutcome, scoreLoss} from './score.js';
import {totalCell} from './total.js';
import {judgeCells} from './undefined-policy.js';

/** Without `--batch-size`: samples in a batch at most, and bytes of decoded images. */
const BATCH_SAMPLES = 64;
const BATCH_BYTES = 8 * 2 ** 20;

/** What turning samples into rows needs. */
export interface RowOptions {
  readonly losses: readonly ConfiguredLoss[];
  readonly device: Device;
  /** Samples computed at once; null chooses by size. */
  readonly batchSize: number | null;
  readonly signal: AbortSignal;
}

/** The row of every sample, in the samples' order. Samples of equal shape in a chunk are computed together. */
export async function* scoreRows(loaded: AsyncIterable<LoadedSample>, options: RowOptions): AsyncGenerator<Row> {
  const limits =
    options.batchSize === null
      ? {count: BATCH_SAMPLES, bytes: BATCH_BYTES}
      : {count: options.batchSize, bytes: Number.POSITIVE_INFINITY};
  for await (const chunk of chunks(loaded, bytesOf, limits)) {
    options.signal.throwIfAborted();
    const rows = new Map<LoadedSample, Row>();
    for (const group of equalShapes(chunk)) {
      const outcomes = await scoreGroup(group, options);
      group.forEach((sample, i) => {
        rows.set(
          sample,
          scoredRow(
            sample,
            options.losses,
            outcomes.map((perLoss) => perLoss[i] as LossOutcome),
          ),
        );
      });
    }
    for (const sample of chunk) yield rows.get(sample) ?? failedRow(sample, options.losses);
  }
}

/** Bytes of decoded images that a loaded sample holds. */
export function bytesOf(loaded: LoadedSample): number {
  return 'bytes' in loaded ? loaded.bytes : 0;
}

type Decoded = Extract<LoadedSample, {decoded: unknown}>;

function equalShapes(chunk: readonly LoadedSample[]): Decoded[][] {
  const groups = new Map<string, Decoded[]>();
  for (const loaded of chunk) {
    if (!('decoded' in loaded)) continue;
    const group = groups.get(loaded.shape);
    if (group) group.push(loaded);
    else groups.set(loaded.shape, [loaded]);
  }
  return [...groups.values()];
}

async function scoreGroup(group: readonly Decoded[], {losses, device}: RowOptions): Promise<LossOutcome[][]> {
  const outcomes: LossOutcome[][] = [];
  for (const loss of losses)
    outcomes.push(
      await scoreLoss(
        loss,
        group.map(({decoded}) => decoded),
        device,
      ),
    );
  return outcomes;
}

function scoredRow(loaded: Decoded, losses: readonly ConfiguredLoss[], outcomes: readonly LossOutcome[]): Row {
  const cells = emptyCells(losses);
  const failures: string[] = [];
  const reasons: string[] = [];
  losses.forEach((loss, i) => {
    const outcome = outcomes[i] as LossOutcome;
    if ('failure' in outcome) {
      failures.push(failureText(outcome.failure));
      return;
    }
    const judged = judgeCells(loss, outcome.cells);
    Object.assign(cells, judged.cells);
    if (judged.failure) failures.push(judged.failure);
    if (judged.undefinedReason) reasons.push(judged.undefinedReason);
  });
  if ('total' in cells) cells.total = totalCell(losses, cells);
  const status: Status = failures.length > 0 ? 'failed' : reasons.length > 0 ? 'undefined' : 'ok';
  return {
    ...identity(loaded),
    status,
    reason: [...failures, ...reasons].join('; '),
    width: loaded.width,
    height: loaded.height,
    cells,
  };
}

function failedRow(loaded: LoadedSample, losses: readonly ConfiguredLoss[]): Row {
  const reason = 'failure' in loaded ? failureText(loaded.failure) : '';
  return {...identity(loaded), status: 'failed', reason, width: null, height: null, cells: emptyCells(losses)};
}

function identity({sample, sha256}: LoadedSample): Pick<Row, 'key' | 'sha256' | 'group'> {
  return {key: sample.key, sha256, ...(sample.group === undefined ? {} : {group: sample.group})};
}

function emptyCells(losses: readonly ConfiguredLoss[]): Record<string, Cell> {
  return Object.fromEntries(runColumns(losses).map(({name}) => [name, null]));
}

function failureText({code, message}: SampleError): string {
  return `${code}: ${message}`;
}
