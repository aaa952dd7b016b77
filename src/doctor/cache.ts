import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {printable} from '../printable.js';
import {listCache} from '../storage/cache-files.js';
import {type CacheFolder, cacheFolder} from '../storage/cache-folder.js';
import {contentCacheBytes} from '../storage/content-cache-place.js';
import type {Finding} from './check.js';

const HERE: CacheFolder = cacheFolder({env: process.env, platform: process.platform, home: homedir()});

/** Where caches lie and whether they can be written there. Nothing is made. */
export async function checkCache({path, from}: CacheFolder = HERE): Promise<Finding> {
  const exists = await isThere(path);
  const obstacle = await obstacleAt(path);
  const source = from === 'home' ? '' : ` (${from})`;
  const [features, maxBytes] = [await featureBytes(path), contentCacheBytes(process.env)];
  const facts = {
    path,
    from,
    exists,
    writable: obstacle === null,
    features_bytes: features,
    features_max_bytes: maxBytes,
  };
  const held = features > 0 ? `; features take ${mebibytes(features)} of at most ${mebibytes(maxBytes)} MiB` : '';
  const name = `${printable(path)}${source}${held}`;
  if (obstacle === null) return {status: 'ok', detail: exists ? name : `${name}, made when it is needed`, facts};
  return {
    status: 'notice',
    detail: `${name} cannot be written (${obstacle}), so nothing is cached`,
    remedy: 'export CV_LOSS_HOME=DIRECTORY',
    facts,
  };
}

/** What features and embeddings of earlier runs take. */
async function featureBytes(path: string): Promise<number> {
  return (await listCache(join(path, 'features'))).reduce((sum, {bytes}) => sum + bytes, 0);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Why nothing can be written at a path or, where it is not there yet, in the nearest folder above it; null when it can. */
async function obstacleAt(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isDirectory()) return 'a file is in its place';
    await access(path, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || dirname(path) === path) return REASONS[code] ?? code;
    return obstacleAt(dirname(path));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file is in its place',
};
