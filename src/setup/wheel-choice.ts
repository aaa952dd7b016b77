import {readdir, stat} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {UsageError} from '../errors.js';
import type {WheelSource} from './fetch-wheel.js';
import {fulfils, type Requirement} from './requirement.js';
import {isForLinux, parseWheelName} from './wheel-name.js';

/** The versions that were tried with the binding. */
const CPU = {distribution: 'tensorflow-cpu', version: '2.15.1'} as const;
const GPU = {distribution: 'tensorflow', version: '2.21.0'} as const;

/** The TensorFlow to set up. */
export interface WheelChoice {
  readonly distribution: string;
  readonly version: string;
  /** The wheel's file, where it is here already. */
  readonly path: string | null;
  /** The folder that `--from` names, with further wheels and an npm cache; null without. */
  readonly folder: string | null;
}

/** What decides the choice. */
export interface ChoiceRequest {
  readonly gpu: boolean;
  readonly version: string | null;
  /** A wheel, or a folder that holds one. */
  readonly from: string | null;
}

/** Which TensorFlow is meant. Throws UsageError for a file that is no wheel of TensorFlow for linux-x64. */
export async function chooseWheel({gpu, version, from}: ChoiceRequest): Promise<WheelChoice> {
  const usual = gpu ? GPU : CPU;
  if (version !== null && !/^\d+\.\d+(\.\d+)?$/.test(version)) {
    throw new UsageError(
      'CVL-A005',
      `--version: expected a release of TensorFlow such as ${usual.version}, got '${version}'`,
    );
  }
  if (from === null) return {...usual, ...(version !== null && {version}), path: null, folder: null};
  const place = resolve(from);
  const isFolder = (await stat(place).catch(() => null))?.isDirectory();
  if (isFolder === undefined) throw new UsageError('CVL-D008', `--from: there is no ${from}`);
  const path = isFolder ? await wheelIn(place, from, gpu) : place;
  const name = parseWheelName(basename(path));
  if (name === null || !isTensorflow(name.distribution)) {
    throw new UsageError(
      'CVL-D008',
      `--from: expected a wheel of tensorflow or tensorflow-cpu (.whl), got ${basename(path)}`,
    );
  }
  if (!isForLinux(name))
    throw new UsageError('CVL-D008', `--from: ${basename(path)} is for ${name.platform}, not for linux-x64`);
  if (version !== null && version !== name.version) {
    throw new UsageError(
      'CVL-D008',
      `--from: ${basename(path)} is TensorFlow ${name.version}, and --version asks for ${version}`,
    );
  }
  return {distribution: name.distribution, version: name.version, path, folder: isFolder ? place : null};
}

/** Wheels that lie in a folder. */
export function folderSource(folder: string): WheelSource {
  return {
    async fetch(requirement: Requirement) {
      for (const file of await readdir(folder)) {
        const name = parseWheelName(file);
        if (name?.distribution === requirement.name && fulfils(name.version, requirement)) return join(folder, file);
      }
      throw new UsageError('CVL-D008', `--from: ${folder} has no wheel of ${requirement.name}${requirement.versions}`);
    },
  };
}

async function wheelIn(folder: string, from: string, gpu: boolean): Promise<string> {
  const names = (await readdir(folder)).sort();
  const wanted = gpu ? ['tensorflow'] : ['tensorflow-cpu', 'tensorflow'];
  for (const distribution of wanted) {
    const file = names.find((name) => parseWheelName(name)?.distribution === distribution);
    if (file !== undefined) return join(folder, file);
  }
  throw new UsageError('CVL-D008', `--from: ${from} holds no wheel of ${wanted.join(' or ')}`);
}

function isTensorflow(distribution: string): boolean {
  return distribution === 'tensorflow' || distribution === 'tensorflow-cpu';
}
