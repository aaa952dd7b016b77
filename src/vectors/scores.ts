import {UsageError} from '../errors.js';
import type {ScoreSet} from '../losses/dataset-contract.js';
import {type ItemArray, readArray} from './array.js';
import {notFinite, numberOf} from './number-cell.js';
import {formatOf, type SourceFile, shown} from './source-file.js';
import {cellText, lineMistake, listedColumns, readTable, type TableColumns} from './table.js';

/** What scores are: a discriminator's raw outputs, or probabilities in [0, 1]. */
export type ScoreInput = 'logits' | 'probabilities';

/** Scores that were read, and the SHA-256 of the file. */
export interface ReadScores {
  readonly set: ScoreSet;
  readonly sha256: string;
}

/**
 * Reads scores from an array (NPY, NPZ: `[items]` or `[items, …patches]`, keys `0`, `1`, …) or a CSV: the column `key`, and
 * `score` or several whose names begin with `score`. Several columns, and several rows of one key, are the patches of an
 * item. Throws UsageError, a line each: an empty set, a score that is not finite, a probability outside [0, 1].
 */
export async function readScores(file: SourceFile, input: ScoreInput, signal: AbortSignal): Promise<ReadScores> {
  const format = formatOf(file);
  if (format === 'csv') return readScoreTable(file, input, signal);
  return fromArray(await readArray(file, format, (shape) => checkShape(shape, file)), file, input);
}

async function readScoreTable(file: SourceFile, input: ScoreInput, signal: AbortSignal): Promise<ReadScores> {
  const patches = new Map<string, number[]>();
  const sha256 = await readTable(file, signal, (columns) => {
    const layout = layoutOf(columns, file);
    return (cells, line) => addScores(patches, cells, {...layout, file, line, input});
  });
  const set = {keys: [...patches.keys()], scores: [...patches.values()].map((list) => Float64Array.from(list))};
  return {set, sha256};
}

/** Where a row is, and what it holds. */
interface ScoreRow {
  readonly key: number;
  readonly scores: readonly number[];
  readonly file: SourceFile;
  readonly line: number;
  readonly input: ScoreInput;
}

function addScores(
  patches: Map<string, number[]>,
  cells: readonly string[],
  {key: place, scores, file, line, input}: ScoreRow,
): void {
  const key = cellText(cells, place);
  if (key === '') throw lineMistake(file, line, `no name in the cell 'key'`);
  const list = patches.get(key) ?? [];
  patches.set(key, list);
  for (const at of scores) {
    const cell = cells[at] ?? '';
    const score = numberOf(cell);
    const wrong = Number.isFinite(score) ? outside(score, input) : notNumber(cell);
    if (wrong !== null) throw lineMistake(file, line, `the score of '${shown(key)}': ${wrong}`);
    list.push(score);
  }
}

function layoutOf(columns: TableColumns, file: SourceFile): {readonly key: number; readonly scores: readonly number[]} {
  const expected = `expected key,score (several columns of patches: score0,score1,…), got ${listedColumns(columns)}`;
  const key = columns.get('key');
  if (key === undefined) throw lineMistake(file, 1, `no column 'key': ${expected}`);
  const scores = [...columns].filter(([name]) => name !== 'key');
  if (scores.length === 0) throw lineMistake(file, 1, `no column 'score': ${expected}`);
  const other = scores.find(([name]) => !name.startsWith('score'));
  if (other) throw lineMistake(file, 1, `the column '${shown(other[0])}' holds no scores: ${expected}`);
  return {key, scores: scores.map(([, place]) => place)};
}

function fromArray({items, width, values, sha256}: ItemArray, file: SourceFile, input: ScoreInput): ReadScores {
  for (const [i, score] of values.entries()) {
    const wrong = Number.isFinite(score) ? outside(score, input) : `expected a finite number, got ${score}`;
    if (wrong === null) continue;
    const patch = width > 1 ? `, patch ${i % width}` : '';
    throw new UsageError('CVL-V004', `${shown(file.name)}: score ${Math.floor(i / width)}${patch} (from 0): ${wrong}`);
  }
  const keys = Array.from({length: items}, (_, index) => String(index));
  return {set: {keys, scores: keys.map((_, i) => values.subarray(i * width, (i + 1) * width))}, sha256};
}

function checkShape(shape: readonly number[], {name}: SourceFile): void {
  if (shape.length > 0 && !shape.includes(0)) return;
  const got = `the shape [${shape.join(', ')}]`;
  throw new UsageError(
    'CVL-V003',
    `${shown(name)}: no scores, expected an array [items] or [items, patches], got ${got}`,
  );
}

function outside(score: number, input: ScoreInput): string | null {
  if (input === 'logits' || (score >= 0 && score <= 1)) return null;
  return `expected a probability in 0..1, got ${score} (raw scores: scores.input: logits)`;
}

function notNumber(cell: string): string {
  return `expected a finite number, got ${shown(notFinite(cell))}`;
}
