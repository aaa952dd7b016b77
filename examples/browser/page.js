// SSIM, MSE and two more of two images, computed in the page: no image leaves it.

import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
import * as tf from '@tensorflow/tfjs-core';
import {mae, mse, psnr, ssim} from 'cv-loss/losses';
import pred from '../../fixtures/photos/pred/001.png';
import target from '../../fixtures/photos/target/001.png';
import {readPixels} from './read-pixels.js';
import {showDifference} from './show-difference.js';

const LOSSES = {ssim: ssim(), mse: mse(), mae: mae(), psnr: psnr()};

/** The image of each side as `[height, width, 3]` in 0..1; null where it could not be read. */
const images = {pred: null, target: null};

/** How often values were asked for: only the last time counts, as an image may be chosen while others are compared. */
let asked = 0;

// Every browser that runs this page has SIMD; threads would need a server that isolates the page.
const binaries = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];
setWasmPaths(Object.fromEntries(binaries.map((name) => [name, simd])));
await tf.setBackend('wasm');
for (const [role, url] of Object.entries({pred, target})) {
  await choose(role, await (await fetch(url)).blob());
  const input = element(`${role}-file`);
  input.addEventListener('change', () => input.files[0] && take(role, input.files[0]));
  const tile = element(`${role}-tile`);
  for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    tile.addEventListener(kind, (event) => {
      event.preventDefault();
      tile.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
      if (kind === 'drop' && event.dataTransfer.files[0]) take(role, event.dataTransfer.files[0]);
    });
  }
}
await score();

/** Takes an image of the user's and scores the pair. */
async function take(role, file) {
  await choose(role, file, file.name);
  await score();
}

async function choose(role, blob, name) {
  images[role]?.pixels.dispose();
  images[role] = null;
  try {
    const {bitmap, pixels} = await readPixels(tf, blob);
    images[role] = {pixels};
    const canvas = element(`${role}-canvas`);
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    element(`${role}-size`).textContent = `${name ?? 'an example'} · ${bitmap.width} × ${bitmap.height}`;
  } catch (error) {
    element(`${role}-size`).textContent = `${name}: ${error.message}`;
  }
}

async function score() {
  const own = ++asked;
  const status = element('status');
  for (const id of Object.keys(LOSSES)) element(id).textContent = '–';
  const [x, y] = [images.pred?.pixels, images.target?.pixels];
  document.body.dataset.state = 'busy';
  status.textContent = 'computing …';
  // Lets the page paint first.
  await new Promise((resolve) => setTimeout(resolve, 30));
  if (own !== asked) return;
  try {
    if (!x || !y) throw new Error('two images are needed');
    const started = performance.now();
    for (const [id, loss] of Object.entries(LOSSES)) {
      const scalar = loss(x, y);
      const [value] = await scalar.data();
      scalar.dispose();
      if (own !== asked) return;
      element(id).textContent = Number.isFinite(value) ? value.toPrecision(6) : String(value);
      element(id).dataset.value = value;
    }
    showDifference(element('difference'), x, y);
    status.textContent = `${Math.round(performance.now() - started)} ms in this browser, on TensorFlow.js (${tf.getBackend()})`;
  } catch (error) {
    if (own !== asked) return;
    status.textContent = error.message;
  }
  document.body.dataset.state = 'done';
}

function element(id) {
  return document.getElementById(id);
}
