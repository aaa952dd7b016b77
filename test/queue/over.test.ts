import {Worker} from 'bullmq';
import {afterAll, expect, test} from 'vitest';
import {endJobs} from '../../src/queue/coordinator/wait.js';
import {JOB_OPTIONS, jobId, QUEUE_NAME, readJob, storedJob} from '../../src/queue/job.js';
import {version} from '../../src/version.js';
import {Workspace} from '../cli/workspace.js';
import {Dashboard, startWorker, until} from './queued.js';
import {RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
const RUN = '0123456789abcdef';

function jobOf(index: number, over = false) {
  const data = storedJob({version, run: RUN, index, count: 3, samples: 3, folder: work.path('gone'), over});
  return {name: `shard ${index}/3`, data, opts: {...JOB_OPTIONS, jobId: jobId(RUN, index)}};
}

test('of a run that is over a worker does nothing, and goes on: its folder is gone, but a lost shard is in the queue again', async () => {
  const redis = await RedisServer.start();
  const dashboard = new Dashboard(redis);
  const {queue} = dashboard;
  const connection = redis.client();
  const began: string[] = [];
  const endless = async ({id}: {id?: string | undefined}) => {
    began.push(id as string);
    await new Promise(() => undefined);
  };
  const dying = new Worker(QUEUE_NAME, endless, {connection, lockDuration: 1000, maxStalledCount: 5});
  dying.on('error', () => undefined);
  try {
    await queue.addBulk([jobOf(1), jobOf(2)]);
    await until('a shard is at work', () => began.length === 1);
    await endJobs(queue, {run: RUN, sizes: [3, 3, 3]});
    const [id = ''] = began;
    expect(await queue.getJobCountByTypes('waiting', 'active')).toBe(1);
    expect(readJob((await queue.getJob(id))?.data)?.over).toBe(true);
    // As it is found in the queue again, once its worker has been silent for too long.
    await queue.addBulk([jobOf(3, true)]);
    const worker = startWorker(work, redis, 'next', {args: ['--idle', '2']});
    const {code, stderr} = await worker.ended;
    expect(code, stderr).toBe(0);
    expect((await queue.getJob(jobId(RUN, 3)))?.returnvalue).toMatchObject({ok: 0, undefined: 0, failed: 0});
  } finally {
    void dying.close(true).catch(() => undefined);
    await dashboard.close();
    await redis.remove();
  }
});
