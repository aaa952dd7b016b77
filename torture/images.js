/**
 * Damaged images of every format, decoded in a process of its own, so that a native crash is seen and counted: each is an
 * image or a failed sample with a known code, within 5 s of the processor. Then every hundredth of a PNG and of a JPEG: refused.
 *   node torture/images.js [images] [seed]
 */
import {fork} from 'node:child_process';
import {copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {decodeImage} from '../dist/images/decode.js';

const FOLDERS = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'bmp', 'pnm', 'npy', 'npz'];
const LARGEST = 16 * 1024;
const SILENCE_MS = 120_000;
const TRUNCATED = ['png/rgb-16.png', 'png/palette-8-interlaced.png', 'jpeg/rgb.jpg', 'jpeg/rgb-progressive.jpg'];
const OPTIONS = {color: 'auto', alpha: 'drop', orient: true, icc: 'ignore', page: null, maxPixels: 1e6, palette: null};

/** The path of a fixture. */
function fixture(name) {
  return fileURLToPath(new URL(`../fixtures/images/${name}`, import.meta.url));
}

function smallImages() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(fixture(folder))
      // Other decoders' outputs lie beside the images that they are of.
      .filter((name) => folder === 'npy' || !name.endsWith('.npy'))
      .sort()
      .map((name) => fixture(`${folder}/${name}`))
      .filter((path) => statSync(path).size <= LARGEST),
  );
}

/** Decodes `images` damaged images; gives what went wrong. */
export async function tortureImages(images = 100_000, seed = 1) {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-torture-'));
  const current = join(folder, 'current');
  const problems = [];
  const counts = {};
  const started = performance.now();
  let crashes = 0;
  for (let first = 0; first < images; ) {
    const child = fork(
      fileURLToPath(new URL('damaged-images.js', import.meta.url)),
      [String(first), String(images - first), String(seed), current, ...smallImages()],
      {execArgv: ['--max-old-space-size=1024']},
    );
    const {at, done, faults, ended} = await watched(child, counts);
    problems.push(...faults.map((fault) => `images: ${fault}`));
    if (done) break;
    // The batch under way is gone on with after where it was told of.
    crashes++;
    copyFileSync(current, join(tmpdir(), `cv-loss-crash-${crashes}`));
    problems.push(`images: ended by ${ended} after image ${at}: ${join(tmpdir(), `cv-loss-crash-${crashes}`)}`);
    first = at + 100;
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const kinds = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
  console.log(`images: ${images} damaged ones in ${seconds} s, ${crashes} crashes: ${kinds.join(', ')}`);
  problems.push(...(await tortureTruncation()));
  rmSync(folder, {recursive: true, force: true});
  return problems;
}

function watched(child, counts) {
  return new Promise((resolve) => {
    const state = {at: 0, done: false, faults: [], ended: ''};
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
    };
    watch();
    child.on('message', (message) => {
      state.at = message.at;
      state.faults.push(...message.faults);
      if (message.counts) {
        state.done = true;
        for (const [kind, count] of Object.entries(message.counts)) counts[kind] = (counts[kind] ?? 0) + count;
      }
      watch();
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({...state, ended: signal ?? `exit code ${code}`});
    });
  });
}

async function tortureTruncation() {
  const problems = [];
  for (const name of TRUNCATED) {
    const whole = readFileSync(fixture(name));
    for (let percent = 0; percent < 100; percent++) {
      const part = whole.subarray(0, Math.floor((percent * whole.length) / 100));
      const outcome = await decodeImage(part, name, 'pixels', OPTIONS).catch((error) => error);
      if (outcome?.name !== 'SampleError') problems.push(`images: ${percent} % of ${name} is not refused`);
    }
  }
  console.log(`images: every hundredth of ${TRUNCATED.length} files, ${problems.length} not refused`);
  return problems;
}

if (import.meta.filename === process.argv[1]) {
  const problems = await tortureImages(...process.argv.slice(2).map(Number));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
