import {setTimeout as sleep} from 'node:timers/promises';
import {RunError, UsageError} from '../../errors.js';
import {printable} from '../../printable.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {writingWeights} from '../store/weights-folder.js';
import type {Provenance, StoredWeights, WeightsStore} from '../store/weights-store.js';
import {fileWeights} from '../weights/file.js';
import {fileHash} from '../weights/file-hash.js';
import {type Address, addressOf, addressText, type OtherAddress} from './address.js';
import {type DownloadProgress, download} from './download.js';
import {Http, PATIENCE, type Patience} from './http.js';
import {Partial} from './partial.js';
import {RemoteFile} from './remote-file.js';

/** How weights are pulled. */
export interface PullOptions extends OtherAddress {
  readonly store: WeightsStore;
  /** Whether weights that are stored already are fetched again. */
  readonly force?: boolean | undefined;
  readonly patience?: Patience | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** What came of a pull. */
export interface Pulled {
  readonly stored: StoredWeights;
  /** Whether they were there before, so that nothing was fetched. */
  readonly wasThere: boolean;
}

const POLL_MS = 250;

/**
 * Downloads a network's published weights into the store, checks them and keeps what the network needs. What an
 * interrupted pull left is gone on from; a pull of the same that is under way on this machine is waited for.
 * Throws UsageError for weights that ship with the package and for an address that is none; RunError `download-failed`,
 * `wrong-file` or `wrong-hash` when the file cannot be had or is another, and storage's codes when it cannot be kept.
 */
export async function pullWeights(network: KnownNetwork, origin: WeightsOrigin, options: PullOptions): Promise<Pulled> {
  const {store, force = false} = options;
  const {id} = network.definition;
  if (origin.publication === null)
    throw new UsageError('CVL-N007', `${id} comes with its weights: there is nothing to pull`);
  const address = addressOf(origin.publication, options);
  const before = force ? null : await store.find(network, origin);
  if (before) return {stored: before, wasThere: true};
  const key = `${id}-${origin.id}`;
  const other = await waitForOthers(network, origin, key, options);
  if (other) return {stored: other, wasThere: true};
  const partial = await writingWeights(store.folder, () => Partial.claim(store.folder, key));
  let isDone = false;
  try {
    const stored = await writingWeights(store.folder, async () => {
      const checked = await fetchChecked(network, origin, address, partial, options);
      return keep(network, origin, partial, store, {from: addressText(address.url), checked});
    });
    isDone = true;
    return {stored, wasThere: false};
  } catch (error) {
    // What is of another file is of no use to a later pull.
    isDone = error instanceof UsageError || (error instanceof RunError && error.code.startsWith('wrong-'));
    throw error;
  } finally {
    await (isDone ? partial.remove() : partial.leave());
  }
}

/** Waits while another process pulls the same. Its weights; null where there are none in the end. */
async function waitForOthers(
  network: KnownNetwork,
  origin: WeightsOrigin,
  key: string,
  {store, force = false, onNotice}: PullOptions,
): Promise<StoredWeights | null> {
  const [pid] = await Partial.others(store.folder, key);
  if (pid === undefined) return null;
  onNotice?.(`process ${pid} is pulling ${network.definition.id} (${origin.id}); waiting for it`);
  while ((await Partial.others(store.folder, key)).length > 0) await sleep(POLL_MS);
  return force ? null : store.find(network, origin);
}

/** Downloads, and says what was checked. What went on from an earlier pull and is wrong is fetched anew, once. */
async function fetchChecked(
  network: KnownNetwork,
  origin: WeightsOrigin,
  address: Address,
  partial: Partial,
  {patience = PATIENCE, onProgress = () => undefined}: PullOptions,
): Promise<Provenance['checked']> {
  const {url, bytes, hash} = address;
  const http = new Http(patience);
  try {
    for (;;) {
      const expected = {bytes, sha256: hash.algorithm === 'sha256' ? hash.hex : null};
      const remote = new RemoteFile(http, url, expected, patience);
      const {wentOn, isPart} = await download({network, origin, address, remote, partial, onProgress});
      if (isPart) return 'revision';
      const wrong = await wrongHash(address, partial.path);
      if (wrong === null) return address.isPublished ? 'published' : 'given';
      if (!wentOn) throw wrong;
      await partial.clear();
    }
  } finally {
    await http.close();
  }
}

/** What is to be said of a file that has another hash; null when it has the right one. */
async function wrongHash({url, hash, isPublished}: Address, path: string): Promise<RunError | null> {
  const found = await fileHash(path, hash.algorithm);
  if (found === hash.hex) return null;
  const whose = isPublished ? 'the published file has' : 'expected';
  return new RunError(
    'wrong-hash',
    `${addressText(url)} has ${hash.algorithm} ${found}, ${whose} ${hash.hex}; nothing was kept`,
  );
}

async function keep(
  network: KnownNetwork,
  origin: WeightsOrigin,
  partial: Partial,
  store: WeightsStore,
  provenance: Provenance,
): Promise<StoredWeights> {
  const file = await fileWeights(network, partial.path).catch((error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    const problem = error.message.replace(`weights '${printable(partial.path)}'`, provenance.from);
    throw new UsageError(error.code, problem, {cause: error});
  });
  if (file.origin === origin) return store.save(network, origin, file.weights, provenance);
  throw new UsageError(
    'CVL-N006',
    `${provenance.from} holds the ${file.origin.id} weights of ${network.definition.id}, not ${origin.id}`,
  );
}
