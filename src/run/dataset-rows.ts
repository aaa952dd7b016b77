import {setImmediate} from 'node:timers/promises';
import {RunError, UsageError} from '../errors.js';
import type {VectorDataset} from '../losses/dataset-contract.js';
import type {Cell, Row, Status} from '../rows/row.js';
import type {ConfiguredSetLoss} from './dataset-run.js';
import {oneLine} from './error-text.js';
import {rowCells} from './loss-cells.js';
import type {FailedImage} from './model-images.js';
import {type LossReason, rowReason} from './reasons.js';
import {judgeCells} from './undefined-policy.js';

/** How many rows are made before timers and signals get their turn. */
const ROWS_A_TURN = 4096;

/** The cells of each loss that has a row for a key; null for one that has none. */
type Joined = (Readonly<Record<string, Cell>> | null)[];

/**
 * The rows of all losses, joined by key and in key order; a loss without a row for a key, or without a cell for a column,
 * has `n/a` there. An image that a model could not be run on has a failed row. Every row is made before the first is given, as losses make theirs in any order.
 * Throws RunError `loss-failed` where a loss throws or gives what it did not declare, and the signal's reason when aborted.
 */
export async function* joinRows(
  losses: readonly ConfiguredSetLoss[],
  dataset: VectorDataset,
  failures: readonly FailedImage[],
  signal: AbortSignal,
): AsyncGenerator<Row> {
  const failed = new Map(failures.map((failure) => [failure.key, failure]));
  const joined = new Map<string, Joined>();
  for (const [place, loss] of losses.entries()) {
    for await (const {key, cells} of rowsOf(loss, dataset, signal)) {
      const row = joined.get(key) ?? losses.map(() => null);
      joined.set(key, row);
      if (row[place] !== null) throw lossFailed(loss, `gave the row '${key}' twice`);
      row[place] = cells;
    }
  }
  for (const key of [...new Set([...joined.keys(), ...failed.keys()])].sort()) {
    const failure = failed.get(key);
    if (failure) yield failedRow(failure, losses);
    else yield joinedRow(key, losses, joined.get(key) ?? []);
    joined.delete(key);
  }
}

/** The rows of one loss, cells by column name. */
async function* rowsOf(loss: ConfiguredSetLoss, dataset: VectorDataset, signal: AbortSignal) {
  try {
    let count = 0;
    for await (const row of loss.instance.rows(dataset, signal)) {
      yield {key: row.key, cells: rowCells(loss, row.cells)};
      if (++count % ROWS_A_TURN !== 0) continue;
      await setImmediate();
      signal.throwIfAborted();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw asLossFailure(loss, error);
  }
}

/** What a loss threw as the end of the run, in one line that names it. */
export function asLossFailure(loss: ConfiguredSetLoss, error: unknown): Error {
  return error instanceof UsageError || error instanceof RunError ? error : lossFailed(loss, oneLine(error), error);
}

function lossFailed({id}: ConfiguredSetLoss, text: string, cause?: unknown): RunError {
  return new RunError('loss-failed', `${id}: ${text}`, {cause});
}

function failedRow({key, code, message}: FailedImage, losses: readonly ConfiguredSetLoss[]): Row {
  const cells = Object.fromEntries(losses.flatMap(({columns}) => columns.map(({name}) => [name, null])));
  return {key, status: 'failed', reason: `${code}: ${message}`, width: null, height: null, cells, sha256: {}};
}

function joinedRow(key: string, losses: readonly ConfiguredSetLoss[], joined: Joined): Row {
  const cells: Record<string, Cell> = {};
  const failures: LossReason[] = [];
  const reasons: LossReason[] = [];
  losses.forEach((loss, place) => {
    const {cells: own, failure, undefinedReason} = judgeCells(loss, joined[place] ?? rowCells(loss, {}));
    Object.assign(cells, own);
    if (failure) failures.push({code: 'undefined-value', id: loss.id, text: failure});
    if (undefinedReason) reasons.push({id: loss.id, text: undefinedReason});
  });
  const status: Status = failures.length > 0 ? 'failed' : reasons.length > 0 ? 'undefined' : 'ok';
  return {key, status, reason: rowReason([...failures, ...reasons]), width: null, height: null, cells, sha256: {}};
}
