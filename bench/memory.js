// Peak memory of scoring 2,400 pairs beside that of 240, by all cores from the start: the number of samples must not matter.
// Pairs are hard links to a few files in a temporary folder. Prints both peaks and their ratio.
//   node bench/memory.js [cpu | tensorflow]
import {spawnSync} from 'node:child_process';
import {copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';

const root = fileURLToPath(new URL('..', import.meta.url));
const device = process.argv[2] ?? 'cpu';
const few = 240;
const many = 2400;
const limit = 1.2;
const folder = mkdtempSync(join(tmpdir(), 'cv-loss-memory-'));

const datasets = {
  'generated 256x256': [await generated('small', 12, 256), 'mse,mae,psnr,ssim'],
  'generated 256x256, tensor loss': [await generated('tensors', 12, 256), 'gmsd'],
  'photos 512x512': [copied('photos'), 'mse,mae,psnr,ssim'],
};

try {
  for (const [name, [sources, losses]] of Object.entries(datasets)) {
    const fewest = peak(linked(sources, few), losses);
    const most = peak(linked(sources, many), losses);
    const ratio = most / fewest;
    const verdict = ratio <= limit ? '' : `  over the limit of ${limit}`;
    console.log(
      `${name.padEnd(32)} ${few} pairs ${megabytes(fewest)}  ${many} pairs ${megabytes(most)}  ratio ${ratio.toFixed(2)}${verdict}`,
    );
    if (ratio > limit) process.exitCode = 1;
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}

/** Pairs of noise and brighter noise; noise does not compress, so that files are as large as photographs'. */
async function generated(name, count, side) {
  const sources = pair(name);
  for (let i = 0; i < count; i++) {
    const values = Uint8Array.from({length: side * side * 3}, () => Math.floor(200 * Math.random()));
    for (const [role, pixels] of [
      ['pred', values],
      ['target', values.map((value) => value + 40)],
    ]) {
      await sharp(pixels, {raw: {width: side, height: side, channels: 3}})
        .png()
        .toFile(join(sources[role], `${i}.png`));
    }
  }
  return sources;
}

/** The bundled photographs, beside the links to come: links cannot cross file systems. */
function copied(name) {
  const sources = pair(name);
  for (const role of ['pred', 'target']) {
    const from = join(root, 'fixtures/photos', role);
    for (const file of readdirSync(from)) copyFileSync(join(from, file), join(sources[role], file));
  }
  return sources;
}

function linked(sources, count) {
  const links = pair(`links-${count}-${Math.random()}`);
  for (const role of ['pred', 'target']) {
    const files = readdirSync(sources[role]).sort();
    for (let i = 0; i < count; i++) {
      linkSync(join(sources[role], files[i % files.length]), join(links[role], `${String(i).padStart(5, '0')}.png`));
    }
  }
  return links;
}

function pair(name) {
  const folders = {pred: join(folder, name, 'pred'), target: join(folder, name, 'target')};
  for (const path of Object.values(folders)) mkdirSync(path, {recursive: true});
  return folders;
}

/** Peak resident memory of the whole process, in bytes. */
function peak({pred, target}, losses) {
  const tell = `process.on('exit', () => console.log('maxRSS ' + process.resourceUsage().maxRSS))`;
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(tell)}`, join(root, 'bin/cv-loss.js'), 'eval'],
      ...['--pred', pred, '--target', target, '--losses', losses, '--device', device, '--quiet'],
      ...['--jobs', `${availableParallelism()}`, '--report', join(folder, 'report')],
    ],
    {cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26},
  );
  if (status !== 0) throw new Error(`exit ${status}\n${stderr}`);
  return 1024 * Number(/^maxRSS (\d+)$/m.exec(stdout)[1]);
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0).padStart(5)} MiB`;
}
