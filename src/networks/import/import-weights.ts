import {basename} from 'node:path';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {convolutions} from '../convolutions.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import type {Provenance, StoredWeights, WeightsStore} from '../store/weights-store.js';
import {fileWeights} from '../weights/file.js';
import {fileHash} from '../weights/file-hash.js';
import {weightsHash} from '../weights/hash.js';
import type {FileWeights} from '../weights/named-tensors.js';

/** How weights are imported. */
export interface ImportOptions {
  readonly store: WeightsStore;
  /** Whether other weights that are stored already are replaced. */
  readonly force?: boolean | undefined;
}

/** What came of an import. */
export interface Imported {
  readonly stored: StoredWeights;
  /** Whether the very same weights were there before. */
  readonly wasThere: boolean;
}

/**
 * Takes a network's weights from a file into the store: torchvision's or the original ones, as the names of its tensors say.
 * A file with the published hash is marked so. Throws UsageError when the file cannot be read, is of another network, or
 * when other weights are stored already and `force` is not set.
 */
export async function importWeights(
  network: KnownNetwork,
  path: string,
  {store, force = false}: ImportOptions,
): Promise<Imported> {
  const {id} = network.definition;
  if (network.bundled) {
    throw new UsageError('CVL-N007', `${id} comes with its weights; to use others, give the loss weights: FILE`);
  }
  const file = await fileWeights(network, path);
  const {origin, weights} = file;
  const sha256 = weightsHash(convolutions(network.definition), weights);
  const before = force ? null : await store.find(network, origin);
  if (before?.sha256 === sha256) return {stored: before, wasThere: true};
  if (before) {
    throw new UsageError(
      'CVL-N008',
      `${id} (${origin.id}) is stored already, with other weights (sha256 ${before.sha256}, from ${before.from}): add --force to replace them by those of ${printable(path)} (sha256 ${sha256})`,
    );
  }
  const provenance = await provenanceOf(path, file, sha256);
  return {stored: await store.save(network, origin, weights, provenance), wasThere: false};
}

async function provenanceOf(path: string, {origin, metadata}: FileWeights, sha256: string): Promise<Provenance> {
  const from = basename(path);
  if (metadata.get('weights_sha256') === sha256) {
    // A file of another machine's store: what was checked there, holds here.
    return {
      from: metadata.get('from') ?? from,
      checked: metadata.get('checked') === 'published' ? 'published' : 'none',
    };
  }
  return {from, checked: (await isPublished(path, origin)) ? 'published' : 'none'};
}

async function isPublished(path: string, {publication, alsoPublished}: WeightsOrigin): Promise<boolean> {
  const published = publication === null ? alsoPublished : [publication.hash, ...alsoPublished];
  for (const {algorithm, hex} of published) if ((await fileHash(path, algorithm)).startsWith(hex)) return true;
  return false;
}
