import {join} from 'node:path';
import type {Column, Row} from '../rows/row.js';
import {type AtomicFile, openAtomicFile} from '../storage/atomic-file.js';
import {commitTogether} from '../storage/commit-together.js';
import {type MadeFolder, makeFolder} from '../storage/make-folder.js';
import {CONFUSION_FILE, confusionText} from './confusion.js';
import {csv} from './csv.js';
import {earlierFiles, holdsReport, refuseOthersFiles} from './earlier.js';
import type {FormatWriter, Pictures, ReportFormat} from './format.js';
import {json} from './json.js';
import type {ReportWriter} from './open.js';
import type {Report} from './report.js';
import {TIMING_FILE, timingText} from './timing.js';

/** Writes a report's files into one directory; nothing has its name before `publish`. */
export class DirectoryWriter implements ReportWriter {
  rows = 0;
  private folder: MadeFolder | null = null;
  private replacesReport = false;
  private readonly files = new Map<string, AtomicFile>();
  private readonly writers: FormatWriter[] = [];

  constructor(private readonly dir: string) {}

  /** Makes the directory and begins every file. After a throw only `abandon` may be called. */
  async open(formats: readonly ReportFormat[], columns: readonly Column[]): Promise<void> {
    this.folder = await makeFolder(this.dir);
    this.replacesReport = await holdsReport(this.dir);
    if (!this.replacesReport) await refuseOthersFiles(this.dir, [...formats, {file: CONFUSION_FILE}]);
    for (const format of formats) this.writers.push(await format.open(await this.begin(format.file), columns));
  }

  async row(row: Row): Promise<void> {
    this.rows++;
    for (const writer of this.writers) await writer.row(row);
  }

  async end(report: Report, timing: object, pictures?: Pictures): Promise<void> {
    try {
      for (const writer of this.writers) await writer.end(report, pictures);
      const matrices = this.files.has(csv.file) ? confusionText(report) : null;
      if (matrices !== null) await (await this.begin(CONFUSION_FILE)).write(matrices);
      const timingFile = await this.begin(TIMING_FILE);
      await timingFile.write(timingText(timing));
      // The disk can only be full up to here: from now on files change their names, nothing else.
      for (const file of this.files.values()) await file.seal();
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async publish(): Promise<void> {
    try {
      const last = this.files.get(json.file);
      const files = [...this.files.values()].filter((file) => file !== last);
      const obsolete = this.replacesReport ? earlierFiles(this.dir, this.files) : [];
      await commitTogether(last ? [...files, last] : files, obsolete);
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    for (const file of this.files.values()) await file.abandon();
    // Only an empty folder can be unmade, so one with files in place stays.
    await this.folder?.unmake();
  }

  private async begin(name: string): Promise<AtomicFile> {
    const file = await openAtomicFile(join(this.dir, name));
    this.files.set(name, file);
    return file;
  }
}
