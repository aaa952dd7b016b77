/**
 * A pair of 16384 × 16384 pixels under `--max-memory 600MB`: it is scored in strips within that memory, a killed run leaves
 * nothing on the disk that the next one does not remove, and the row is the one of images that memory holds (which takes 3 GB).
 *   node torture/large.js [side, a multiple of 512]
 */
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {start} from './pairs.js';

const LIMIT_BYTES = 600_000_000;
const LOSSES = 'mse,mae,huber,charbonnier,log-cosh,psnr,ssim,ms-ssim,total-variation,gmsd';
const photos = fileURLToPath(new URL('../fixtures/photos', import.meta.url));

/** Scores a large pair in strips, killed once, and whole; gives what went wrong. */
export async function tortureLarge(side = 16_384) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const place = join(folder, 'place');
  const problems = [];
  try {
    for (const name of ['place', 'pred', 'target']) mkdirSync(join(folder, name));
    for (const role of ['pred', 'target']) await tiled(role, side, join(folder, role, 'large.png'));
    const args = (report, ...more) => [
      ...['eval', '--pred', 'pred', '--target', 'target', '--losses', LOSSES, '--quiet', '--task', 'photo'],
      ...['--set', `image.max_pixels=${side ** 2}`, '--report', report, ...more],
    ];
    const env = {TMPDIR: place};
    const killed = start(folder, args('killed', '--max-memory', '600MB'), env);
    while (readdirSync(place).length === 0) await setTimeout(20);
    await setTimeout(500);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const inStrips = start(folder, args('strips', '--max-memory', '600MB'), env);
    const [{code, printed}, peak] = await Promise.all([inStrips.ended, peakOf(inStrips.child)]);
    if (code !== 0) problems.push(`a large pair: exit code ${code}: ${printed}`);
    if (peak > LIMIT_BYTES) problems.push(`a large pair took ${peak} bytes, more than ${LIMIT_BYTES}`);
    const left = readdirSync(place);
    if (left.length > 0) problems.push(`left on the disk: ${left}`);
    // The colour that the images have anyway, which they are decoded whole for.
    const whole = start(folder, args('whole', '--set', 'image.color=rgb'), env);
    const [{code: wholeCode}, wholePeak] = await Promise.all([whole.ended, peakOf(whole.child)]);
    const rows = (report) => readFileSync(join(folder, report, 'rows.csv'), 'utf8');
    if (wholeCode !== 0) problems.push(`a large pair as a whole: exit code ${wholeCode}`);
    else if (code === 0 && rows('strips') !== rows('whole')) problems.push('a large pair in strips: another row');
    const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
    console.log(`large: ${side} x ${side}: ${megabytes(peak)} in strips, ${megabytes(wholePeak)} whole`);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  return problems;
}

/** A mosaic of photographs, again and again. */
async function tiled(role, side, path) {
  const names = readdirSync(join(photos, role)).sort().slice(0, 6);
  const layers = names.map((name, i) => ({
    input: join(photos, role, name),
    ...{left: 512 * (i % 3), top: 512 * Math.floor(i / 3)},
  }));
  const blank = {create: {width: 1536, height: 1024, channels: 3, background: 'black'}};
  const mosaic = await sharp(blank).composite(layers).png().toBuffer();
  const canvas = {create: {width: side, height: side, channels: 3, background: 'black'}, limitInputPixels: false};
  await sharp(canvas)
    .composite([{input: mosaic, tile: true, gravity: 'northwest'}])
    .removeAlpha()
    .png({compressionLevel: 1})
    .toFile(path);
}

/** The most memory that a process held, as the Linux kernel counts it. */
async function peakOf({pid}) {
  let peak = 0;
  for (const status = `/proc/${pid}/status`; existsSync(status); await setTimeout(100)) {
    const [, kibibytes = 0] = /VmHWM:\s+(\d+)/.exec(read(status)) ?? [];
    peak = Math.max(peak, 1024 * Number(kibibytes));
  }
  return peak;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureLarge(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
