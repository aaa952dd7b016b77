import path from 'node:path';
import {printable} from '../printable.js';
import {hasImageExtension} from './extensions.js';
import {counted, listed} from './messages.js';

/** A file that a search found. */
export interface FoundFile {
  /** Below the root, with `/` as separator. */
  readonly relative: string;
  readonly path: string;
}

/** What a search of a directory or a glob found. */
export interface Listing {
  readonly files: FoundFile[];
  /** `path: reason` of what a sample would need and must not be opened. */
  readonly refused: string[];
  /** How many files have each extension that is no image's. */
  readonly others: Map<string, number>;
}

/** A listing with nothing in it yet. */
export function emptyListing(): Listing {
  return {files: [], refused: [], others: new Map()};
}

/** Files a name under images or under others. `reason`, when there is one, says why it must not be opened. */
export function addFile(listing: Listing, file: FoundFile, reason: string | null): void {
  if (!hasImageExtension(file.relative)) {
    const extension = path.extname(file.relative).toLowerCase();
    listing.others.set(extension, (listing.others.get(extension) ?? 0) + 1);
  } else if (reason === null) {
    listing.files.push(file);
  } else {
    listing.refused.push(`${file.path} (${reason})`);
  }
}

/** `no image files in DIR (3 other files: .tif, .txt)`. */
export function nothingFound(listing: Listing, where: string): string {
  const total = [...listing.others.values()].reduce((sum, count) => sum + count, 0);
  const extensions = [...listing.others.keys()].sort().map((extension) => extension || 'no extension');
  const rest = total === 0 ? '' : ` (${counted(total, 'other file')}: ${listed(extensions)})`;
  return `no image files ${printable(where)}${rest}`;
}
