import type {Queue} from 'bullmq';
import type {ShardJob} from '../job.js';

/** Others that are at work get so long to come by a shard whose files a worker could not read. */
const PATIENCE_MS = 10 * 60_000;

/** The same where the server does not tell who is at work. */
const UNKNOWN_PATIENCE_MS = 30_000;

/** Whether a worker is there that has not tried to read the files of a shard yet, and there is time left for it. */
export async function mayOthersRead(
  queue: Pick<Queue, 'getWorkers'>,
  {since, workers}: NonNullable<ShardJob['unreadable']>,
  self: string,
): Promise<boolean> {
  const waited = Date.now() - since;
  const names = await namesAtWork(queue);
  if (names === null) return waited < UNKNOWN_PATIENCE_MS;
  return waited < PATIENCE_MS && names.some((name) => name !== self && !workers.includes(name));
}

/** Names of the workers that are connected; null where the server does not tell. */
async function namesAtWork(queue: Pick<Queue, 'getWorkers'>): Promise<string[] | null> {
  try {
    const clients = await queue.getWorkers();
    const names = clients.map(({rawname = ''}) => /:w:(.+)$/.exec(rawname)?.[1]);
    return names.some((name) => name === undefined) ? null : [...new Set(names as string[])];
  } catch {
    return null;
  }
}
