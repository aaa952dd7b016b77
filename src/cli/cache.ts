import {Command} from 'commander';
import {RunError} from '../errors.js';
import {printable, printableJson} from '../printable.js';
import {bytesText} from './bytes-text.js';
import {print} from './streams.js';

/** `cv-loss cache`: the features and embeddings that runs keep on this machine. */
export function cacheCommand(): Command {
  return new Command('cache')
    .description('the features and embeddings that were kept on this machine')
    .addCommand(infoCommand())
    .addCommand(clearCommand())
    .addHelpText(
      'after',
      `
Variables:
  CV_LOSS_CACHE_SIZE   what they may take, such as 500M or 10G (default: 2G); 0 keeps nothing
  CV_LOSS_HOME         the folder of everything that is kept, the weights of models pull included

Examples:
  cv-loss cache info
  cv-loss cache clear`,
    );
}

/** What is kept. */
interface Contents {
  readonly folder: string;
  readonly entries: number;
  readonly bytes: number;
}

function infoCommand(): Command {
  return new Command('info')
    .description('where they lie, and what they take')
    .option('--json', 'print JSON')
    .action(async ({json}: {json?: boolean}) => {
      const {contentCacheBytes} = await import('../storage/content-cache-place.js');
      const maxBytes = contentCacheBytes(process.env);
      const {folder, entries, bytes} = await contents();
      if (json) print(printableJson({folder, entries, bytes, max_bytes: maxBytes}));
      else
        print(`${printable(folder)}: ${entriesText(entries)}, ${bytesText(bytes)} of at most ${bytesText(maxBytes)}`);
    });
}

function clearCommand(): Command {
  return new Command('clear').description('remove them all; weights stay').action(async () => {
    const {clearCache} = await import('../storage/cache-files.js');
    const before = await contents();
    await clearCache(before.folder);
    const left = await contents();
    if (left.entries > 0) {
      throw new RunError('not-removed', `${printable(left.folder)}: ${entriesText(left.entries)} cannot be removed`);
    }
    print(`${printable(before.folder)}: ${entriesText(before.entries)} removed, ${bytesText(before.bytes)}`);
  });
}

async function contents(): Promise<Contents> {
  const {contentCacheFolder} = await import('../storage/content-cache-place.js');
  const {listCache} = await import('../storage/cache-files.js');
  const folder = contentCacheFolder(process.env);
  const files = await listCache(folder);
  return {folder, entries: files.length, bytes: files.reduce((sum, {bytes}) => sum + bytes, 0)};
}

function entriesText(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
