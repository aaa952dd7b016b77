import {mapLimited} from './concurrency.js';
import {withSystemSeparators} from './keys.js';
import {addFile, emptyListing, type Listing} from './listing.js';
import {type Entry, type Folder, openTree, pathBelow, readFolder} from './tree.js';

interface Step {
  readonly folder: Folder;
  /** Path below the root, ending in `/`, or empty. */
  readonly prefix: string;
}

const FOLDERS_AT_ONCE = 16;

/**
 * Every image file below a directory, hidden files and folders aside.
 * @throws UsageError when a folder cannot be read
 */
export async function listDirectory(directory: string): Promise<Listing> {
  const listing = emptyListing((relative) => pathBelow(directory, withSystemSeparators(relative)));
  let level: Step[] = [{folder: await openTree(directory), prefix: ''}];
  while (level.length > 0) {
    const deeper = await mapLimited(level, FOLDERS_AT_ONCE, (step) => listFolder(listing, step));
    level = deeper.flat();
  }
  return listing;
}

async function listFolder(listing: Listing, step: Step): Promise<Step[]> {
  const deeper: Step[] = [];
  for (const entry of await readFolder(step.folder)) {
    if (entry.name.startsWith('.')) {
      continue;
    }
    if (entry.kind === 'folder') {
      deeper.push({folder: entry.folder, prefix: `${step.prefix}${entry.name}/`});
    } else {
      addEntry(listing, step, entry);
    }
  }
  return deeper;
}

function addEntry(listing: Listing, {folder, prefix}: Step, entry: Exclude<Entry, {kind: 'folder'}>): void {
  if (entry.kind === 'refused' && entry.folder) {
    listing.refused.push(`${pathBelow(folder.path, entry.name)} (${entry.reason})`);
  } else {
    addFile(listing, prefix + entry.name, entry.kind === 'refused' ? entry.reason : null);
  }
}
