import {UsageError} from '../errors.js';
import type {Gallery} from '../rows/gallery.js';
import type {Column, Row} from '../rows/row.js';
import type {AtomicFolder} from '../storage/atomic-folder.js';
import {unusablePlace} from '../storage/storage-error.js';
import {DirectoryWriter} from './directory-writer.js';
import type {PICTURE_FOLDERS} from './earlier.js';
import type {ReportFormat} from './format.js';
import {type FormatName, formats} from './formats.js';
import type {Report} from './report.js';

/** Where and how a report is written. */
export interface ReportRequest {
  /** Null writes nothing. */
  readonly dir: string | null;
  readonly formats: readonly FormatName[];
  /** Files beside those of the formats. */
  readonly own?: readonly ReportFormat[];
  readonly columns: readonly Column[];
  /** Folders of pictures beside the files. */
  readonly folders?: readonly PictureFolder[];
}

/** A folder of a report that holds pictures. */
export type PictureFolder = (typeof PICTURE_FOLDERS)[number];

/** A report being written. Await every call. Throws RunError when the disk is full, lost or the like. */
export interface ReportWriter {
  /** Rows so far. */
  readonly rows: number;
  /** Adds a row; rows come in key order. */
  row(row: Row): Promise<void>;
  /** The folder of that name, to be filled before `end`; null where it was not asked for. */
  pictures(name: PictureFolder): AtomicFolder | null;
  /** Ends every file: whole on the disk, only its name is missing. */
  end(report: Report, timing: object, gallery?: Gallery | null): Promise<void>;
  /**
   * After `end`: all files take their names, report.json last, and the files of an earlier report that this one does
   * not write are removed. When anything fails before the first file is in place, an earlier report is untouched.
   */
  publish(): Promise<void>;
  /** Throws away what was written, and the directory if this run made it; an earlier report stays. Nothing after `publish`. Never throws. */
  abandon(): Promise<void>;
}

/**
 * Opens a report: makes the directory and a temporary for every file, so that a place that cannot be written is
 * known before anything is computed (UsageError; RunError when the disk is full or broken).
 */
export async function openReport({
  dir,
  formats: names,
  own = [],
  columns,
  folders = [],
}: ReportRequest): Promise<ReportWriter> {
  if (dir === null) return new CountingWriter();
  for (const name of names) {
    if (Object.hasOwn(formats, name)) continue;
    throw new UsageError('CVL-C023', `unknown report format '${name}'; expected ${Object.keys(formats).join(', ')}`);
  }
  const wanted = Object.entries(formats).filter(([name]) => names.some((asked) => asked === name));
  const writer = new DirectoryWriter(dir);
  try {
    await writer.open([...wanted.map(([, format]) => format), ...own], columns, folders);
    return writer;
  } catch (error) {
    await writer.abandon();
    throw unusablePlace(error);
  }
}

/** Opens several reports that take the same rows; the last one takes its names last, when all are whole. Where one cannot be opened, none is. */
export async function openReports(requests: readonly ReportRequest[]): Promise<ReportWriter> {
  const writers: ReportWriter[] = [];
  const each = async (call: (writer: ReportWriter) => Promise<void>) => {
    for (const writer of writers) await call(writer);
  };
  try {
    for (const request of requests) writers.push(await openReport(request));
  } catch (error) {
    await each((writer) => writer.abandon());
    throw error;
  }
  return {
    get rows() {
      return writers[0]?.rows ?? 0;
    },
    row: (row) => each((writer) => writer.row(row)),
    pictures: (name) => writers.map((writer) => writer.pictures(name)).find((folder) => folder !== null) ?? null,
    end: (report, timing, gallery) => each((writer) => writer.end(report, timing, gallery)),
    publish: () => each((writer) => writer.publish()),
    abandon: () => each((writer) => writer.abandon()),
  };
}

class CountingWriter implements ReportWriter {
  rows = 0;

  async row(): Promise<void> {
    this.rows++;
  }

  pictures(): null {
    return null;
  }

  async end(): Promise<void> {}

  async publish(): Promise<void> {}

  async abandon(): Promise<void> {}
}
