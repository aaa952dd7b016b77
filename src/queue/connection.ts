import type {Redis} from 'ioredis';
import {RunError, UsageError} from '../errors.js';
import {notice} from '../notice.js';
import {printable} from '../printable.js';
import type {QueueAddress, RedisAddress} from './address.js';

/** How long a queue may be out of reach before who waits for it gives up. */
const PATIENCE_MS = 10 * 60_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** What every connection to the queue has in common, in the words of the driver. */
type ConnectionSettings = RedisAddress & {
  readonly maxRetriesPerRequest: null;
  readonly connectTimeout: number;
  readonly retryStrategy: (times: number) => number;
};

/** A queue that was reached. */
export interface QueueConnection {
  readonly client: Redis;
  /** For those who open connections of their own. */
  readonly settings: ConnectionSettings;
  /** Rejects with RunError when the queue was out of reach for ten minutes. */
  readonly lost: Promise<never>;
  close(): void;
}

/**
 * Reaches a queue. What breaks later is tried again, and told to `onNotice` when it breaks and when it is back. Throws
 * UsageError for a queue that cannot be reached now, or lets nobody in.
 */
export async function openConnection(
  address: QueueAddress,
  onNotice: (line: string) => void,
): Promise<QueueConnection> {
  const {Redis: Driver} = await import('ioredis');
  const settings: ConnectionSettings = {
    ...address.redis,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(2_000, 50 * 2 ** Math.min(times, 8)),
  };
  let isOpen = false;
  const client = new Driver({
    ...settings,
    lazyConnect: true,
    retryStrategy: (times) => (isOpen ? settings.retryStrategy(times) : null),
  });
  let last: unknown = null;
  client.on('error', (error) => {
    last = error;
  });
  try {
    await client.connect();
    await client.ping();
    isOpen = true;
  } catch (error) {
    client.disconnect();
    throw unreachable(address, last ?? error);
  }
  const lost = watch(client, address, () => last, onNotice);
  const close = () => {
    client.removeAllListeners('close');
    client.disconnect();
  };
  return {client, settings, lost, close};
}

/** What a driver or a server says of an error, in a line and without the password. */
export function queueErrorText(error: unknown, {scrub}: Pick<QueueAddress, 'scrub'>): string {
  const {code, message} = error as {code?: unknown; message?: unknown};
  const text = typeof code === 'string' && code !== '' ? code : String(message ?? error);
  return printable(scrub(text.split('\n')[0] ?? '')).slice(0, 200);
}

function unreachable(address: QueueAddress, error: unknown): UsageError {
  const text = queueErrorText(error, address);
  const isRefused = /WRONGPASS|NOAUTH|invalid password|invalid username/i.test(text);
  const remedy = isRefused
    ? 'lets nobody in with this user and password; the password may be in CV_LOSS_QUEUE_PASSWORD'
    : `cannot be reached (${text})`;
  return new UsageError(isRefused ? 'CVL-Q003' : 'CVL-Q002', `the queue at ${address.shown} ${remedy}`, {cause: error});
}

/** Tells when a connection breaks and when it is back; rejects when that takes too long. */
function watch(
  client: Redis,
  address: QueueAddress,
  lastError: () => unknown,
  onNotice: (line: string) => void,
): Promise<never> {
  const {shown} = address;
  const lost = new Promise<never>((_, reject) => {
    let timer: NodeJS.Timeout | null = null;
    client.on('close', () => {
      if (timer !== null) return;
      onNotice(notice('CVL-W002', `the queue at ${shown} is out of reach, trying again`));
      timer = setTimeout(() => {
        const text = queueErrorText(lastError(), address);
        reject(new RunError('queue-lost', `the queue at ${shown} was out of reach for ten minutes (${text})`));
      }, PATIENCE_MS);
    });
    client.on('ready', () => {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      onNotice(`the queue at ${shown} is back`);
    });
    client.on('end', () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    });
  });
  // Who does not wait for it is not told.
  lost.catch(() => undefined);
  return lost;
}
