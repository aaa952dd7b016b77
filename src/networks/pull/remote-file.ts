import {setTimeout as sleep} from 'node:timers/promises';
import {RunError} from '../../errors.js';
import {addressText} from './address.js';
import {type Answer, failed, type Http, PATIENCE, PassingError, type Patience} from './http.js';

/** What tells a version of a remote file from another. */
export interface RemoteVersion {
  /** Its ETag, or when it was last modified; null where the server says neither. */
  readonly identity: string | null;
  /** Its length; null where the server does not say. */
  readonly total: number | null;
}

/** The file is not the one whose beginning is here. */
export class ChangedError extends Error {
  override readonly name = 'ChangedError';
}

/** What a remote file must be. */
export interface RemoteExpectation {
  readonly bytes: number | null;
  /** In hexadecimal; null when it is not a sha256. */
  readonly sha256: string | null;
}

/** A file on a server, read in parts, each part as often as it takes. */
export class RemoteFile {
  /** Of the first answer; or of an earlier process, whose work goes on. */
  version: RemoteVersion | null = null;

  constructor(
    private readonly http: Http,
    readonly url: URL,
    private readonly expected: RemoteExpectation,
    private readonly patience: Patience = PATIENCE,
  ) {}

  /**
   * Hands the bytes from `start` to before `end` (null: to the end of the file) to `sink`, in order. A connection that is lost is
   * made anew, and the rest asked for. A server that ignores ranges is read from the beginning, and what is not wanted
   * thrown away. `onVersion` is called before the first byte.
   * Throws ChangedError when the file is another than before, RunError `download-failed` when it cannot be had, and what
   * `sink` throws.
   */
  async copy(
    start: number,
    end: number | null,
    sink: (chunk: Uint8Array) => Promise<void>,
    onVersion: (version: RemoteVersion) => Promise<void> = async () => undefined,
  ): Promise<void> {
    let at = start;
    let failures = 0;
    const forward = async (chunk: Uint8Array) => {
      await sink(chunk);
      at += chunk.length;
      failures = 0;
    };
    const isDone = (isWhole: boolean) => {
      const last = end ?? this.version?.total ?? null;
      return last === null ? isWhole : at >= last;
    };
    for (;;) {
      try {
        if (isDone(await this.#once(at, end, forward, onVersion))) return;
        throw new PassingError(`the connection ended at byte ${at}`);
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        failures++;
        await this.#pause(error, failures);
      }
    }
  }

  /** Waits before another attempt. Throws when there were too many. */
  async #pause(error: PassingError, failures: number): Promise<void> {
    if (failures >= this.patience.attempts) {
      const times = failures === 1 ? 'once' : `${failures} times`;
      throw failed(this.url, `${error.message}, ${times}; the same command goes on from where this one ended`, error);
    }
    await sleep(error.after ?? this.patience.pause * 2 ** (failures - 1));
  }

  /** One request. Whether the body came to its end. */
  async #once(
    start: number,
    end: number | null,
    sink: (chunk: Uint8Array) => Promise<void>,
    onVersion: (version: RemoteVersion) => Promise<void>,
  ): Promise<boolean> {
    const range = start === 0 && end === null ? null : `bytes=${start}-${end === null ? '' : end - 1}`;
    const answer = await this.http.get(this.url, range);
    try {
      let at = this.#accept(answer, start);
      await onVersion(this.version as RemoteVersion);
      for await (const chunk of this.#chunks(answer)) {
        const from = Math.max(0, start - at);
        const to = end === null ? chunk.length : Math.min(chunk.length, end - at);
        if (to > from) await sink(chunk.subarray(from, to));
        at += chunk.length;
        if (end !== null && at >= end) return true;
      }
      return true;
    } finally {
      answer.body.destroy();
    }
  }

  async *#chunks({body}: Answer): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    for (;;) {
      // Only what reading throws is the connection's fault.
      const {done, value} = await chunks.next().catch((error: unknown) => {
        throw this.http.passing(this.url, error);
      });
      if (done) return;
      yield value as Uint8Array;
    }
  }

  /** Where the body begins, once the answer is found to be of the right file. */
  #accept({status, headers, before}: Answer, start: number): number {
    if (status === 416) throw new ChangedError(`the file has no byte ${start}`);
    const part = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
    if (status === 206 && Number(part?.[1]) !== start) {
      throw failed(
        this.url,
        `asked for the bytes from ${start} on, the server sends ${headers['content-range'] ?? 'some'}`,
      );
    }
    const length = status === 206 ? part?.[2] : headers['content-length'];
    const total = length === undefined || length === '*' ? null : Number(length);
    // The Hugging Face hub names the hash of a large file in the redirect that leads to it.
    const linked = [...before, headers]
      .map((one) => one['x-linked-etag']?.replaceAll('"', ''))
      .find((one) => one !== undefined);
    this.#expect(total, linked);
    const version = {identity: linked ?? headers.etag ?? headers['last-modified'] ?? null, total};
    const known = this.version;
    if (known && (known.identity !== version.identity || known.total !== version.total)) {
      throw new ChangedError('the file has changed');
    }
    this.version = version;
    return status === 206 ? start : 0;
  }

  #expect(total: number | null, linked: string | undefined): void {
    const {bytes, sha256} = this.expected;
    if (bytes !== null && total !== null && total !== bytes) {
      throw new RunError('wrong-file', `${addressText(this.url)} has ${total} bytes, the published file ${bytes}`);
    }
    if (sha256 !== null && linked !== undefined && /^[0-9a-f]{64}$/.test(linked) && linked !== sha256) {
      throw new RunError('wrong-hash', `${addressText(this.url)} has sha256 ${linked}, the published file ${sha256}`);
    }
  }
}
