import {setTimeout as sleep} from 'node:timers/promises';
import {type Job, Queue, Worker} from 'bullmq';
import {expect, onTestFinished, test} from 'vitest';
import {tellOfShards} from '../../../src/queue/worker/tell-of-shards.js';
import {RedisServer} from '../redis-server.js';

test('of a shard that was lost it is told once, however often its lock could not be renewed', async () => {
  const redis = await RedisServer.start();
  const client = redis.client();
  const connection = redis.client();
  const queue = new Queue('shards', {connection});
  let refusals = 0;
  const lines: string[] = [];
  const compute = async ({name, id}: Job) => {
    const key = queue.toKey(id as string);
    if (name === 'wrong') throw new Error('no such folder');
    // Its run is over: the job is gone before a renewal fails.
    if (name === 'gone') await client.del(key, `${key}:lock`);
    if (name.startsWith('late')) {
      await client.del(`${key}:lock`);
      await sleep(300);
    }
  };
  const worker = new Worker('shards', compute, {connection, lockDuration: 100, autorun: false});
  onTestFinished(async () => {
    await worker.close(true);
    await queue.close();
    for (const each of [client, connection]) each.disconnect();
    await redis.remove();
  });
  worker.on('lockRenewalFailed', () => refusals++);
  tellOfShards(worker, {scrub: (text) => text, shown: 'redis://queue'}, (line) => lines.push(line));
  const names = ['whole', 'late', 'later', 'gone', 'wrong', 'last'];
  await queue.addBulk(names.map((name) => ({name, data: {}})));
  const ended = new Promise((resolve) => {
    worker.on('active', ({name}) => name === 'last' && resolve(null));
  });
  void worker.run();
  await ended;
  expect(refusals).toBeGreaterThanOrEqual(4);
  const lost = 'took longer than its lock and may be scored by another worker as well [CVL-W006]';
  expect(lines).toEqual([`late ${lost}`, `later ${lost}`, `gone ${lost}`, 'wrong failed: no such folder [CVL-W005]']);
});
