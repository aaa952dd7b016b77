import {UsageError} from '../../errors.js';
import type {KnownNetwork} from '../known.js';
import type {WeightsOrigin} from '../origins.js';
import {checkTensors} from '../weights/named-tensors.js';
import {LONGEST_HEADER} from '../weights/safetensors.js';
import {parseHeader} from '../weights/safetensors-header.js';
import type {Address} from './address.js';
import {failed} from './http.js';
import type {Partial, PartialState, Resumed} from './partial.js';
import {ChangedError, type RemoteFile, type RemoteVersion} from './remote-file.js';
import {planTensors} from './spans.js';

/** How far a download is, in bytes. */
export interface DownloadProgress {
  readonly done: number;
  /** Null where the server does not say. */
  readonly total: number | null;
}

/** What is downloaded, into what. */
export interface Download {
  readonly network: KnownNetwork;
  readonly origin: WeightsOrigin;
  readonly address: Address;
  readonly remote: RemoteFile;
  readonly partial: Partial;
  onProgress(progress: DownloadProgress): void;
}

/** How often a file may change under a download. */
const MOST_CHANGES = 3;

/** What came of a download. */
export interface Downloaded {
  /** Whether it went on from what was there. */
  readonly wentOn: boolean;
  /** Whether only the tensors needed were fetched. */
  readonly isPart: boolean;
}

/**
 * Downloads the file, or its tensors, into the partial download, going on from what is there.
 * Throws RunError when it cannot be had or written, UsageError for a file that does not hold the network.
 */
export async function download(job: Download): Promise<Downloaded> {
  for (let changes = 0; ; changes++) {
    try {
      const before = changes === 0 ? await job.partial.resume(job.address.url.href) : null;
      job.remote.version = before?.state ?? null;
      return await fetchFrom(job, before);
    } catch (error) {
      if (!(error instanceof ChangedError)) throw error;
      if (changes === MOST_CHANGES) throw failed(job.address.url, 'the file changes while it is fetched', error);
    }
  }
}

async function fetchFrom(job: Download, before: Resumed | null): Promise<Downloaded> {
  const state = before?.state ?? (job.address.ranges ? await beginTensors(job) : null);
  await fetchSpans(job, state, before?.length ?? state?.prefix ?? 0);
  await job.partial.finish();
  return {wentOn: before !== null, isPart: state !== null && state.prefix > 0};
}

/** Fetches the header of a safetensors file and begins a file of the tensors needed; null where the whole file must be taken. */
async function beginTensors({network, origin, address, remote, partial}: Download): Promise<PartialState | null> {
  const length = (await collect(remote, 0, 8)).readBigUInt64LE();
  const {identity, total} = remote.version as RemoteVersion;
  // Without a length nothing can be checked, and without a version the parts might be of two files.
  if (identity === null || total === null) return null;
  const dataStart = 8 + Number(length);
  if (length > LONGEST_HEADER || dataStart > total)
    throw new UsageError('CVL-N006', `${address.url.href}: no safetensors file`);
  const text = (await collect(remote, 8, dataStart)).toString('utf8');
  const {header, spans} = inFile(address, () => {
    const entries = parseHeader(text, total - dataStart);
    checkTensors(network, origin, {entries});
    return planTensors(network, origin, entries, dataStart);
  });
  const state = {url: address.url.href, identity, total, spans, prefix: header.length};
  await partial.begin(state, header);
  return state;
}

/** Fetches what is missing of the spans; of the whole file where nothing was begun. */
async function fetchSpans(job: Download, begun: PartialState | null, length: number): Promise<void> {
  const {address, remote, partial} = job;
  let state = begun;
  let done = length;
  const report = () => job.onProgress({done: done - (state?.prefix ?? 0), total: wanted(state, remote)});
  const onVersion = async (version: RemoteVersion) => {
    if (state === null) {
      state = {...version, url: address.url.href, spans: [{start: 0, end: version.total}], prefix: 0};
      await partial.begin(state, new Uint8Array(0));
    }
    report();
  };
  const sink = async (chunk: Uint8Array) => {
    await partial.append(chunk);
    done += chunk.length;
    report();
  };
  let at = begun?.prefix ?? 0;
  for (const {start, end} of begun?.spans ?? [{start: 0, end: null}]) {
    const skipped = Math.max(0, done - at);
    if (end === null || start + skipped < end) await remote.copy(start + skipped, end, sink, onVersion);
    at += (end ?? 0) - start;
  }
}

function wanted(state: PartialState | null, {version}: RemoteFile): number | null {
  const ends = state?.spans.map(({start, end}) => (end === null ? null : end - start)) ?? [version?.total ?? null];
  return ends.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

async function collect(remote: RemoteFile, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await remote.copy(start, end, async (chunk) => {
    chunks.push(Uint8Array.from(chunk));
  });
  return Buffer.concat(chunks);
}

/** What is wrong with a remote file as a UsageError that names its address. */
function inFile<Result>({url}: Address, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError('CVL-N006', `${url.origin}${url.pathname}: ${error.message}`, {cause: error});
  }
}
