import type {SampleError} from '../../src/errors.js';
import type {LoadedSample} from '../../src/run/load.js';
import type {Rasters} from '../losses/score.js';
import {decodedSample} from './samples.js';

/** A sample as loading gives it, from its images (of one size). */
export function loaded(key: string, rasters: Rasters, more: {readonly group?: string} = {}): LoadedSample {
  const images = Object.entries(rasters);
  const {height = 0, width = 0} = rasters.pred ?? {};
  return {
    sample: {key, files: {}, ...more},
    sha256: Object.fromEntries(images.map(([role]) => [role, `hash of ${key} ${role}`])),
    files: {},
    decoded: decodedSample(key, rasters),
    height,
    width,
    shape: images.map(([role, image]) => `${role} ${image.height}x${image.width}x${image.channels}`).join(),
    bytes: images.reduce((sum, [, {data}]) => sum + data.byteLength, 0),
  };
}

/** A sample whose files could not be read. */
export function unreadable(key: string, failure: SampleError): LoadedSample {
  return {sample: {key, files: {}}, sha256: {}, files: {}, failure};
}

/** One after another, as loading hands them on. */
export async function* stream<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** All of them. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
