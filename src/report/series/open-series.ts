import {join} from 'node:path';
import type {GalleryRuns} from '../../rows/gallery.js';
import {type AtomicFile, openAtomicFile} from '../../storage/atomic-file.js';
import {openAtomicFolder} from '../../storage/atomic-folder.js';
import {commitTogether} from '../../storage/commit-together.js';
import {type MadeFolder, makeFolder} from '../../storage/make-folder.js';
import {unusablePlace} from '../../storage/storage-error.js';
import {earlierFiles, earlierFolders, holdsReport, refuseOthersFiles} from '../earlier.js';
import type {FormatName} from '../formats.js';
import {TIMING_FILE, timingText} from '../timing.js';
import {seriesCsv} from './series-csv.js';
import {SERIES_FILES} from './series-files.js';
import {writeSeriesPage} from './series-html.js';
import {seriesMarkdown} from './series-markdown.js';
import type {SeriesReport} from './series-report.js';

/** The report of a series being written, beside those of its sets. Await every call. Throws as ReportWriter does. */
export interface SeriesWriter {
  /** Every file whole on the disk, only its name is missing. `runs`: for a format that shows the sets side by side. */
  end(series: SeriesReport, timing: object, runs?: GalleryRuns | null): Promise<void>;
  /** After `end`: the files take their names, series.json last; those of an earlier report of one run are removed. */
  publish(): Promise<void>;
  /** Throws away what was written, and the directory if it was made for it. Nothing after `publish`. Never throws. */
  abandon(): Promise<void>;
}

/** Where the report of a series goes; null writes nothing. */
interface SeriesRequest {
  readonly dir: string | null;
  readonly formats: readonly FormatName[];
}

/** Makes a place for series.csv, series.json and, where they are asked for, series.md and series.html. Throws as `openReport` does. */
export async function openSeries({dir, formats}: SeriesRequest): Promise<SeriesWriter> {
  if (dir === null) return {end: async () => undefined, publish: async () => undefined, abandon: async () => undefined};
  const writer = new SeriesFolder(dir, formats);
  try {
    await writer.open();
    return writer;
  } catch (error) {
    await writer.abandon();
    throw unusablePlace(error);
  }
}

class SeriesFolder implements SeriesWriter {
  private folder: MadeFolder | null = null;
  private replacesReport = false;
  private readonly files = new Map<string, AtomicFile>();

  constructor(
    private readonly dir: string,
    private readonly formats: readonly FormatName[],
  ) {}

  async open(): Promise<void> {
    this.folder = await makeFolder(this.dir);
    this.replacesReport = await holdsReport(this.dir);
    const {csv, markdown, html, json} = SERIES_FILES;
    const has = (format: FormatName) => this.formats.includes(format);
    const names = [csv, ...(has('markdown') ? [markdown] : []), ...(has('html') ? [html] : []), json];
    if (!this.replacesReport) {
      await refuseOthersFiles(
        this.dir,
        names.map((file) => ({file})),
      );
    }
    for (const name of [TIMING_FILE, ...names]) this.files.set(name, await openAtomicFile(join(this.dir, name)));
  }

  async end(series: SeriesReport, timing: object, runs: GalleryRuns | null = null): Promise<void> {
    const {csv, markdown, html, json} = SERIES_FILES;
    await this.files.get(TIMING_FILE)?.write(timingText(timing));
    await this.files.get(csv)?.write(seriesCsv(series));
    await this.files.get(markdown)?.write(seriesMarkdown(series));
    const page = this.files.get(html);
    if (page) await writeSeriesPage((text) => page.write(text), series, runs);
    await this.files.get(json)?.write(`${JSON.stringify(series, null, 2)}\n`);
    for (const file of this.files.values()) await file.seal();
  }

  async publish(): Promise<void> {
    const obsolete = this.replacesReport ? earlierFiles(this.dir, this.files) : [];
    const emptied = this.replacesReport ? await earlierFolders(this.dir, new Set()) : [];
    const folders = await Promise.all(emptied.map(openAtomicFolder));
    await commitTogether([...this.files.values()], obsolete, folders);
  }

  async abandon(): Promise<void> {
    for (const file of this.files.values()) await file.abandon();
    await this.folder?.unmake();
  }
}
