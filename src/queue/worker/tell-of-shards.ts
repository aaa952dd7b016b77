import type {Worker} from 'bullmq';
import {notice} from '../../notice.js';
import type {QueueAddress} from '../address.js';
import {queueErrorText} from '../connection.js';

/** The connection tells of itself. */
const CONNECTION = /^(E[A-Z]+$|Connection is closed|LOADING)/;

/** What BullMQ says, every second and at the end, of a job that is no longer its worker's. */
const LOST = /\block\b|Missing key for job|is not in the active state/i;

/** Tells what goes wrong with a worker's shards, of which it has one at a time; of one that it lost, once. */
export function tellOfShards(
  worker: Worker,
  address: Pick<QueueAddress, 'scrub' | 'shown'>,
  onNotice: (line: string) => void,
): void {
  let shard = 'a shard';
  let isLost = false;
  worker.on('active', ({name}) => {
    shard = name;
    isLost = false;
  });
  worker.on('failed', (job, error) => {
    onNotice(notice('CVL-W005', `${job?.name ?? 'a shard'} failed: ${queueErrorText(error, address)}`));
  });
  worker.on('error', (error) => {
    const text = queueErrorText(error, address);
    if (CONNECTION.test(text)) return;
    if (!LOST.test(text)) onNotice(notice('CVL-W008', `the queue at ${address.shown}: ${text}`));
    else if (!isLost) {
      isLost = true;
      onNotice(notice('CVL-W006', `${shard} took longer than its lock and may be scored by another worker as well`));
    }
  });
}
