import {UsageError} from '../../errors.js';
import {sumOf} from '../../statistics/sum.js';
import type {ClassName, LossColumn, LossColumns} from '../contract.js';
import {type ClassCounts, type Counts, countsOf} from './class-counts.js';

/** One of the four counts of a class. */
export type CountName = keyof Counts;

const OF_CLASS = ['tp', 'fp', 'fn'] as const;

/**
 * The columns that carry counts, so that shards add up to the dataset: of a binary run `tp`, `fp`, `fn` and, where a
 * loss needs it, `tn`; of several classes `<class>_tp`, `<class>_fp`, `<class>_fn`.
 */
export function countColumns(classes: readonly ClassName[] | null, binary: readonly CountName[]): LossColumn[] {
  const parts = classes ? classes.flatMap(({name}) => OF_CLASS.map((count) => `${name}.${count}`)) : binary;
  return parts.map((part) => ({part, better: 'none'}));
}

/** The cells of those columns. */
export function countCells(
  {classes: counts}: ClassCounts,
  classes: readonly ClassName[] | null,
  binary: readonly CountName[],
): Record<string, number> {
  const cells: Record<string, number> = {};
  if (!classes) {
    for (const name of binary) cells[name] = counts[0]?.[name] ?? 0;
    return cells;
  }
  classes.forEach(({name}, c) => {
    for (const count of OF_CLASS) cells[`${name}.${count}`] = counts[c]?.[count] ?? 0;
  });
  return cells;
}

/** Counts summed over the rows, with the names of the classes in their order; null for a binary run. */
export interface DatasetCounts extends ClassCounts {
  readonly names: readonly string[] | null;
}

/** Sums the columns of `countColumns` over every row that has them. Counts that a loss does not carry are 0. */
export function datasetCounts(columns: LossColumns): DatasetCounts {
  const known = new Set(columns.parts);
  const total = (part: string) => {
    if (!known.has(part)) return 0;
    const numbers = columns.numbers(part);
    return sumOf(numbers.length, (i) => numbers[i] as number);
  };
  const names = classesIn(columns.parts);
  if (names.length === 0) {
    const counts = {tp: total('tp'), fp: total('fp'), fn: total('fn'), tn: total('tn')};
    return {names: null, binary: true, classes: [counts]};
  }
  const totals = (count: CountName) => names.map((name) => total(`${name}.${count}`));
  return {names, binary: false, classes: countsOf(totals('tp'), totals('fp'), totals('fn'))};
}

function classesIn(parts: readonly string[]): string[] {
  const known = new Set(parts);
  const named = parts.filter((part) => part.endsWith('.tp')).map((part) => part.slice(0, -'.tp'.length));
  return named.filter((name) => OF_CLASS.every((count) => known.has(`${name}.${count}`)));
}

/** The same columns. Throws UsageError where two have one name, as those of classes `a.b` and `a_b` would. */
export function distinctColumns(columns: readonly LossColumn[]): readonly LossColumn[] {
  const parts = new Map<string, string>();
  for (const {part} of columns) {
    const name = part.replaceAll('.', '_');
    const other = parts.get(name);
    if (other !== undefined) {
      throw new UsageError(
        'CVL-C020',
        `classes: '${other}' and '${part}' would make the same column '${name}'; rename a class`,
      );
    }
    parts.set(name, part);
  }
  return columns;
}
