import type {Direction} from '../../rows/row.js';
import type {Report} from '../report.js';

/** What `schema` says in a series.json that this version writes. */
export const SERIES_SCHEMA = 'cv-loss-series/1';

/** A number as JSON writes it; null where there is none. */
type Statistic = Report['summary'][string]['value'];

/** What series.json holds: every loss by prediction set, and which set is best. Made of the sets' own reports. */
export interface SeriesReport {
  /** The version of this form. */
  readonly schema: typeof SERIES_SCHEMA;
  /** Of cv-loss. */
  readonly version: string;
  /** Keys that some set has, and those that all sets have. */
  readonly samples: {readonly any: number; readonly all: number};
  /** In natural order of their names. */
  readonly sets: readonly SeriesSet[];
  /** In the order of the losses. */
  readonly columns: readonly SeriesColumn[];
}

/** One set, and how its run went. */
export interface SeriesSet {
  /** Its directory's name. */
  readonly name: string;
  /** Its directory. */
  readonly pred: string;
  /** Its samples by status. */
  readonly counts: Report['counts'];
  /** Keys that were left out because the set or the target has no file for them. */
  readonly missing: number;
  /** Gates by verdict; those of level `warn` apart. */
  readonly gates: {readonly passed: number; readonly failed: number; readonly warnings: number};
  /** Whether it scored as many samples as any set did: the others are never named best. */
  readonly complete: boolean;
  /** The columns in which it is the best, or one of several that are equal. */
  readonly best: readonly string[];
}

/** One number by set. */
export interface SeriesColumn {
  /** The column's name; for its value over the pooled dataset, with `.dataset` behind it. */
  readonly name: string;
  /** Whether the values are the loss's own, or those of the pooled dataset. */
  readonly statistic: 'value' | 'dataset';
  /** Which values are better. */
  readonly better: Direction;
  /** The sets that have the best value, in the order of the sets; none where no direction is better. */
  readonly best: readonly string[];
  /** By name of the set. */
  readonly values: Readonly<Record<string, SeriesValue>>;
}

/** A column's value in one set, and how many rows it is of. */
export interface SeriesValue {
  readonly value: Statistic;
  readonly ci95: Report['summary'][string]['ci95'];
  readonly count: number;
  readonly undefined: number;
  readonly infinite: number;
}
