import {isAbsolute, join, resolve} from 'node:path';

/** What the place of the caches depends on. */
export interface CacheSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home. */
  readonly home: string;
}

/** A folder, and the variable or custom that makes it the one. */
export interface CacheFolder {
  readonly path: string;
  readonly from: 'CV_LOSS_HOME' | 'XDG_CACHE_HOME' | 'LOCALAPPDATA' | 'home';
}

/**
 * Where caches lie: CV_LOSS_HOME itself, else `cv-loss` in XDG_CACHE_HOME, else in the system's place for caches
 * (`~/Library/Caches`, `%LOCALAPPDATA%`, `~/.cache`). Empty variables count as unset, and so does a relative
 * XDG_CACHE_HOME. Nothing is looked at or made.
 * Reference: freedesktop.org, XDG Base Directory Specification.
 */
export function cacheFolder({env, platform, home}: CacheSurroundings): CacheFolder {
  const {CV_LOSS_HOME: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local} = env;
  if (own) return {path: resolve(own), from: 'CV_LOSS_HOME'};
  if (xdg && isAbsolute(xdg)) return {path: join(xdg, 'cv-loss'), from: 'XDG_CACHE_HOME'};
  if (platform === 'win32' && local) return {path: join(local, 'cv-loss'), from: 'LOCALAPPDATA'};
  const places: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(home, 'Library', 'Caches'),
    win32: join(home, 'AppData', 'Local'),
  };
  return {path: join(places[platform] ?? join(home, '.cache'), 'cv-loss'), from: 'home'};
}
