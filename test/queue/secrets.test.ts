import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {contentsOf} from '../cli/interrupting.js';
import {photoDataset, runArgs} from '../cli/split-datasets.js';
import {Workspace} from '../cli/workspace.js';
import {watched} from './queued.js';
import {freePort, RedisServer} from './redis-server.js';

const work = new Workspace(afterAll);
const ADMIN = 'admin-secret';
const SECRET = 'p@ss word/1';
let redis: RedisServer;
let tlsPort: number;
let args: (report: string) => string[];

/** What the docs give the user of the queue. */
const RULES = readFileSync('docs/queue.md', 'utf8').match(/^user cv-loss on >PASSWORD (.*)$/m)?.[1] as string;

beforeAll(async () => {
  const set = await photoDataset(work, 60);
  args = (report) => runArgs(set, report);
  tlsPort = await freePort();
  const certificate = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = [
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    work.path('key.pem'),
    '-out',
    work.path('cert.pem'),
  ];
  execFileSync('openssl', [...certificate, ...names], {stdio: 'ignore'});
  const files = ['--tls-cert-file', work.path('cert.pem'), '--tls-key-file', work.path('key.pem')];
  const tls = [
    '--tls-port',
    String(tlsPort),
    ...files,
    '--tls-ca-cert-file',
    work.path('cert.pem'),
    '--tls-auth-clients',
    'no',
  ];
  redis = await RedisServer.start([...tls, '--requirepass', ADMIN], ADMIN);
  const admin = redis.client();
  await admin.call('ACL', 'SETUSER', 'cv-loss', 'on', `>${SECRET}`, ...RULES.split(' '));
  admin.disconnect();
  expect((await work.run(args('whole'))).code).toBe(3);
});

afterAll(() => redis?.remove());

const address = (password: string) => `rediss://cv-loss:${encodeURIComponent(password)}@localhost:${tlsPort}`;

test('TLS and a user of few rights: the same report, and the password nowhere', async () => {
  const CA = {CV_LOSS_QUEUE_CA: work.path('cert.pem')};
  const env = {...CA, CV_LOSS_QUEUE: address(SECRET)};
  const worker = watched(work, ['worker', '--lock', '2'], env);
  const halves = {...CA, CV_LOSS_QUEUE: `rediss://cv-loss@localhost:${tlsPort}`, CV_LOSS_QUEUE_PASSWORD: SECRET};
  const run = await work.run([...args('report'), '--queue'], {env: halves});
  expect(run.code, run.stderr).toBe(3);
  expect(contentsOf(work, 'report')).toEqual(contentsOf(work, 'whole'));
  worker.child.kill('SIGTERM');
  const {code, stderr} = await worker.ended;
  expect(code, stderr).toBe(0);
  const admin = redis.client();
  const stored = await admin.keys('*');
  const values = await Promise.all(
    stored.map(async (key) => ((await admin.type(key)) === 'hash' ? admin.hgetall(key) : '')),
  );
  admin.disconnect();
  const written = readdirSync(work.path('report')).map((name) => readFileSync(join(work.path('report'), name), 'utf8'));
  const all = [run.stdout, run.stderr, stderr, JSON.stringify(values), ...written].join('\n');
  expect(values.length).toBeGreaterThan(10);
  for (const secret of [SECRET, encodeURIComponent(SECRET), ADMIN]) expect(all).not.toContain(secret);
});

test('a wrong password, no password and a server that is not trusted: one line without it, code 2', async () => {
  const CA = {CV_LOSS_QUEUE_CA: work.path('cert.pem')};
  const shown = `rediss://localhost:${tlsPort}`;
  const refused = `cv-loss: the queue at ${shown} lets nobody in with this user and password; the password may be in CV_LOSS_QUEUE_PASSWORD\n`;
  const wrong = {...CA, CV_LOSS_QUEUE: address('not-the-secret')};
  expect(await work.run(['worker'], {env: wrong})).toEqual({code: 2, stdout: '', stderr: refused});
  expect(await work.run([...args('refused'), '--queue'], {env: wrong})).toEqual({code: 2, stdout: '', stderr: refused});
  expect(await work.run(['worker'], {env: {...CA, CV_LOSS_QUEUE: shown}})).toMatchObject({code: 2, stderr: refused});
  expect(await work.run(['worker'], {env: {CV_LOSS_QUEUE: address(SECRET)}})).toEqual({
    code: 2,
    stdout: '',
    stderr: `cv-loss: the queue at ${shown} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)\n`,
  });
});
