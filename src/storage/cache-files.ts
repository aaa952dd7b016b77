import type {Dirent, Stats} from 'node:fs';
import fs from 'node:fs/promises';
import {join} from 'node:path';

/** A file of a cache. */
export interface CacheFile {
  readonly path: string;
  /** What it takes on a disk of 4 KiB blocks. */
  readonly bytes: number;
  /** When it was used last, in milliseconds of the epoch. */
  readonly usedAt: number;
}

const BLOCK = 4096;
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Bytes that a file of so many takes on a disk. */
export function bytesOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

/**
 * The entries in a cache's folder, `XX/REST` of a key; none where it is missing or cannot be read. Temporary files that
 * were not touched for an hour are removed, and others count as entries.
 */
export async function listCache(folder: string): Promise<CacheFile[]> {
  const files: CacheFile[] = [];
  for (const shard of await entriesOf(folder)) {
    if (!shard.isDirectory() || !/^[0-9a-f]{2}$/.test(shard.name)) continue;
    const inside = await entriesOf(join(folder, shard.name));
    const listed = await Promise.all(inside.map(({name}) => look(join(folder, shard.name, name))));
    files.push(...listed.filter((file) => file !== null));
  }
  return files;
}

/** Removes the entries used longest ago until the others take at most `bytes`; what was used from `since` on stays. Gives the bytes that are left. */
export async function evict(files: readonly CacheFile[], bytes: number, since = Infinity): Promise<number> {
  let left = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (left <= bytes || file.usedAt >= since) break;
    await removeQuietly(file.path);
    left -= file.bytes;
  }
  return left;
}

/** Removes every entry, and the folders that are empty then. */
export async function clearCache(folder: string): Promise<void> {
  await evict(await listCache(folder), 0);
  const shards = (await entriesOf(folder)).map(({name}) => join(folder, name));
  for (const path of [...shards, folder]) await fs.rmdir(path).catch(() => undefined);
}

/** Removes a file; one that is gone or cannot be removed is no mistake. */
export async function removeQuietly(path: string): Promise<void> {
  await fs.rm(path, {force: true}).catch(() => undefined);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return fs.readdir(folder, {withFileTypes: true}).catch((): Dirent[] => []);
}

/** Null for what is no file, or gone since it was listed. */
async function look(path: string): Promise<CacheFile | null> {
  const stats = await fs.stat(path).catch((): Stats | null => null);
  if (!stats?.isFile()) return null;
  if (path.endsWith('.tmp') && Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS) {
    await removeQuietly(path);
    return null;
  }
  return {path, bytes: bytesOnDisk(stats.size), usedAt: stats.mtimeMs};
}
