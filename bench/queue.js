/**
 * What the queue costs: a run that one worker scores, beside the same run without a queue, in pairs of turns. Goal: under 5 %.
 *   node bench/queue.js [pairs of runs] [samples]
 * The worker is there before the run begins, as it is in use. Needs redis-server.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import sharp from 'sharp';
import {run, start} from '../torture/pairs.js';
import {seeded} from '../torture/seeded.js';

const [turns = 7, samples = 4000] = process.argv.slice(2).map(Number);
const SIDE = 512;
const KINDS = 40;

const folder = mkdtempSync(join(tmpdir(), 'cv-loss-queue-'));
const port = await freePort();
const redis = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
  stdio: 'ignore',
});
redis.on('error', () => console.error('redis-server is needed'));
const url = `redis://127.0.0.1:${port}`;
const work = ['eval', '--pairs', 'pairs.csv', '--losses', 'mse,psnr,ssim', '--quiet', '--jobs', '2', '--report'];
const worker = start(folder, ['worker', '--queue', url, '--jobs', '2', '--quiet']);
try {
  await makeDataset();
  // Caches of the system, and whatever else is slower the first time.
  await timed([...work, 'warm']);
  const ratios = [];
  for (let turn = 0; turn < turns; turn++) {
    const ways = [
      ['plain', []],
      ['queue', ['--queue', url]],
    ];
    const seconds = {};
    for (const [name, flags] of turn % 2 ? ways.reverse() : ways) {
      seconds[name] = await timed([...work, `${name}-${turn}`, ...flags]);
    }
    ratios.push(seconds.queue / seconds.plain);
    console.log(
      `${seconds.plain.toFixed(1)} s plain, ${seconds.queue.toFixed(1)} s with a queue: ${percent(ratios.at(-1))}`,
    );
  }
  const [median] = ratios.sort((a, b) => a - b).slice(Math.floor(turns / 2));
  console.log(`median of ${turns}: ${percent(median)}, from ${percent(ratios[0])} to ${percent(ratios.at(-1))}`);
} finally {
  worker.child.kill('SIGTERM');
  await worker.ended;
  redis.kill();
  await sleep(100);
  rmSync(folder, {recursive: true, force: true});
}

async function timed(args) {
  const started = performance.now();
  const {code, printed} = await run(folder, args);
  if (code !== 0) throw new Error(`code ${code}: ${printed}`);
  return (performance.now() - started) / 1000;
}

function percent(ratio) {
  return `${((ratio - 1) * 100).toFixed(1)} %`;
}

async function makeDataset() {
  const next = seeded(5);
  for (const role of ['pred', 'target']) mkdirSync(join(folder, role));
  for (let i = 0; i < KINDS; i++) {
    for (const role of ['pred', 'target']) {
      const data = Uint8Array.from({length: SIDE * SIDE * 3}, (_, at) => ((at >> 6) & 127) + (next() >>> 25));
      await sharp(data, {raw: {height: SIDE, width: SIDE, channels: 3}})
        .jpeg()
        .toFile(join(folder, role, `${i}.jpg`));
    }
  }
  const rows = Array.from({length: samples}, (_, i) => `${i},pred/${i % KINDS}.jpg,target/${i % KINDS}.jpg`);
  writeFileSync(join(folder, 'pairs.csv'), `key,pred,target\n${rows.join('\n')}\n`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const {port: free} = server.address();
      server.close(() => resolve(free));
    });
  });
}
