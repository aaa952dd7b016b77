import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {type Finished, finished, startCvLoss} from './cv-loss.js';
import type {Workspace} from './workspace.js';

/** Rows that the journal of a report holds, whole lines; −1 where there is no journal, or one without its first line. */
export function journaledRows(work: Workspace, report: string): number {
  const path = work.path(report, 'rows.journal');
  return existsSync(path) ? readFileSync(path, 'latin1').split('\n').length - 2 : -1;
}

/** Runs a command and sends it a signal when its journal holds as many rows; a second one later where asked for. */
export async function interrupted(
  work: Workspace,
  {args, report, rows}: {readonly args: readonly string[]; readonly report: string; readonly rows: number},
  signal: NodeJS.Signals,
): Promise<Finished> {
  const child = startCvLoss(args, work.surroundings());
  const end = finished(child);
  while (child.exitCode === null && journaledRows(work, report) < rows) await sleep(5);
  child.kill(signal);
  return end;
}

/** The files of a report with their bytes (SHA-256, as a difference of long texts tells nothing); timings differ from run to run. */
export function contentsOf(work: Workspace, report: string): Record<string, string> {
  const names = readdirSync(work.path(report)).sort();
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(work.path(report, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, name === 'timing.json' ? 'timings' : hash(name)]));
}

/** Rows that a finished run had of an interrupted one. */
export function restoredRows(work: Workspace, report: string): number {
  return (work.json(report, 'timing.json') as {restored_rows: number}).restored_rows;
}
