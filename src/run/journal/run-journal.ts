import {join} from 'node:path';
import {UsageError} from '../../errors.js';
import {journalLine} from '../../journal/line.js';
import {fromStored, type RowEntry, toStored} from '../../journal/row-entry.js';
import {notice} from '../../notice.js';
import type {Row} from '../../rows/row.js';
import type {Sample, Samples} from '../../samples/sample.js';
import {type AppendFile, openAppendFile} from '../../storage/append-file.js';
import {errorCode, storageError} from '../../storage/storage-error.js';
import {differences, type RunIdentity} from './identity.js';
import {headerLine} from './journal-header.js';
import {JournalIndex} from './journal-index.js';
import {isRight} from './right-row.js';

/** The journal of a run in its report's folder; gone when the report is there. */
export const JOURNAL_FILE = 'rows.journal';

/** What is done with the journal that an interrupted run left. */
export type ResumeMode = 'auto' | 'never' | 'require';

/** What a journal is opened with. */
export interface JournalOptions {
  /** The report's folder, which this run holds. */
  readonly folder: string;
  /** The journal's file as messages name it. */
  readonly shown: string;
  readonly identity: RunIdentity;
  readonly samples: Samples;
  /** The roles that the run reads. */
  readonly roles: ReadonlySet<string>;
  /** Names of the columns, in order. */
  readonly columns: readonly string[];
  readonly resume: ResumeMode;
  readonly onNotice?: ((line: string) => void) | undefined;
}

/**
 * The rows of a run as they are made, each on the disk before the next batch is begun. A run that was cut short leaves its
 * journal, and the same run finds its rows there: those whose files are still the bytes that were scored.
 */
export class RunJournal {
  #restored = 0;
  #kept: number;

  private constructor(
    private readonly options: JournalOptions,
    private readonly file: AppendFile,
    private readonly index: JournalIndex,
  ) {
    this.#kept = index.count;
  }

  /**
   * Opens the journal, and reads what an earlier run left where it was the same run.
   * Throws UsageError for a file that is no journal and, under `require`, where there is nothing to go on with; RunError
   * when it cannot be written.
   */
  static async open(options: JournalOptions): Promise<RunJournal> {
    const {folder, identity, columns, samples} = options;
    const path = join(folder, JOURNAL_FILE);
    const file = await openAppendFile(path);
    try {
      const index = await JournalIndex.of(file.handle, samples);
      if (fits(index, options)) {
        await file.cut(index.length);
      } else {
        await file.cut(0);
        index.clear();
        await file.append(Buffer.from(headerLine(identity, columns)));
      }
      return new RunJournal(options, file, index);
    } catch (error) {
      await closeOrRemove(file);
      throw errorCode(error) === undefined ? error : storageError(error, path);
    }
  }

  /** Rows that were found and not made again. */
  get restored(): number {
    return this.#restored;
  }

  /** Rows that the journal holds of this run's samples, apart from those that had to be computed again. */
  get kept(): number {
    return this.#kept;
  }

  /**
   * The row of a sample as the journal has it, in the sample's present group; null where it must be computed. A promise
   * only where something has to be waited for: a million rows are asked for one after the other.
   */
  row(sample: Sample, at: number): Row | null | Promise<Row | null> {
    if (this.index.has(at)) return this.#rowOf(sample, this.index.value(at));
    // What cannot be read is computed.
    return this.index.read(at).then(
      (value) => this.#rowOf(sample, value),
      () => null,
    );
  }

  #rowOf(sample: Sample, value: unknown): Row | null | Promise<Row | null> {
    if (value === null) return null;
    const {columns, roles} = this.options;
    const entry = fromStored(value, columns);
    const right = entry !== null && isRight(sample, entry, roles);
    const settle = (isRight: boolean) => {
      if (!isRight || entry === null) {
        this.#kept--;
        return null;
      }
      this.#restored++;
      return inGroup(entry.row, sample.group);
    };
    return typeof right === 'boolean' ? settle(right) : right.then(settle);
  }

  /** Writes the rows of a batch down. Throws RunError when it cannot. */
  async append(entries: readonly RowEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const {columns} = this.options;
    await this.file.append(Buffer.from(entries.map((entry) => journalLine(toStored(entry, columns))).join('')));
    this.#kept += entries.length;
  }

  /** Leaves the journal for the next run. Never throws. */
  close(): Promise<void> {
    return this.file.close();
  }

  /** Takes the journal away: the report holds its rows. Throws RunError. */
  remove(): Promise<void> {
    return this.file.remove();
  }
}

function inGroup(row: Row, group: string | undefined): Row {
  if (row.group === group) return row;
  const {group: _, ...rest} = row;
  return group === undefined ? rest : {...rest, group};
}

/** Closes a file that was not used; one that was made for it goes. Never throws. */
async function closeOrRemove(file: AppendFile): Promise<void> {
  const isEmpty = await file.handle.stat().then(
    ({size}) => size === 0,
    () => false,
  );
  await (isEmpty ? file.remove().catch(() => undefined) : file.close());
}

/**
 * Whether a journal's rows can be used; says why not, or how many there are.
 * Throws UsageError for a file that is no journal and, under `require`, where there is nothing to go on with.
 */
function fits({header, count}: JournalIndex, {shown, identity, resume, onNotice}: JournalOptions): boolean {
  if (header === 'foreign')
    throw new UsageError(
      'CVL-R013',
      `${shown} is no journal of this version of cv-loss; remove it, or choose another --report`,
    );
  if (resume === 'never') return false;
  const differing = header === 'empty' ? [] : differences(header.identity, identity);
  if (differing.length === 0 && count > 0) {
    onNotice?.(`going on with an interrupted run: ${count === 1 ? '1 row is' : `${count} rows are`} in ${shown}`);
    return true;
  }
  const changed = `an interrupted run left rows in ${shown}, but what decides them has changed (${differing.join(', ')})`;
  const why = differing.length > 0 ? changed : `${shown} holds nothing to go on with`;
  if (resume === 'require') throw new UsageError('CVL-R014', `--resume require: ${why}`);
  if (differing.length > 0 && count > 0) onNotice?.(notice('CVL-W010', `${why}: all are computed anew`));
  return header !== 'empty' && differing.length === 0;
}
