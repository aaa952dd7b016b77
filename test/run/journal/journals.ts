import {mkdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {FileStates, RowEntry} from '../../../src/journal/row-entry.js';
import type {Cell, Row} from '../../../src/rows/row.js';
import {stateBeforeRead} from '../../../src/run/file-state.js';
import type {RunIdentity} from '../../../src/run/journal/identity.js';
import {type JournalOptions, RunJournal} from '../../../src/run/journal/run-journal.js';
import type {Sample} from '../../../src/samples/sample.js';
import {scratchFolder} from '../../storage/scratch.js';
import {sha256Of} from '../scratch.js';

const COLUMNS = ['mse', 'psnr'];
export const IDENTITY: RunIdentity = {version: '1', 'config.losses': ['mse', 'psnr']};

/** A folder with the files of samples, and the journal of a run over them. */
export class Journaled {
  readonly folder = scratchFolder();
  readonly notices: string[] = [];
  readonly path = join(this.folder, 'rows.journal');
  readonly samples: readonly Sample[];

  constructor(keys: readonly string[]) {
    mkdirSync(join(this.folder, 'files'));
    this.samples = [...keys].sort().map((key, i) => ({
      key,
      files: {pred: this.file(`pred-${i}`, `pred of ${i}`), target: this.file(`target-${i}`, `target of ${i}`)},
    }));
  }

  /** Writes a file of samples and gives its path. */
  file(name: string, content: string): string {
    const path = join(this.folder, 'files', name);
    writeFileSync(path, content);
    return path;
  }

  open(options: Partial<JournalOptions> = {}): Promise<RunJournal> {
    const {folder, samples, notices} = this;
    return RunJournal.open({
      folder,
      shown: 'report/rows.journal',
      identity: IDENTITY,
      samples,
      roles: new Set(['pred', 'target']),
      columns: COLUMNS,
      resume: 'auto',
      onNotice: (line) => notices.push(line),
      ...options,
    });
  }

  /** The row of a sample as a run makes it of the files that are there now; `after`: how long after they were changed, in milliseconds. */
  entry(key: string, extra: Partial<Row> = {}, after = 10_000): RowEntry {
    const sample = this.samples.find((one) => one.key === key) ?? (this.samples[0] as Sample);
    const files: Record<string, FileStates[string]> = {};
    const sha256: Record<string, string> = {};
    for (const [role, file] of Object.entries(sample.files)) {
      if (typeof file !== 'string') continue;
      const stats = statSync(file);
      files[role] = [stateBeforeRead(stats, stats.ctimeMs + after)];
      sha256[role] = sha256Of(file);
    }
    const cells: Record<string, Cell> = {mse: 0.1, psnr: Number.POSITIVE_INFINITY};
    return {row: {key, status: 'ok', reason: '', width: 4, height: 3, cells, sha256, ...extra}, files};
  }

  /** The rows that a journal has of all samples, in their order. */
  async rows(options: Partial<JournalOptions> = {}): Promise<(Row | null)[]> {
    const journal = await this.open(options);
    const rows: (Row | null)[] = [];
    for (const [at, sample] of [...(options.samples ?? this.samples)].entries())
      rows.push(await journal.row(sample, at));
    await journal.close();
    return rows;
  }

  /** Writes rows down as a run that is cut short does, each in a batch of its own. */
  async run(entries: readonly RowEntry[], options: Partial<JournalOptions> = {}): Promise<void> {
    const journal = await this.open(options);
    for (const entry of entries) await journal.append([entry]);
    await journal.close();
  }
}
