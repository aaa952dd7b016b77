// Masks scored in a second, beside MONAI and scikit-image where `bench/peers/run.sh` was run: hard dice, IoU, cross-entropy,
// 95th percentile of the Hausdorff distance, centreline dice and Betti numbers of copies of the bundled 512 x 512 masks.
// The jobs take turns, so that a machine whose speed drifts slows them all; the first round warms up and is not counted.
//   node bench/masks.js [rounds]
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {evaluate} from '../dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const copies = 10;
const python = join(root, 'bench/peers/venv/bin/python');
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-bench-'));

const masks = copied();
const losses = ['dice', 'iou', 'cross-entropy', {type: 'hausdorff', percentile: 95}, 'cl-dice', 'betti'];
const config = {task: 'mask', inputs: masks, losses};
const peer = existsSync(python) ? startPeer() : null;
if (!peer) console.log('MONAI and scikit-image are not set up (bench/peers/run.sh): cv-loss alone');

const jobs = {
  'cv-loss, whole process': wholeProcess,
  'cv-loss, steady': steady,
  ...(peer ? {'MONAI + scikit-image, steady': peer.pass} : {}),
};
const passes = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
try {
  for (let round = 0; round <= rounds; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      const pass = await job();
      if (round > 0) passes[name].push(pass);
    }
  }
} finally {
  peer?.stop();
  rmSync(folder, {recursive: true, force: true});
}
for (const [name, of] of Object.entries(passes)) {
  const rates = of.map((pass) => pass.masks / pass.seconds);
  const peak = Math.max(...of.map((pass) => pass.peakKiB)) / 1024;
  console.log(`${name.padEnd(30)} ${spread(rates)} masks/s  peak ${peak.toFixed(0)} MiB`);
}
if (peer) {
  const [ours, theirs] = [passes['cv-loss, steady'], passes['MONAI + scikit-image, steady']];
  console.log(
    `${'ratio of the steady, in turn'.padEnd(30)} ${spread(ours.map((pass, i) => theirs[i].seconds / pass.seconds))}`,
  );
  for (const [id, mean] of Object.entries(theirs[0].means)) {
    const difference = Math.abs(ours[0].means[id] - mean) / Math.abs(mean);
    if (!(difference <= 1e-5)) throw new Error(`${id}: ${ours[0].means[id]}, the peer has ${mean}`);
  }
}

/** The pairs in which neither mask is empty; copies, since links out of a folder are refused. */
function copied() {
  const pair = {pred: join(folder, 'pred'), target: join(folder, 'target')};
  for (const [role, to] of Object.entries(pair)) {
    const from = join(root, 'fixtures/masks', role);
    mkdirSync(to);
    for (const file of readdirSync(from).filter((name) => name < '012')) {
      for (let copy = 0; copy < copies; copy++) copyFileSync(join(from, file), join(to, `${copy}-${file}`));
    }
  }
  return pair;
}

function wholeProcess() {
  const tell = `process.on('exit', () => console.log('maxRSS ' + process.resourceUsage().maxRSS))`;
  const started = performance.now();
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(tell)}`, join(root, 'bin/cv-loss.js'), 'eval'],
      ...[
        '--task',
        'mask',
        '--pred',
        masks.pred,
        '--target',
        masks.target,
        '--quiet',
        '--report',
        join(folder, 'report'),
      ],
      ...['--losses', 'dice,iou,cross-entropy,hausdorff,cl-dice,betti', '--set', 'losses.hausdorff.percentile=95'],
    ],
    {cwd: folder, encoding: 'utf8'},
  );
  if (status !== 0) throw new Error(`cv-loss: exit ${status}\n${stderr}`);
  const seconds = (performance.now() - started) / 1000;
  return {masks: 12 * copies, seconds, peakKiB: Number(/^maxRSS (\d+)$/m.exec(stdout)[1])};
}

async function steady() {
  const started = performance.now();
  const {report} = await evaluate(config, {cwd: folder, keepRows: false});
  const seconds = (performance.now() - started) / 1000;
  const means = Object.fromEntries(Object.entries(report.summary).map(([id, {mean}]) => [id, mean]));
  return {masks: report.counts.ok, seconds, peakKiB: process.resourceUsage().maxRSS, means};
}

/** One process, which scores the folder each time that it is asked to. */
function startPeer() {
  const child = spawn(python, ['-W', 'ignore', join(root, 'bench/peers/masks.py'), masks.pred, masks.target], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({input: child.stdout});
  return {
    async pass() {
      child.stdin.write('\n');
      const [line] = await Promise.race([
        once(lines, 'line'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`bench/peers/masks.py: exit ${code}`))),
      ]);
      return JSON.parse(line);
    },
    stop: () => child.stdin.end(),
  };
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const [middle, low, high] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)];
  return `median ${middle.toFixed(1).padStart(6)}  min ${low.toFixed(1).padStart(6)}  max ${high.toFixed(1).padStart(6)}`;
}
