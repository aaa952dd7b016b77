// Whole-process time of one series of five prediction sets beside five runs of one set each, on photographs of the
// fixtures compressed in five qualities. Series and runs alternate, so that a machine whose speed drifts slows both; the
// ratio is of the medians.
//   node bench/series.js [runs] [photographs, 12 at most]
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Number(process.argv[2] ?? 3);
const pairs = Number(process.argv[3] ?? 12);
const qualities = [10, 30, 50, 70, 90];
const suites = ['mse,mae,psnr,ssim', 'perceptual'];
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-series-'));
const target = join(folder, 'truth');

const photos = readdirSync(join(root, 'fixtures/photos/target')).slice(0, pairs);
mkdirSync(target);
for (const photo of photos) {
  const image = sharp(join(root, 'fixtures/photos/target', photo));
  await image.png().toFile(join(target, photo));
  for (const quality of qualities) {
    const out = join(folder, `epoch-${quality}`, 'out');
    mkdirSync(out, {recursive: true});
    await sharp(await image.jpeg({quality}).toBuffer())
      .png()
      .toFile(join(out, photo));
  }
}

for (const losses of suites) {
  const common = ['--target', target, '--losses', losses, '--quiet'];
  const together = [];
  const alone = [];
  for (let run = 0; run <= runs; run++) {
    const series = join(folder, 'epoch-*', 'out');
    const one = seconds(['--series', series, ...common, '--report', join(folder, 'series')]);
    let five = 0;
    for (const quality of qualities) {
      const pred = join(folder, `epoch-${quality}`, 'out');
      five += seconds(['--pred', pred, ...common, '--report', join(folder, `single-${quality}`)]);
    }
    // The first round warms the disk cache and is not counted.
    if (run === 0) continue;
    together.push(one);
    alone.push(five);
  }
  const {files_decoded, network_passes} = JSON.parse(readFileSync(join(folder, 'series', 'timing.json'), 'utf8'));
  const ratio = median(together) / median(alone);
  console.log(
    `${losses.padEnd(18)} series ${median(together).toFixed(2)} s, five runs ${median(alone).toFixed(2)} s, ` +
      `ratio ${ratio.toFixed(2)} (${files_decoded} files decoded, ${network_passes} passes over a network)`,
  );
}
rmSync(folder, {recursive: true, force: true});

function seconds(args) {
  const started = performance.now();
  const {status, stderr} = spawnSync(process.execPath, [join(root, 'bin/cv-loss.js'), 'eval', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`exit ${status}\n${stderr}`);
  return (performance.now() - started) / 1000;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
