import {mkdir} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';
import {indexSource, pipSource, type WheelSource} from './fetch-wheel.js';
import {hasPip} from './machine.js';
import {fileSha256} from './unpack-wheel.js';
import {folderSource, type WheelChoice} from './wheel-choice.js';

/** npm's cache in a folder that `--download` filled. */
export const NPM_CACHE = 'npm';

/** Where wheels come from: a folder where one is named, else pip, else the index that pip is configured for. */
export async function wheelSource(folder: string | null, python: string, signal: AbortSignal): Promise<WheelSource> {
  if (folder !== null) return folderSource(folder);
  return (await hasPip(python)) ? pipSource(python, signal) : indexSource(signal);
}

/** What taking a wheel needs to know. */
interface TakeRequest {
  /** What it must have; null for what the index says. */
  readonly sha256: string | null;
  say(line: string): void;
}

/** The wheel of a choice, below `folder` where it had to be fetched, and its SHA-256. Throws UsageError. */
export async function takeWheel(
  {distribution, version, path: here}: WheelChoice,
  {sha256: wanted, say}: TakeRequest,
  source: WheelSource,
  folder: string,
): Promise<{readonly path: string; readonly sha256: string}> {
  if (wanted !== null && !/^[0-9a-f]{64}$/i.test(wanted)) {
    throw new UsageError('CVL-A005', `--sha256: expected 64 hexadecimal digits, got '${printable(wanted)}'`);
  }
  if (here === null) say(`getting ${distribution} ${version}`);
  const requirement = {name: distribution, versions: `==${version}`};
  const path = here ?? (await source.fetch(requirement, await newFolder(folder, distribution)));
  const sha256 = await fileSha256(path);
  say(`${here === null ? 'got' : 'taking'} ${basename(path)} (SHA-256 ${sha256})`);
  if (wanted === null || wanted.toLowerCase() === sha256) return {path, sha256};
  throw new UsageError(
    'CVL-D008',
    `setup tensorflow: ${basename(path)} has the SHA-256 ${sha256}, expected ${wanted}; get the file again`,
  );
}

/** A new folder in another one. */
export async function newFolder(parent: string, name: string): Promise<string> {
  const path = join(parent, name);
  await mkdir(path, {recursive: true});
  return path;
}
