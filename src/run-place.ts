import {join} from 'node:path';
import {relativePath} from './config/relative.js';
import {UsageError} from './errors.js';
import type {Evaluated} from './evaluation-session.js';
import {printable} from './printable.js';
import {runIdentity} from './run/journal/identity.js';
import {JOURNAL_FILE, type ResumeMode, RunJournal} from './run/journal/run-journal.js';
import type {RowKeeper} from './run/rows.js';
import {type FolderLock, lockFolder} from './storage/folder-lock.js';
import {type MadeFolder, makeFolder} from './storage/make-folder.js';
import {unusablePlace} from './storage/storage-error.js';
import {version} from './version.js';

/** The folder of a run's report while the run lasts: nobody else writes there, and rows are kept as they are made. */
export interface RunPlace {
  /** Null where there is nothing to keep rows for: no report, or a run over whole sets. */
  readonly keeper: RowKeeper | null;
  /** Rows that an interrupted run had made. */
  readonly restoredRows: number;
  /** Throws RunError `output-lost` where the folder is this run's no more. */
  check(): Promise<void>;
  /** The report is there: the journal is taken away. Never throws. */
  finish(): Promise<void>;
  /** There is no report: the journal stays, if it has rows, for the next run. Nothing after `finish`. Never throws. */
  leave(): Promise<void>;
}

/** What a place is opened with. */
export interface PlaceOptions {
  /** Null where no report is written. */
  readonly dir: string | null;
  /** The folder that messages name paths from; the working directory by default. */
  readonly cwd: string | undefined;
  /** As report.json records it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly resume: ResumeMode;
  readonly onNotice?: ((line: string) => void) | undefined;
}

const NOWHERE: RunPlace = {
  keeper: null,
  restoredRows: 0,
  check: async () => undefined,
  finish: async () => undefined,
  leave: async () => undefined,
};

/**
 * Makes the folder, takes it for this run and opens the journal. Throws UsageError where another run is at work there,
 * where the folder cannot be written, and for a journal that cannot be gone on with, or a run that has none, though `resume`
 * requires it.
 */
export async function openPlace(run: Evaluated['run'], options: PlaceOptions): Promise<RunPlace> {
  const {dir, resume} = options;
  if (resume === 'require') requireRows(run, dir);
  if (dir === null) return NOWHERE;
  const taken: {folder?: MadeFolder; lock?: FolderLock} = {};
  const giveBack = async () => {
    await taken.lock?.release();
    await taken.folder?.unmake();
  };
  try {
    taken.folder = await makeFolder(dir);
    taken.lock = await lockFolder(dir);
    return await placeOf(run, {...options, dir}, taken.lock, giveBack);
  } catch (error) {
    await giveBack();
    throw unusablePlace(error);
  }
}

/** Throws UsageError for a run that keeps no rows. */
function requireRows(run: Evaluated['run'], dir: string | null): void {
  if (!('samples' in run)) throw refused('rows are kept of samples, and a task of whole sets has none to go on with');
  if (dir === null) throw refused('rows are kept in the directory of the report, and there is none');
}

function refused(why: string): UsageError {
  return new UsageError('CVL-R014', `--resume require: ${why}`);
}

async function placeOf(
  run: Evaluated['run'],
  {dir, cwd, config, resume, onNotice}: PlaceOptions & {readonly dir: string},
  lock: FolderLock,
  giveBack: () => Promise<void>,
): Promise<RunPlace> {
  const check = () => lock.check();
  if (!('samples' in run)) return {...NOWHERE, check, finish: giveBack, leave: giveBack};
  const {samples, roles, columns} = run;
  const shown = printable(relativePath(cwd, join(dir, JOURNAL_FILE)));
  const journal = await RunJournal.open({
    folder: dir,
    shown,
    identity: runIdentity({...run, version, config}),
    samples,
    roles,
    columns: columns.map(({name}) => name),
    resume,
    onNotice,
  });
  let finished = false;
  return {
    keeper: {
      row: (sample, at) => journal.row(sample, at),
      async append(entries) {
        await lock.check();
        await journal.append(entries);
      },
    },
    get restoredRows() {
      return journal.restored;
    },
    check,
    async finish() {
      finished = true;
      // One that stays does no harm: its rows are those of the report.
      await journal.remove().catch(() => undefined);
      await giveBack();
    },
    async leave() {
      if (finished) return;
      const isThere = await lock.check().then(
        () => true,
        () => false,
      );
      if (journal.kept > 0 || !isThere) await journal.close();
      else await journal.remove().catch(() => undefined);
      if (journal.kept > 0 && isThere) {
        onNotice?.(
          `${journal.kept} of ${samples.length} rows are kept in ${shown}: the same command goes on with them`,
        );
      }
      await giveBack();
    },
  };
}
