import type {LossColumn, LossColumns, LossDescriptor} from '../losses/contract.js';
import type {Column, Row} from '../rows/row.js';
import type {ColumnSummary, Summary} from '../rows/summary.js';
import {TextList} from '../samples/text-list.js';
import {type Description, describeColumns} from '../statistics/describe.js';
import {ColumnValues, lossColumns} from './column-values.js';
import {columnName} from './configured-loss.js';
import {type RankedSample, WorstSamples} from './worst.js';

/** A loss's own aggregates by column part, `''` for the loss itself. */
export type PartAggregates = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Aggregated {
  readonly id: string;
  readonly instance: {readonly columns: readonly LossColumn[]};
}

/** A loss of samples: its aggregates come from its columns alone, those of a group too. */
interface AggregatedSampleLoss extends Aggregated {
  readonly descriptor: Pick<LossDescriptor, 'aggregate'>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A loss of whole sets: its aggregates may need the set, so they are those of all rows. */
interface AggregatedSetLoss extends Aggregated {
  aggregateParts(columns: LossColumns): Promise<PartAggregates>;
}

/** What aggregation needs of a configured loss. */
export type AggregatedLoss = AggregatedSampleLoss | AggregatedSetLoss;

/** Rows by status. */
export interface Counts {
  readonly samples: number;
  readonly ok: number;
  readonly undefined: number;
  readonly failed: number;
}

/** Up to so many rows all columns are described at once. */
const ROWS_TOGETHER = 50_000;

/** Samples kept for `worst`, each column. */
const WORST_KEPT = 100;

/** The keys and the values of every column, for all rows or those of a group. */
interface Table {
  readonly keys: TextList;
  readonly columns: ReadonlyMap<string, ColumnValues>;
}

/**
 * Turns rows into aggregates. Rows must arrive in key order: sums run in that order, so the same rows give the
 * same bytes. Takes eight bytes a row and column, twice that with groups.
 */
export class Aggregator {
  private readonly all: Table;
  private readonly byGroup = new Map<string, Table>();
  private readonly worstOf: ReadonlyMap<string, WorstSamples>;
  private readonly statuses = {ok: 0, undefined: 0, failed: 0};
  /** What losses of whole sets add to the summary, by column. */
  private readonly ofSets = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(
    private readonly columns: readonly Column[],
    private readonly losses: readonly AggregatedLoss[],
  ) {
    this.all = this.emptyTable();
    this.worstOf = new Map(columns.map(({name, better}) => [name, new WorstSamples(better, WORST_KEPT)]));
  }

  add(row: Row): void {
    this.statuses[row.status]++;
    addTo(this.all, row);
    if (row.group !== undefined) addTo(this.group(row.group), row);
    for (const [name, worst] of this.worstOf) worst.add(row.key, row.cells[name] ?? null);
  }

  /** Lets the losses of whole sets compute their aggregates, after the last row. Throws what they throw. */
  async complete(): Promise<void> {
    for (const loss of this.losses) {
      if (!('aggregateParts' in loss)) continue;
      const made = await loss.aggregateParts(columnsOf(loss, this.all));
      for (const [part, extras] of Object.entries(made)) this.ofSets.set(columnName(loss.id, part), extras);
    }
  }

  /** Every column's statistics over all rows, with its loss's own aggregates beside them (these may replace `value`). */
  summary(): Summary {
    return this.summarise(this.all);
  }

  /** The same for the rows of each group, by its name, sorted. Empty when no row has a group. */
  groups(): Record<string, Summary> {
    const names = [...this.byGroup.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.summarise(this.group(name))]));
  }

  /** All of it, once: intervals are drawn anew by every call. */
  results(): {readonly counts: Counts; readonly summary: Summary; readonly groups: Record<string, Summary>} {
    return {counts: this.counts(), summary: this.summary(), groups: this.groups()};
  }

  /** Rows of a column within bounds, and rows it concerns, over all rows or those of a group; see ColumnValues. */
  countWithin(
    column: string,
    bounds: {readonly min: number | null; readonly max: number | null},
    group: string | null,
  ): {within: number; rows: number} {
    const table = group === null ? this.all : this.byGroup.get(group);
    return table?.columns.get(column)?.countWithin(bounds) ?? {within: 0, rows: 0};
  }

  counts(): Counts {
    const {ok, undefined: undefinedRows, failed} = this.statuses;
    return {samples: ok + undefinedRows + failed, ok, undefined: undefinedRows, failed};
  }

  /** The worst `count` samples of a column (at most 100), worst first; see WorstSamples. */
  worst(columnName: string, count: number): readonly RankedSample[] {
    const worst = this.worstOf.get(columnName);
    if (!worst) throw new RangeError(`no column '${columnName}'`);
    return worst.first(count);
  }

  private summarise(table: Table): Summary {
    const summary = new Map<string, ColumnSummary>();
    for (const columns of describedTogether([...table.columns])) {
      const descriptions = describeColumns(columns.map(([, values]) => values.finite()));
      for (const [i, [name, values]] of columns.entries()) {
        summary.set(name, values.summary(descriptions[i] as Description));
      }
    }
    const add = (name: string, extras: Readonly<Record<string, unknown>>) =>
      summary.set(name, {...(summary.get(name) ?? NO_ROWS), ...extras});
    for (const loss of this.losses) {
      if ('aggregateParts' in loss || !loss.descriptor.aggregate) continue;
      add(loss.id, loss.descriptor.aggregate(columnsOf(loss, table), loss.options));
    }
    for (const [name, extras] of table === this.all ? this.ofSets : []) add(name, extras);
    return Object.fromEntries(summary);
  }

  private group(name: string): Table {
    const known = this.byGroup.get(name);
    if (known) return known;
    const table = this.emptyTable();
    this.byGroup.set(name, table);
    return table;
  }

  private emptyTable(): Table {
    return {keys: new TextList(), columns: new Map(this.columns.map(({name}) => [name, new ColumnValues()]))};
  }
}

/** Columns that are short share the drawing of their intervals; of the others each is copied and sorted by itself. */
function describedTogether<Column extends readonly [string, ColumnValues]>(columns: Column[]): Column[][] {
  const rows = columns[0]?.[1].rows ?? 0;
  return rows <= ROWS_TOGETHER ? [columns] : columns.map((column) => [column]);
}

/** The columns of a loss that the table has. */
function columnsOf({id, instance}: Aggregated, {keys, columns}: Table): LossColumns {
  const parts = instance.columns.map(({part}) => [part, columns.get(columnName(id, part))] as const);
  const own = new Map(parts.filter((entry): entry is [string, ColumnValues] => entry[1] !== undefined));
  return lossColumns(own, keys);
}

/** Stands below the aggregates of a loss that has no column of its own name. */
const NO_ROWS = new ColumnValues().summary(describeColumns([new Float64Array()])[0] as Description);

function addTo(table: Table, row: Row): void {
  table.keys.push(row.key);
  for (const [name, values] of table.columns) values.add(row.cells[name] ?? null);
}
