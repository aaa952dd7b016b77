import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import type {KnownNetwork} from '../../../src/networks/known.js';
import type {Publication} from '../../../src/networks/origins.js';
import type {DownloadProgress} from '../../../src/networks/pull/download.js';
import type {Patience} from '../../../src/networks/pull/http.js';
import {type Pulled, type PullOptions, pullWeights} from '../../../src/networks/pull/pull-weights.js';
import {WeightsStore} from '../../../src/networks/store/weights-store.js';
import {scratchFolder} from '../../storage/scratch.js';
import {originOf, plain, SMALL_WEIGHTS, smallNetwork, weightsFile} from '../import/small.js';
import type {ClientProgress, FileServer} from './server.js';

/** Quick to lose patience, so that a test of failures takes no time. */
export const HASTY: Patience = {silence: 2000, pause: 1, attempts: 4};

export const H5 = readFileSync(weightsFile('published.h5'));
export const SAFETENSORS = readFileSync(weightsFile('torchvision.safetensors'));

export const hashOf = (bytes: Uint8Array, algorithm: 'md5' | 'sha256') =>
  ({algorithm, hex: createHash(algorithm).update(bytes).digest('hex')}) as const;

/** The original weights as an .h5 with an md5, torchvision's in safetensors of which parts are fetched. */
export function published(server: FileServer, change: Partial<Publication> = {}): KnownNetwork {
  const original = {
    url: server.url('small.h5'),
    file: 'small.h5',
    bytes: H5.length,
    hash: hashOf(H5, 'md5'),
    ranges: false,
  };
  const torchvision = {
    url: server.url('small.safetensors'),
    file: 'small.safetensors',
    bytes: null,
    hash: hashOf(SAFETENSORS, 'sha256'),
    ranges: true,
  };
  return smallNetwork({...original, ...change}, {...torchvision, ...change});
}

export function emptyStore(): WeightsStore {
  return new WeightsStore(join(scratchFolder(), 'weights'));
}

type Origin = 'original' | 'torchvision';

/** A way for a pull to tell a server how far it is. */
export function watched(): ClientProgress & {onProgress(progress: DownloadProgress): void} {
  const client = {
    done: 0,
    onProgress({done}: DownloadProgress) {
      client.done = done;
    },
  };
  return client;
}

/** Pulls with little patience. */
export function pull(
  network: KnownNetwork,
  origin: Origin,
  options: Partial<PullOptions> & Pick<PullOptions, 'store'>,
): Promise<Pulled> {
  return pullWeights(network, originOf(network, origin), {patience: HASTY, ...options});
}

/** Expects the weights to be in the store, whole, and nothing beside them. */
export async function expectWhole(network: KnownNetwork, origin: Origin, store: WeightsStore): Promise<void> {
  const loaded = await store.load(network, originOf(network, origin));
  expect(plain(loaded?.weights ?? new Map())).toEqual(SMALL_WEIGHTS);
  expect(readdirSync(store.folder)).toEqual([`small-${origin}.safetensors`]);
}

/** The error that a pull ends with, of one line; nothing must be stored. */
export async function pullFailure(
  promise: Promise<unknown>,
  store: WeightsStore,
): Promise<{code: string; message: string}> {
  const error = await promise.then(
    () => new Error('was accepted'),
    (thrown: unknown) => thrown as Error & {code?: string},
  );
  expect(error.message).not.toContain('\n');
  const names = existsSync(store.folder) ? readdirSync(store.folder) : [];
  expect(names.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
  return {
    code: error instanceof UsageError ? 'usage' : ((error as {code?: string}).code ?? error.name),
    message: error.message,
  };
}
