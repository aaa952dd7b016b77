import type {LossDescriptor, LossInstance} from '../losses/contract.js';
import type {Column, Row} from '../rows/row.js';
import type {ColumnSummary, Summary} from '../rows/summary.js';
import {type Description, describeColumns} from '../statistics/describe.js';
import {ColumnValues, lossColumns} from './column-values.js';
import {columnName} from './configured-loss.js';
import {type RankedSample, WorstSamples} from './worst.js';

/** What aggregation needs of a configured loss. */
export interface AggregatedLoss {
  readonly id: string;
  readonly descriptor: Pick<LossDescriptor, 'aggregate'>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly instance: Pick<LossInstance, 'columns'>;
}

/** Rows by status. */
export interface Counts {
  readonly samples: number;
  readonly ok: number;
  readonly undefined: number;
  readonly failed: number;
}

/** Samples kept for `worst`, each column. */
const WORST_KEPT = 100;

/** The keys and the values of every column, for all rows or those of a group. */
interface Table {
  readonly keys: string[];
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

  /** Every column's statistics over all rows, with its loss's own aggregates beside them (these may replace `value`). */
  summary(): Summary {
    return this.summarise(this.all);
  }

  /** The same for the rows of each group, by its name, sorted. Empty when no row has a group. */
  groups(): Record<string, Summary> {
    const names = [...this.byGroup.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, this.summarise(this.group(name))]));
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
    const values = [...table.columns.values()];
    const descriptions = describeColumns(values.map((column) => column.finite()));
    const summary = new Map<string, ColumnSummary>(
      [...table.columns.keys()].map((name, i) => [
        name,
        (values[i] as ColumnValues).summary(descriptions[i] as Description),
      ]),
    );
    for (const {id, descriptor, options, instance} of this.losses) {
      if (!descriptor.aggregate) continue;
      const parts = instance.columns.map(({part}) => [part, table.columns.get(columnName(id, part))] as const);
      const own = new Map(parts.filter((entry): entry is [string, ColumnValues] => entry[1] !== undefined));
      const extras = descriptor.aggregate(lossColumns(own, table.keys), options);
      summary.set(id, {...(summary.get(id) ?? NO_ROWS), ...extras});
    }
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
    return {keys: [], columns: new Map(this.columns.map(({name}) => [name, new ColumnValues()]))};
  }
}

/** Stands below the aggregates of a loss that has no column of its own name. */
const NO_ROWS = new ColumnValues().summary(describeColumns([new Float64Array()])[0] as Description);

function addTo(table: Table, row: Row): void {
  table.keys.push(row.key);
  for (const [name, values] of table.columns) values.add(row.cells[name] ?? null);
}
