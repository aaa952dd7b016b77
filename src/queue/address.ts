import {readFileSync} from 'node:fs';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** How a Redis is reached, in the words of its driver. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: Readonly<Record<string, unknown>>;
}

/** Where a queue is, and how messages name it without what is secret. */
export interface QueueAddress {
  readonly redis: RedisAddress;
  /** Without user and password. */
  readonly shown: string;
  /** A password was written where every user of the machine sees it. */
  readonly isExposed: boolean;
  /** A text of the driver or the server, without the password. */
  scrub(text: string): string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const EXPECTED = 'expected redis://HOST:PORT or rediss://HOST:PORT (TLS), in --queue or CV_LOSS_QUEUE';

/**
 * The address that `--queue` says (true: it was given without one), else CV_LOSS_QUEUE; CV_LOSS_QUEUE_PASSWORD completes it,
 * and CV_LOSS_QUEUE_CA, _CERT and _KEY name PEM files for TLS. Throws UsageError, which never repeats what was given.
 */
export function queueAddress(flag: string | true | undefined, env: Environment): QueueAddress {
  const text = typeof flag === 'string' ? flag : env.CV_LOSS_QUEUE;
  if (!text) throw new UsageError('CVL-Q001', `no queue is named: ${EXPECTED}`);
  const url = parsed(text);
  const password = decoded(url.password) || env.CV_LOSS_QUEUE_PASSWORD || '';
  const username = decoded(url.username);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 6379);
  const db = Number(url.pathname.slice(1) || 0);
  return {
    redis: {
      host,
      port,
      db,
      ...(username && {username}),
      ...(password && {password}),
      ...(url.protocol === 'rediss:' && {tls: tlsOptions(env, host)}),
    },
    shown: printable(`${url.protocol}//${url.hostname}:${port}${db > 0 ? `/${db}` : ''}`),
    isExposed: typeof flag === 'string' && url.password !== '',
    scrub: (message) => [password, url.password].reduce((left, secret) => without(left, secret), message),
  };
}

function without(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '***');
}

function parsed(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isQueue = url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '';
  if (!isQueue || !/^\/?\d{0,4}$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new UsageError('CVL-Q001', `that is no address of a queue: ${EXPECTED}`);
  }
  return url;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError('CVL-Q001', 'the user or the password of the queue is not percent-encoded as in a URL');
  }
}

function tlsOptions(env: Environment, host: string): Record<string, unknown> {
  const pem = (name: string) => {
    const file = env[name];
    if (!file) return undefined;
    try {
      return readFileSync(file);
    } catch (error) {
      throw new UsageError(
        'CVL-Q001',
        `${name}: ${printable(file)} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  };
  const files = {ca: pem('CV_LOSS_QUEUE_CA'), cert: pem('CV_LOSS_QUEUE_CERT'), key: pem('CV_LOSS_QUEUE_KEY')};
  const given = Object.entries(files).filter(([, content]) => content !== undefined);
  // An address has no name to ask for.
  const named = /^[\d.]+$|:/.test(host) ? {} : {servername: host};
  return {...named, ...Object.fromEntries(given)};
}
