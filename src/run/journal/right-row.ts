import type {RowEntry} from '../../journal/row-entry.js';
import type {Sample} from '../../samples/sample.js';
import {isUnchanged} from '../file-state.js';

/** In the reason of a failed row, what may be gone the next time; a reason is of several parts where losses failed apart. */
const PASSING = /(?:^|; )(?:unreadable-file|out-of-memory|timeout): /;

/** Whether a row that was kept is what computing the sample would give: of the same roles, and files that are still the same bytes. */
export async function isRight(sample: Sample, {row, files}: RowEntry, roles: ReadonlySet<string>): Promise<boolean> {
  if (row.key !== sample.key || PASSING.test(row.reason)) return false;
  const read = Object.entries(sample.files).filter(([role]) => roles.has(role));
  if (read.length !== Object.keys(files).length) return false;
  for (const [role, file] of read) {
    const states = files[role];
    const sha256 = row.sha256[role];
    if (!states || sha256 === undefined || !(await isUnchanged(file, states, sha256))) return false;
  }
  return true;
}
