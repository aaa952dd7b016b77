// Whole-process time of scoring the bundled photographs, beside decoding them and doing nothing else.
// Runs alternate, so that a machine whose speed drifts slows both; the ratio is of the medians.
//   node bench/photos.js [runs]
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Number(process.argv[2] ?? 5);
const pairs = 12;
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-bench-'));

const photos = ['--pred', join(root, 'fixtures/photos/pred'), '--target', join(root, 'fixtures/photos/target')];
const jobs = {
  'decode only (sharp, 4 at a time)': ['--input-type=module', '--eval', decodeOnly()],
  'cv-loss --help': [join(root, 'bin/cv-loss.js'), '--help'],
  'mse,mae,psnr,ssim': [join(root, 'bin/cv-loss.js'), 'eval', ...photos, '--quiet', '--report', join(folder, 'report')],
};

const seconds = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
for (let run = 0; run <= runs; run++) {
  for (const [name, args] of Object.entries(jobs)) {
    const started = performance.now();
    const {status, stderr} = spawnSync(process.execPath, args, {cwd: root, encoding: 'utf8'});
    if (status !== 0) throw new Error(`${name}: exit ${status}\n${stderr}`);
    // The first round warms the disk cache and is not counted.
    if (run > 0) seconds[name].push((performance.now() - started) / 1000);
  }
}
rmSync(folder, {recursive: true, force: true});

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const decode = median(seconds['decode only (sharp, 4 at a time)']);
for (const [name, values] of Object.entries(seconds)) {
  const middle = median(values);
  const rate = name.includes('--help')
    ? ''
    : `${(pairs / middle).toFixed(1)} pairs/s, ${(middle / decode).toFixed(2)} x decode only`;
  console.log(
    `${name.padEnd(36)} median ${middle.toFixed(3)} s  min ${Math.min(...values).toFixed(3)}  max ${Math.max(...values).toFixed(3)}  ${rate}`,
  );
}

function decodeOnly() {
  return `
    import sharp from 'sharp';
    import {readdirSync} from 'node:fs';
    const files = ['pred', 'target'].flatMap((side) =>
      readdirSync('fixtures/photos/' + side).map((name) => 'fixtures/photos/' + side + '/' + name));
    sharp.cache(false);
    const worker = async () => { for (let file = files.pop(); file; file = files.pop()) await sharp(file).raw().toBuffer(); };
    await Promise.all(Array.from({length: 4}, worker));
  `;
}
