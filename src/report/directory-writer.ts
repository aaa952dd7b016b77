import {join} from 'node:path';
import type {Gallery} from '../rows/gallery.js';
import type {Column, Row} from '../rows/row.js';
import {type AtomicFile, openAtomicFile} from '../storage/atomic-file.js';
import {type AtomicFolder, openAtomicFolder} from '../storage/atomic-folder.js';
import {commitTogether} from '../storage/commit-together.js';
import {type MadeFolder, makeFolder} from '../storage/make-folder.js';
import {CONFUSION_FILE, confusionText} from './confusion.js';
import {csv} from './csv.js';
import {earlierFiles, earlierFolders, holdsReport, refuseOthersFiles, refuseOthersFolder} from './earlier.js';
import type {FormatWriter, ReportFormat} from './format.js';
import {json} from './json.js';
import type {PictureFolder, ReportWriter} from './open.js';
import type {Report} from './report.js';
import {TIMING_FILE, timingText} from './timing.js';

/** Writes a report's files into one directory; nothing has its name before `publish`. */
export class DirectoryWriter implements ReportWriter {
  rows = 0;
  private folder: MadeFolder | null = null;
  private replacesReport = false;
  private readonly files = new Map<string, AtomicFile>();
  private readonly folders = new Map<string, AtomicFolder>();
  private readonly writers: FormatWriter[] = [];

  constructor(private readonly dir: string) {}

  /** Makes the directory and begins every file. After a throw only `abandon` may be called. */
  async open(
    formats: readonly ReportFormat[],
    columns: readonly Column[],
    folders: readonly PictureFolder[],
  ): Promise<void> {
    this.folder = await makeFolder(this.dir);
    this.replacesReport = await holdsReport(this.dir);
    if (!this.replacesReport) await refuseOthersFiles(this.dir, [...formats, {file: CONFUSION_FILE}]);
    for (const name of folders) {
      await refuseOthersFolder(join(this.dir, name));
      this.folders.set(name, await openAtomicFolder(join(this.dir, name)));
    }
    for (const format of formats) this.writers.push(await format.open(await this.begin(format.file), columns));
  }

  async row(row: Row): Promise<void> {
    this.rows++;
    for (const writer of this.writers) await writer.row(row);
  }

  pictures(name: PictureFolder): AtomicFolder | null {
    return this.folders.get(name) ?? null;
  }

  async end(report: Report, timing: object, gallery: Gallery | null = null): Promise<void> {
    try {
      for (const writer of this.writers) await writer.end(report, gallery);
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
      const emptied = this.replacesReport ? await earlierFolders(this.dir, this.folders) : [];
      const folders = [...this.folders.values(), ...(await Promise.all(emptied.map(openAtomicFolder)))];
      await commitTogether(last ? [...files, last] : files, obsolete, folders);
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }

  async abandon(): Promise<void> {
    for (const file of this.files.values()) await file.abandon();
    for (const folder of this.folders.values()) await folder.abandon();
    // Only an empty folder can be unmade, so one with files in place stays.
    await this.folder?.unmake();
  }

  private async begin(name: string): Promise<AtomicFile> {
    const file = await openAtomicFile(join(this.dir, name));
    this.files.set(name, file);
    return file;
  }
}
