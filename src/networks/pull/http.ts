import type {Readable} from 'node:stream';
import {type Dispatcher, EnvHttpProxyAgent, request} from 'undici';
import {RunError} from '../../errors.js';
import {printable} from '../../printable.js';
import {errorCode} from '../../storage/storage-error.js';
import {addressText} from './address.js';

/** How long a server is waited for, in milliseconds. */
export interface Patience {
  /** Until it answers, and between two pieces of an answer. */
  readonly silence: number;
  /** Before the second attempt; twice as long before each further one. */
  readonly pause: number;
  /** Attempts without a byte in between. */
  readonly attempts: number;
}

export const PATIENCE: Patience = {silence: 60_000, pause: 1000, attempts: 5};

/** What may be well the next time. */
export class PassingError extends Error {
  override readonly name = 'PassingError';

  constructor(
    message: string,
    /** Milliseconds after which the server wants to be asked again. */
    readonly after: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An answer with a body, after redirects. */
export interface Answer {
  readonly status: number;
  /** Lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Headers of the redirects before it, the first ones first. */
  readonly before: readonly Readonly<Record<string, string | undefined>>[];
  readonly body: Readable;
}

const MOST_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
/** What another attempt does not change. */
const LASTING: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'UND_ERR_INVALID_ARG',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const LONGEST_WAIT = 60_000;

/** HTTP through the proxies that the environment names (HTTP_PROXY, HTTPS_PROXY, NO_PROXY). Close it after its use. */
export class Http {
  readonly #agent: Dispatcher;

  constructor(private readonly patience: Patience = PATIENCE) {
    this.#agent = new EnvHttpProxyAgent({connect: {timeout: patience.silence}});
  }

  /**
   * Gets an address, following redirects. Throws PassingError for what may be well the next time (connection lost, 5xx,
   * 429), RunError `download-failed` for what will not.
   */
  async get(url: URL, range: string | null): Promise<Answer> {
    const before: Answer['headers'][] = [];
    let current = url;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const {statusCode: status, headers: raw, body} = await this.#request(current, range);
      const headers = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value)]));
      if (!REDIRECTS.has(status)) return checked(current, {status, headers, before, body});
      await body.dump().catch(() => undefined);
      before.push(headers);
      current = redirected(current, headers.location);
    }
    throw failed(url, `more than ${MOST_REDIRECTS} redirects`);
  }

  /** What went wrong while an answer was read. */
  passing(url: URL, error: unknown): unknown {
    return translated(url, error);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #request(url: URL, range: string | null): Promise<Dispatcher.ResponseData> {
    const {username, password} = url;
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    try {
      const response = await request(`${url.origin}${url.pathname}${url.search}`, {
        dispatcher: this.#agent,
        headersTimeout: this.patience.silence,
        bodyTimeout: this.patience.silence,
        headers: {
          'accept-encoding': 'identity',
          'user-agent': 'cv-loss',
          ...(range !== null && {range}),
          ...(username !== '' && {authorization: `Basic ${credentials.toString('base64')}`}),
        },
      });
      // A body that is given up on says so with an error, which is no news.
      response.body.on('error', () => undefined);
      return response;
    } catch (error) {
      throw translated(url, error);
    }
  }
}

/** Where a redirect leads: never from https to http. */
function redirected(from: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, from.href)) throw failed(from, 'a redirect to nowhere');
  const to = new URL(location, from);
  const isHttp = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (isHttp) return to;
  throw failed(from, `a redirect from ${from.protocol}// to ${addressText(to)}, which is not followed`);
}

function checked(url: URL, answer: Answer): Answer {
  const {status, headers, body} = answer;
  if (status === 200 || status === 206 || status === 416) {
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return answer;
    body.destroy();
    throw failed(url, `the server compresses it (${printable(encoding)}), which was not asked for`);
  }
  body.destroy();
  const text = `the server answers ${status}`;
  if (status >= 500 || PASSING.has(status)) throw new PassingError(text, retryAfter(headers['retry-after']));
  throw failed(url, text);
}

function retryAfter(header: string | undefined): number | null {
  const seconds = Number(header);
  return header !== undefined && seconds > 0 ? Math.min(1000 * seconds, LONGEST_WAIT) : null;
}

function translated(url: URL, error: unknown): unknown {
  const code = errorCode(error) ?? errorCode((error as Error | undefined)?.cause);
  if (error instanceof RunError || error instanceof PassingError || code === undefined) return error;
  const text = error instanceof Error && error.message !== '' ? (error.message.split('\n')[0] ?? code) : code;
  if (!LASTING.has(code)) return new PassingError(printable(text), null, {cause: error});
  return failed(url, text, error);
}

/** A download that cannot go on. */
export function failed(url: URL, reason: string, cause?: unknown): RunError {
  return new RunError('download-failed', `cannot get ${addressText(url)}: ${printable(reason)}`, {cause});
}
