import type {Gallery, GalleryRuns} from '../../rows/gallery.js';
import type {Direction} from '../../rows/row.js';
import type {Report} from '../report.js';
import type {SeriesReport} from '../series/series-report.js';
import type {ComparisonPage} from './comparison-data.js';

/** A cell as a page holds it: null where there is no value (the row says why). */
export type PageCell = number | 'inf' | '-inf' | 'n/a' | null;

/** Some rows of a page, column by column: a tenth of the bytes of objects. */
export interface RowChunk {
  readonly keys: readonly string[];
  /** For each column, in the order of the page's columns, a cell for each row. */
  readonly cells: readonly (readonly PageCell[])[];
  /** Pixels; one number where all rows have it. */
  readonly width: number | null | readonly (number | null)[];
  readonly height: number | null | readonly (number | null)[];
  /** By row; absent without groups. */
  readonly groups?: readonly string[];
  /** Rows that are not `ok`: place in the chunk, status, reason. */
  readonly flagged: readonly (readonly [number, 'undefined' | 'failed', string])[];
}

/** A column of the rows. */
export interface PageColumn {
  readonly name: string;
  readonly better: Direction;
}

/** What a page is of, by the name of its block. */
export interface PageBlocks {
  readonly rows: RowChunk;
  /** Of a run. */
  readonly report: Report;
  /** Of a comparison: its rows have the numbers of both runs. */
  readonly comparison: ComparisonPage;
  readonly series: {
    readonly series: SeriesReport;
    /** Link to the page of each set, by its name; relative. */
    readonly links: Readonly<Record<string, string>>;
  };
  readonly gallery: Gallery;
  /** Of a series or a comparison: its runs side by side. */
  readonly runs: GalleryRuns;
  /** Rows that the table leaves out, because a browser could not hold them all. */
  readonly omitted: {readonly rows: number};
}
