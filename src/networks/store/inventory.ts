import {stat} from 'node:fs/promises';
import {UsageError} from '../../errors.js';
import {convolutions} from '../convolutions.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {bundledHash, bundledPath, bundledWeights} from '../weights/bundled.js';
import {weightsHash} from '../weights/hash.js';
import type {Provenance, WeightsStore} from './weights-store.js';

/** A network's weights, whether they are on this machine or not. */
export interface InventoryItem {
  readonly network: KnownNetwork;
  readonly origin: WeightsOrigin;
  /** `damaged`: the file is there, and `problem` says what is wrong with it. */
  readonly state: 'bundled' | 'stored' | 'damaged' | 'missing';
  /** Where they lie, or would. */
  readonly path: string;
  /** Of the file; null where it is missing. */
  readonly bytes: number | null;
  /** Of the weights; null where it is not known. */
  readonly sha256: string | null;
  /** Null where they were not pulled or imported. */
  readonly provenance: Provenance | null;
  readonly problem: string | null;
}

/** What there is of a network's weights, as far as it is said without reading them. */
export async function inventoryItem(
  network: KnownNetwork,
  origin: WeightsOrigin,
  store: WeightsStore,
): Promise<InventoryItem> {
  const nothing = {network, origin, bytes: null, sha256: null, provenance: null, problem: null};
  if (origin.publication === null) {
    const path = bundledPath(network);
    return {...nothing, state: 'bundled', path, bytes: (await stat(path)).size, sha256: await bundledHash(network)};
  }
  const path = store.path(network, origin);
  try {
    const stored = await store.find(network, origin);
    if (stored === null) return {...nothing, state: 'missing', path};
    const {bytes, sha256, from, checked} = stored;
    return {...nothing, state: 'stored', path, bytes, sha256, provenance: {from, checked}};
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {...nothing, state: 'damaged', path, problem: error.message};
  }
}

/**
 * Reads a network's weights and holds them against their hash, which is returned; null when they are missing.
 * Throws UsageError, with the command that helps, when they are damaged.
 */
export async function verifyWeights(
  network: KnownNetwork,
  origin: WeightsOrigin,
  store: WeightsStore,
): Promise<{readonly path: string; readonly sha256: string} | null> {
  if (origin.publication !== null) {
    const found = await store.load(network, origin);
    return found && {path: found.stored.path, sha256: found.stored.sha256};
  }
  const path = bundledPath(network);
  const sha256 = weightsHash(convolutions(network.definition), await bundledWeights(network));
  const expected = await bundledHash(network);
  if (sha256 === expected) return {path, sha256};
  throw new UsageError(
    'CVL-N004',
    `weights '${path}': the file is damaged: its weights have sha256 ${sha256}, the package's ${expected}; install cv-loss again`,
  );
}
