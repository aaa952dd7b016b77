import {readFile, realpath} from 'node:fs/promises';
import {dirname, join, sep} from 'node:path';
import {UsageError} from '../../errors.js';
import type {ModelFile} from '../model-folder.js';
import {oneLine} from '../one-line.js';

/** A file that a model names, and its bytes. */
export interface WeightFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/**
 * The weights at those of a model's locations that are links to elsewhere, as in a store of contents. ONNX Runtime follows
 * them for a model that it reads from its file, not for one that it gets as bytes.
 * Throws UsageError for a file that does not fit into memory.
 */
export async function linkedWeights({path, name}: ModelFile, locations: readonly string[]): Promise<WeightFile[]> {
  const folder = (await realpath(dirname(path))) + sep;
  const linked: WeightFile[] = [];
  for (const location of locations) {
    const file = await realpath(join(folder, location));
    if (file.startsWith(folder)) continue;
    try {
      linked.push({path: location, data: await readFile(file)});
    } catch (error) {
      throw new UsageError('CVL-M001', `${name}: external data '${location}' cannot be read (${oneLine(error)})`, {
        cause: error,
      });
    }
  }
  return linked;
}
