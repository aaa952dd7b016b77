import {cpSync, mkdirSync, symlinkSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {contentsOf} from '../cli/interrupting.js';
import {noise} from '../cli/pixels.js';
import {Workspace} from '../cli/workspace.js';
import {Dashboard, startWorker, until, watched} from './queued.js';
import {RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
let redis: RedisServer;
let dashboard: Dashboard;
const SHARDS = 8;

beforeAll(async () => {
  for (let i = 0; i < 48; i++) {
    await work.image(`here/pred/${i}.png`, noise(i, 24, 24));
    await work.image(`here/target/${i}.png`, noise(100 + i, 24, 24));
  }
  redis = await RedisServer.start();
  dashboard = new Dashboard(redis);
});

afterAll(async () => {
  await dashboard?.close();
  await redis?.remove();
});

const run = (pairs: string, report: string) => [
  'eval',
  '--pairs',
  pairs,
  '--losses',
  'mse,ssim',
  '--quiet',
  '--report',
  report,
];
const queued = (pairs: string, report: string) => [
  ...run(pairs, report),
  '--queue',
  redis.url,
  '--shards',
  String(SHARDS),
];

function manifest(name: string, keys: readonly (number | string)[]): void {
  const lines = keys.map((key) => `${key},here/pred/${key}.png,here/target/${key}.png`);
  work.write(name, `key,pred,target\n${lines.join('\n')}\n`);
}

test('files that one machine lacks are read on another before they fail, wherever its folders lie', async () => {
  // A file that is there and cannot be read on any machine.
  for (const role of ['pred', 'target']) symlinkSync('/proc/self/mem', work.path('here', role, 'nowhere.png'));
  manifest('pairs.csv', [...Array(48).keys(), 'nowhere']);
  expect((await work.run(run('pairs.csv', 'whole'))).code).toBe(3);
  cpSync(work.path('here'), work.path('there'), {recursive: true});
  // Neither has anybody that file, so that it does not matter who gives the reason.
  for (const role of ['pred', 'target']) {
    mkdirSync(work.path('empty', role), {recursive: true});
    symlinkSync('/proc/self/mem', work.path('empty', role, 'nowhere.png'));
  }
  const lacking = startWorker(work, redis, 'lacking', {args: ['--map', `${work.path('here')}=${work.path('empty')}`]});
  // Of the images, which are of 576 pixels, it holds none: it scores each in strips.
  const having = startWorker(work, redis, 'having', {
    args: ['--map', `${work.path('here')}/=${work.path('there')}/`, '--max-memory', '128kB'],
  });
  await until('both workers are there', async () => (await dashboard.queue.getWorkersCount()) === 2);
  const {code, stderr} = await work.run(queued('pairs.csv', 'report'));
  expect(code, stderr).toBe(3);
  expect(stderr).toMatch(/^cv-loss: nowhere: unreadable-file: [^\n]*\n$/);
  expect(contentsOf(work, 'report')).toEqual(contentsOf(work, 'whole'));
  expect(lacking.said()).toMatch(
    /files of \d+ of \d+ rows cannot be read by this worker; left to another one \[CVL-W007\]/,
  );
  for (const {child} of [lacking, having]) child.kill('SIGTERM');
  expect((await lacking.ended).code).toBe(0);
  expect((await having.ended).code).toBe(0);
  await dashboard.queue.obliterate({force: true});
});

/** Busy for longer than a lock, and in between for nobody to hear. */
const PLUGIN = `import {defineLoss, toView, viewOptions, z} from 'cv-loss';
export default defineLoss({
  id: 'busy', family: 'pixel', better: 'lower', summary: 'busy', formula: '0', reference: 'none', undefinedWhen: 'never',
  inputs: {pred: 'pixels', target: 'pixels'}, objective: 'itself', options: z.strictObject({...viewOptions}),
  create: async (options) => ({
    columns: [{part: '', better: 'lower'}],
    view: toView(options),
    memory: () => 1,
    async perSample({samples}) {
      const end = performance.now() + 5000;
      while (performance.now() < end);
      return {'': samples.map(() => 0)};
    },
  }),
});
`;

test('a loss that is busy for longer than a lock does not lose its shard; a worker needs the plugin of the run', async () => {
  mkdirSync(work.path('node_modules'));
  symlinkSync(process.cwd(), work.path('node_modules', 'cv-loss'));
  work.write('busy.mjs', PLUGIN);
  manifest('one.csv', [0]);
  const args = [
    'eval',
    '--pairs',
    'one.csv',
    '--losses',
    'busy',
    '--plugin',
    'busy.mjs',
    '--quiet',
    '--report',
    'busy',
  ];
  const busy = watched(work, [...args, '--queue', redis.url, '--shards', '1']);
  const bare = await startWorker(work, redis, 'bare', {args: ['--quiet']}).ended;
  expect(bare).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^cv-loss: the run needs the plugin busy.mjs \(SHA-256 [0-9a-f]{64}\); start the worker with --plugin FILE\n$/,
    ),
  });
  const workers = ['first', 'second'].map((name) => startWorker(work, redis, name, {args: ['--plugin', 'busy.mjs']}));
  const {code, stderr} = await busy.ended;
  expect(code, stderr).toBe(0);
  const [job] = await dashboard.queue.getJobs(['completed']);
  expect(job).toMatchObject({stalledCounter: 0, attemptsMade: 1, returnvalue: {ok: 1}});
  expect(job?.returnvalue.seconds).toBeGreaterThan(4.9);
  for (const {child} of workers) child.kill('SIGTERM');
  for (const {ended} of workers) expect((await ended).code).toBe(0);
  await dashboard.queue.obliterate({force: true});
});
