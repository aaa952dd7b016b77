import type {Column, Row} from '../rows/row.js';
import type {Gallery} from './html/gallery.js';
import type {Report} from './report.js';

/** Where a format's bytes go. Await every write: it waits for the disk when need be. */
interface Output {
  write(data: string | Uint8Array): Promise<void>;
}

/** What some formats show beside the report. */
export interface Pictures {
  readonly gallery?: Gallery | undefined;
}

/** A format at work on one file. */
export interface FormatWriter {
  /** Called for every row, in key order. */
  row(row: Row): Promise<void>;
  /** Called once, after the last row. */
  end(report: Report, pictures?: Pictures): Promise<void>;
}

/** One file of the report: a new format is one file here and one line in formats.ts. */
export interface ReportFormat {
  readonly file: string;
  open(output: Output, columns: readonly Column[]): Promise<FormatWriter>;
}
