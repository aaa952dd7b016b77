import type {Direction} from '../../rows/row.js';
import type {Report} from '../report.js';

/** A column's part of a comparison, as JSON: infinite numbers as text, as everywhere in reports. */
interface ComparedColumn {
  readonly name: string;
  readonly better: Direction;
  readonly verdict: 'better' | 'same' | 'worse' | 'inconclusive';
  readonly pairs: number;
  readonly baseline: number | 'inf' | '-inf' | null;
  readonly candidate: number | 'inf' | '-inf' | null;
  readonly difference: number | 'inf' | '-inf' | null;
  readonly ci95: readonly [number | 'inf' | '-inf', number | 'inf' | '-inf'] | null;
  readonly pWorse: number;
  readonly pBetter: number;
  readonly lost: number;
  readonly gained: number;
}

/** What the page of a comparison says beside its rows. */
export interface ComparisonPage {
  readonly version: string;
  readonly baseline: {readonly dir: string; readonly report: Report};
  readonly candidate: {readonly dir: string; readonly report: Report};
  readonly passed: boolean;
  /** Of the rows: for each column the number of the baseline, that of the candidate, and candidate − baseline. */
  readonly rowColumns: readonly {readonly name: string; readonly better: Direction}[];
  readonly columns: readonly ComparedColumn[];
  readonly removedColumns: readonly string[];
  readonly addedColumns: readonly string[];
  readonly common: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly changed: readonly string[] | null;
  /** What differs in how the numbers were made. */
  readonly differences: readonly string[];
  readonly gates: Report['gates'];
}
