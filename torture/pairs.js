/** Pairs of images of noise, and runs of the command over them. */
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import sharp from 'sharp';
import {seeded} from './seeded.js';

const executable = fileURLToPath(new URL('../bin/cv-loss.js', import.meta.url));

/** Writes `count` pairs of `side` × `side` pixels into pred/ and target/ of a folder. */
export async function makePairs(folder, count, side) {
  const next = seeded(7);
  for (const role of ['pred', 'target']) mkdirSync(join(folder, role));
  for (let i = 0; i < count; i++) {
    for (const role of ['pred', 'target']) {
      const data = Uint8Array.from({length: side * side * 3}, () => next() >>> 24);
      const raw = sharp(data, {raw: {height: side, width: side, channels: 3}});
      await raw.png({compressionLevel: 1}).toFile(join(folder, role, `${String(i).padStart(5, '0')}.png`));
    }
  }
}

/** Starts the command in a folder; `ended` gives its exit code (null when a signal ended it) and what it printed. */
export function start(folder, args, env = {}) {
  const child = spawn(process.execPath, [executable, ...args], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
  }
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({code, printed}));
  });
  return {child, ended};
}

/** Runs the command to its end. */
export function run(folder, args, env) {
  return start(folder, args, env).ended;
}

/** The arguments of the run that is tortured. */
export function evalArgs(report, ...more) {
  return [
    'eval',
    '--pred',
    'pred',
    '--target',
    'target',
    '--losses',
    'mse,mae,psnr,ssim',
    '--quiet',
    '--report',
    report,
    ...more,
  ];
}

/** The bytes of a report, as text by name of the file; timings aside. */
export function reportOf(folder, report) {
  const names = readdirSync(join(folder, report)).filter((name) => name !== 'timing.json');
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, report, name), 'latin1')]));
}

/** Whether two reports have the same files with the same bytes. */
export function sameReports(a, b) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
