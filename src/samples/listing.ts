import path from 'node:path';
import {printable} from '../printable.js';
import {hasImageExtension} from './extensions.js';
import {FileList} from './file-list.js';
import {counted, listed} from './messages.js';

/** What a search of a directory or a glob found. */
export interface Listing {
  readonly files: FileList;
  /** `path: reason` of what a sample would need and must not be opened. */
  readonly refused: string[];
  /** How many files have each extension that is no image's. */
  readonly others: Map<string, number>;
}

/** A listing with nothing in it yet; `pathOf` is the path of a name below the root. */
export function emptyListing(pathOf: FileList['pathOf']): Listing {
  return {files: new FileList(pathOf), refused: [], others: new Map()};
}

/** Files a name under images or under others. `reason`, when there is one, says why it must not be opened. */
export function addFile(listing: Listing, relative: string, reason: string | null): void {
  if (!hasImageExtension(relative)) {
    const extension = path.extname(relative).toLowerCase();
    listing.others.set(extension, (listing.others.get(extension) ?? 0) + 1);
  } else if (reason === null) {
    listing.files.push(relative);
  } else {
    listing.refused.push(`${listing.files.pathOf(relative)} (${reason})`);
  }
}

/** `no image files in DIR (3 other files: .tif, .txt)`. */
export function nothingFound(listing: Listing, where: string): string {
  const total = [...listing.others.values()].reduce((sum, count) => sum + count, 0);
  const extensions = [...listing.others.keys()].sort().map((extension) => extension || 'no extension');
  const rest = total === 0 ? '' : ` (${counted(total, 'other file')}: ${listed(extensions)})`;
  return `no image files ${printable(where)}${rest}`;
}
