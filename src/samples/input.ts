import type {Stats} from 'node:fs';
import {stat} from 'node:fs/promises';
import path from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {listDirectory} from './directory.js';
import type {FileList} from './file-list.js';
import {listGlob, looksLikeGlob} from './glob.js';
import {nothingFound} from './listing.js';
import {counted, failure, failureCode, listed, unreadCode} from './messages.js';
import {specialFile} from './tree.js';

/** What a role was given: one file, or the files of a directory or glob. */
export type Input =
  | {readonly kind: 'file'; readonly role: string; readonly given: string; readonly path: string}
  | {readonly kind: 'many'; readonly role: string; readonly given: string; readonly files: FileList};

/** Inputs that were looked at before, by role, for tables that have them in common. */
export type KnownInputs = Map<string, Input>;

/**
 * Looks at what a role was given. A path that exists is taken literally; only then may it be a glob.
 * @throws UsageError when there is no such file, no image in it, a device in its place, a link out of its tree, or a
 *   folder that cannot be read
 */
export async function readInput(role: string, given: string): Promise<Input> {
  if (given === '') {
    throw new UsageError('CVL-S004', `${printable(role)}: expected a directory, a file or a glob, got an empty path`);
  }
  const stats = await existing(role, given);
  if (stats?.isFile()) {
    return {kind: 'file', role, given, path: path.resolve(given)};
  }
  const special = stats === null ? null : specialFile(stats);
  if (special !== null) {
    throw new UsageError(
      'CVL-S004',
      `${printable(role)}: ${printable(given)} is ${special}; expected a directory or a file`,
    );
  }
  const listing = stats === null ? await listGlob(given) : await listDirectory(path.resolve(given));
  if (listing.refused.length > 0) {
    const refused = listing.refused.sort();
    throw new UsageError(
      'CVL-S005',
      `${printable(role)}: ${counted(refused.length, 'entry', 'entries')} of ${printable(given)} cannot be used: ${listed(refused)}; put real files there, or name them in a manifest (--pairs)`,
    );
  }
  if (listing.files.length === 0) {
    throw new UsageError(
      'CVL-S002',
      `${printable(role)}: ${nothingFound(listing, stats === null ? `match ${given}` : `in ${given}`)}`,
    );
  }
  return {kind: 'many', role, given, files: listing.files};
}

/** The status of a path, or null when it does not exist and may be a glob. */
async function existing(role: string, given: string): Promise<Stats | null> {
  try {
    return await stat(given);
  } catch (error) {
    if (looksLikeGlob(given) && failureCode(error) !== 'EACCES') {
      return null;
    }
    throw new UsageError(unreadCode(error), `${printable(role)}: cannot read ${printable(given)}: ${failure(error)}`);
  }
}
