import {notice} from '../notice.js';
import {ContentCache} from '../storage/content-cache.js';
import {contentCacheBytes, contentCacheFolder} from '../storage/content-cache-place.js';

/** Images that were looked up, by whether all that was asked of them was there. */
export interface CacheLookups {
  /** Images whose features were there. */
  readonly hits: number;
  /** Images whose features were not. */
  readonly misses: number;
}

/** Whether a run has a cache. */
export interface RunCacheOptions {
  /** True by default; CV_LOSS_CACHE_SIZE=0 keeps nothing either. */
  readonly cache?: boolean | undefined;
  /** Hears, once, of a place that cannot be written. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** The cache of features and embeddings; null where it is switched off. Throws UsageError for a bound that is no size. */
export function openRunCache({cache = true, onNotice}: RunCacheOptions): ContentCache | null {
  const maxBytes = cache ? contentCacheBytes(process.env) : 0;
  if (maxBytes === 0) return null;
  const onProblem = (reason: string) =>
    onNotice?.(notice('CVL-W011', `features are not cached: ${reason} (CV_LOSS_HOME; or --no-cache)`));
  return new ContentCache({folder: contentCacheFolder(process.env), maxBytes, onProblem});
}

/** Null where nothing was looked up. */
export function lookupsOf(cache: ContentCache | null): CacheLookups | null {
  if (cache === null) return null;
  const {hits, misses} = cache.lookups;
  return hits + misses > 0 ? {hits, misses} : null;
}
