import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {convolutions} from '../convolutions.js';
import type {ConvolutionWeights} from '../graph.js';
import type {KnownNetwork} from '../known.js';
import type {OriginId, WeightsOrigin} from '../origins.js';
import {fileWeights} from '../weights/file.js';
import {weightsHash} from '../weights/hash.js';
import {withSafetensors} from '../weights/safetensors.js';
import {pullCommand} from './commands.js';
import {writeStoredFile} from './stored-file.js';
import {weightsFolder, writingWeights} from './weights-folder.js';

/** Where stored weights came from, and what was checked. */
export interface Provenance {
  /** An address, or a file's name. */
  readonly from: string;
  /**
   * `published`: the file had its published hash; `revision`: only the tensors needed were fetched, from the publisher's
   * address of a fixed revision; `given`: the file had the hash that the user gave; `none`.
   */
  readonly checked: 'published' | 'revision' | 'given' | 'none';
}

/** Weights in the store. */
export interface StoredWeights extends Provenance {
  readonly network: string;
  readonly origin: OriginId;
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
  /** Of the weights, as reports give it. */
  readonly sha256: string;
}

/**
 * The weights that were pulled or imported: one safetensors file for each network and origin, which carries the hash of its
 * weights and where they came from.
 */
export class WeightsStore {
  constructor(readonly folder: string = weightsFolder()) {}

  /** Where a network's weights of an origin lie, or would. */
  path({definition}: KnownNetwork, {id}: WeightsOrigin): string {
    return join(this.folder, `${definition.id}-${id}.safetensors`);
  }

  /** What the store says of a network's weights, unread; null when they are not there. Throws UsageError when the file is damaged. */
  async find(network: KnownNetwork, origin: WeightsOrigin): Promise<StoredWeights | null> {
    const path = this.path(network, origin);
    const bytes = await size(path);
    if (bytes === null) return null;
    return this.#checked(network, origin, () =>
      withSafetensors(path, async ({metadata}) => this.#describe(network, origin, metadata, bytes)),
    );
  }

  /**
   * A network's weights, held against the hash they were stored with; null when they are not there.
   * Throws UsageError, with the command that helps, when the file is damaged.
   */
  async load(
    network: KnownNetwork,
    origin: WeightsOrigin,
  ): Promise<{readonly weights: Map<string, ConvolutionWeights>; readonly stored: StoredWeights} | null> {
    const path = this.path(network, origin);
    const bytes = await size(path);
    if (bytes === null) return null;
    return this.#checked(network, origin, async () => {
      const {weights, metadata} = await fileWeights(network, path);
      const stored = this.#describe(network, origin, metadata, bytes);
      const hash = weightsHash(convolutions(network.definition), weights);
      if (hash === stored.sha256) return {weights, stored};
      throw new UsageError(
        'CVL-N004',
        `weights '${printable(path)}': the file is damaged: its weights have sha256 ${hash}, they were stored with ${stored.sha256}`,
      );
    });
  }

  /** Stores a network's weights in place of what was there. Throws RunError when they cannot be written. */
  async save(
    network: KnownNetwork,
    origin: WeightsOrigin,
    weights: ReadonlyMap<string, ConvolutionWeights>,
    {from, checked}: Provenance,
  ): Promise<StoredWeights> {
    const {definition} = network;
    const path = this.path(network, origin);
    const sha256 = weightsHash(convolutions(definition), weights);
    const metadata = {network: definition.id, origin: origin.id, weights_sha256: sha256, from, checked};
    await writingWeights(this.folder, () => writeStoredFile(path, definition, weights, metadata));
    const bytes = (await size(path)) ?? 0;
    return {network: definition.id, origin: origin.id, path, bytes, sha256, from, checked};
  }

  #describe(
    network: KnownNetwork,
    origin: WeightsOrigin,
    metadata: ReadonlyMap<string, string>,
    bytes: number,
  ): StoredWeights {
    const path = this.path(network, origin);
    const {id} = network.definition;
    const sha256 = metadata.get('weights_sha256');
    if (metadata.get('network') !== id || metadata.get('origin') !== origin.id || sha256 === undefined) {
      throw new UsageError(
        'CVL-N004',
        `weights '${printable(path)}': the file is damaged: it does not say that it holds these weights`,
      );
    }
    const checked = CHECKS.find((one) => one === metadata.get('checked')) ?? 'none';
    return {network: id, origin: origin.id, path, bytes, sha256, from: metadata.get('from') ?? '', checked};
  }

  async #checked<Result>(network: KnownNetwork, origin: WeightsOrigin, read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const remedy = `get them again: ${pullCommand(network, origin)} --force`;
      throw new UsageError('CVL-N004', `${error.message}; ${remedy}`, {cause: error});
    }
  }
}

const CHECKS = ['published', 'revision', 'given', 'none'] as const;

/** Length of a file; null when it is not there. */
async function size(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === undefined) throw error;
    throw new UsageError('CVL-N005', `weights '${printable(path)}': cannot be read: ${code}`, {cause: error});
  }
}
