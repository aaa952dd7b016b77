import {type ChangeLimit, changeOf} from './change.js';
import type {GateResult} from './check.js';
import {type ComparedRun, type JoinedColumn, joinRuns} from './pair-rows.js';
import type {GateLevel} from './rule.js';
import {type JudgedChange, judgeChanges} from './verdict.js';

/** How a comparison decides. */
export interface CompareOptions {
  /** By column; `default` for the others. */
  readonly limits: ReadonlyMap<string, ChangeLimit>;
  readonly default: ChangeLimit | null;
  readonly level: GateLevel;
}

/** A column's part of a comparison. */
interface ColumnComparison extends JudgedChange {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  /** The pairs that worsened most, worst first, ten at most. */
  readonly mostWorsened: readonly {readonly key: string; readonly baseline: number; readonly candidate: number}[];
}

/** Two runs compared. */
export interface Comparison {
  /** What both runs have, column by column. */
  readonly columns: readonly ColumnComparison[];
  /** Columns that only the baseline has. */
  readonly removedColumns: readonly string[];
  /** Columns that only this run has. */
  readonly addedColumns: readonly string[];
  /** Keys that both runs have. */
  readonly common: number;
  /** Keys that only the baseline has. */
  readonly removed: readonly string[];
  /** Keys that only this run has. */
  readonly added: readonly string[];
  /** Keys scored against other data than in the baseline; null when a run has no hashes (rows.jsonl has them). */
  readonly changed: readonly string[] | null;
  /** What the rules say of the differences. */
  readonly gates: readonly GateResult[];
}

const NO_LIMIT: ChangeLimit = {absolute: 0, relative: 0};
const WORSENED = 10;

/**
 * Compares a candidate with a baseline, pair by pair. A column fails where its verdict is `worse`, where a limit is
 * given and the mean worsened beyond it, and where it lost numbers that the baseline has; pairs and columns that are
 * gone fail too, so that missing data never pass.
 */
export async function compareRuns(
  baseline: ComparedRun,
  candidate: ComparedRun,
  options: CompareOptions,
): Promise<Comparison> {
  const joined = await joinRuns(baseline, candidate);
  const limitOf = (name: string) => options.limits.get(name) ?? options.default;
  const judged = judgeChanges(joined.columns.map((column) => changeOf(column, limitOf(column.name) ?? NO_LIMIT)));
  const columns = joined.columns.map(
    (column, i): ColumnComparison => ({
      ...(judged[i] as JudgedChange),
      lost: column.lost,
      gained: column.gained,
      mostWorsened: mostWorsened(column),
    }),
  );
  const {removed, removedColumns} = joined;
  const gates = [
    ...columns.map((column) => columnGate(column, limitOf(column.name) !== null, options.level)),
    ...[...options.limits.keys()]
      .filter((name) => !columns.some((column) => column.name === name) && !removedColumns.includes(name))
      .map((name) =>
        gate(`${name} against the baseline`, options.level, 'no worse', null, `no column ${name} in both`),
      ),
    ...removedColumns.map((name) => gate(`${name} against the baseline`, options.level, 'no worse', null, 'gone')),
    ...(removed.length === 0
      ? []
      : [gate('pairs of the baseline', options.level, 'all there', removed.length, `${removed.length} are gone`)]),
  ];
  return {...joined, columns, gates};
}

function columnGate(column: ColumnComparison, hasLimit: boolean, level: GateLevel): GateResult {
  const {name, verdict, worsening, margin, lost, pairs} = column;
  const beyond = hasLimit && worsening !== null && worsening > margin;
  const reasons = [
    verdict === 'worse' ? 'worse' : null,
    beyond ? `the mean worsened by ${inShort(worsening)}` : null,
    lost.length > 0 ? `${lost.length} of its values are gone` : null,
    pairs === 0 ? 'no pair has a value in both' : null,
  ].filter((reason) => reason !== null);
  const expected = hasLimit ? `no worse, and by ${inShort(margin)} at most` : 'no worse';
  return gate(`${name} against the baseline`, level, expected, column.difference, reasons.join(', '));
}

function inShort(value: number): number {
  return Number(value.toPrecision(5));
}

/** A result that fails where there is a reason. */
function gate(name: string, level: GateLevel, expected: string, actual: number | null, reason: string): GateResult {
  return {name, level, expected, actual, verdict: reason === '' ? 'pass' : 'fail', reason};
}

function mostWorsened({keys, baseline, candidate, better}: JoinedColumn): ColumnComparison['mostWorsened'] {
  const sign = better === 'lower' ? 1 : -1;
  const pairs = keys.map((key, i) => ({key, baseline: baseline[i] as number, candidate: candidate[i] as number}));
  const worsening = (pair: (typeof pairs)[number]) =>
    pair.baseline === pair.candidate ? 0 : sign * (pair.candidate - pair.baseline);
  return pairs
    .filter((pair) => worsening(pair) > 0)
    .sort((a, b) => worsening(b) - worsening(a) || (a.key < b.key ? -1 : 1))
    .slice(0, WORSENED);
}
