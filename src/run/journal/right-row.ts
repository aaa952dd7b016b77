import type {RowEntry} from '../../journal/row-entry.js';
import type {RoleFile, Sample} from '../../samples/sample.js';
import {isUnchanged} from '../file-state.js';

/** In the reason of a failed row, what may be gone the next time; a reason is of several parts where losses failed apart. */
const PASSING = /(?:^|; )(?:unreadable-file|out-of-memory|timeout): /;

/**
 * Whether a row that was kept is what computing the sample would give: of the same roles, and files that are still the
 * same bytes. A promise only where the bytes have to be read.
 */
export function isRight(
  sample: Sample,
  {row, files}: RowEntry,
  roles: ReadonlySet<string>,
): boolean | Promise<boolean> {
  if (row.key !== sample.key || PASSING.test(row.reason)) return false;
  const asked: Promise<boolean>[] = [];
  let read = 0;
  for (const role in sample.files) {
    if (!roles.has(role)) continue;
    read++;
    const states = files[role];
    const sha256 = row.sha256[role];
    if (!states || sha256 === undefined) return false;
    const unchanged = isUnchanged(sample.files[role] as RoleFile, states, sha256);
    if (unchanged === false) return false;
    if (unchanged !== true) asked.push(unchanged);
  }
  if (read !== Object.keys(files).length) return false;
  return asked.length === 0 || Promise.all(asked).then((all) => all.every(Boolean));
}
