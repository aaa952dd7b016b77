import {homedir} from 'node:os';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import {cacheFolder} from './cache-folder.js';

const DEFAULT_BYTES = 2 * 2 ** 30;
const UNITS: Readonly<Record<string, number>> = {'': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40};

type Environment = Readonly<Record<string, string | undefined>>;

/** Where features and embeddings are kept: `features` in the folder of the caches. Nothing is looked at or made. */
export function contentCacheFolder(env: Environment): string {
  return join(cacheFolder({env, platform: process.platform, home: homedir()}).path, 'features');
}

/**
 * How much they may take, in bytes: CV_LOSS_CACHE_SIZE, `500M`, `2G` or bytes, with units of 1024 as ccache and sccache
 * take it; 2 GiB by default, 0 keeps nothing. Throws UsageError for a size that is none.
 */
export function contentCacheBytes({CV_LOSS_CACHE_SIZE: size}: Environment): number {
  if (!size) return DEFAULT_BYTES;
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(?:i?b)?)?$/i.exec(size.trim()) ?? [];
  if (digits !== undefined) return Math.floor(Number(digits) * (UNITS[unit.toLowerCase()] as number));
  throw new UsageError(
    'CVL-C022',
    `CV_LOSS_CACHE_SIZE=${JSON.stringify(size)}: expected a size such as 500M or 2G; 0 keeps nothing`,
  );
}
