import type {Gallery} from '../rows/gallery.js';
import type {Column, Row} from '../rows/row.js';
import type {Report} from './report.js';

/** Where a format's bytes go. Await every write: it waits for the disk when need be. */
interface Output {
  write(data: string | Uint8Array): Promise<void>;
}

/** A format at work on one file. */
export interface FormatWriter {
  /** Called for every row, in key order. */
  row(row: Row): Promise<void>;
  /** Called once, after the last row; `gallery` where a format that shows one was asked for and there are images. */
  end(report: Report, gallery: Gallery | null): Promise<void>;
}

/** One file of the report: a new format is one file here and one line in formats.ts. */
export interface ReportFormat {
  readonly file: string;
  open(output: Output, columns: readonly Column[]): Promise<FormatWriter>;
}
