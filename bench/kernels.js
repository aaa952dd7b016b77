// Nanoseconds a pixel and channel of each fused kernel on one core, beside the same computed in plain JavaScript: element by
// element, and for SSIM row by row (the form that images with ignored or weighted pixels still take). The two take turns.
//   node bench/kernels.js [rounds] [side]
import process from 'node:process';
import {differenceSums} from '../dist/kernels/differences.js';
import {gradientSimilarityDeviation} from '../dist/kernels/gradient-similarity.js';
import {rowPairs} from '../dist/kernels/row-pair.js';
import {multiScaleSsimMeans} from '../dist/kernels/ssim.js';
import {SsimWindows} from '../dist/kernels/ssim-windows.js';
import {rootVariation, variation} from '../dist/kernels/variation.js';

const rounds = Number(process.argv[2] ?? 9);
const side = Number(process.argv[3] ?? 512);
const channels = 3;
const length = side * side * channels;
const constants = {c1: 1e-4, c2: 9e-4, centre: 0.5};
const [x, y] = photographs();

const kernels = {
  'mse + mae + psnr, 8 bits': [(pred, target) => differenceSums(pred, target).squared, plainErrors],
  'huber + charbonnier + log-cosh, 8 bits': [threeErrors, threePlainErrors],
  'total variation, anisotropic': [(pred) => variation(pred).absolute, (pred) => plainVariation(pred, sumOfBoth)],
  'total variation, isotropic': [(pred) => rootVariation(pred), (pred) => plainVariation(pred, Math.hypot)],
  'gmsd, one channel (a third of the pixels)': [grey, null],
  ssim: [(...pair) => scales(pair, 1), rowSsim],
  'ssim + ms-ssim': [(...pair) => scales(pair, 5) + scales(pair, 1), null],
};

console.log(
  `${'ns a pixel and channel'.padEnd(40)} ${'kernel'.padStart(8)} ${'plain'.padStart(8)} ${'ratio'.padStart(6)}`,
);
for (const [name, [kernel, plain]] of Object.entries(kernels)) {
  const [fast, slow] = [[], []];
  const turns = plain ? rounds : 2 * rounds;
  for (let round = -2; round < turns; round++) {
    const [own, others] = [timed(kernel), plain ? timed(plain) : null];
    if (round < 0) continue;
    fast.push(own);
    if (others) slow.push(others);
  }
  const [own, others] = [median(fast), median(slow)];
  const rest = plain ? `${others.toFixed(2).padStart(8)} ${(others / own).toFixed(1).padStart(6)}` : '';
  console.log(`${name.padEnd(40)} ${own.toFixed(2).padStart(8)} ${rest}`);
}

/** Processor time, so that a busy machine counts little. The images are new objects, so that nothing is remembered. */
function timed(run) {
  const pair = [{...x}, {...y}];
  const started = process.cpuUsage();
  run(...pair);
  const {user, system} = process.cpuUsage(started);
  return (1000 * (user + system)) / length;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Waves and noise, and the same with more noise. */
function photographs() {
  const wave = (i) => 128 + 80 * Math.sin(i / 300);
  const image = (noise) => {
    const data = Uint8Array.from({length}, (_, i) => wave(i) + noise * Math.random());
    return {data, scale: 1 / 255, offset: 0, height: side, width: side, channels, integer: true};
  };
  return [image(20), image(40)];
}

function scales([pred, target], count) {
  const means = multiScaleSsimMeans({pred, target, valid: null, weights: null}, constants, count);
  return means[0].ssim[0];
}

function grey(pred, target) {
  const view = ({data}) => ({...pred, data: data.subarray(0, side * side), channels: 1});
  return gradientSimilarityDeviation({
    pred: view(pred),
    target: view(target),
    range: [0, 1],
    valid: null,
    weights: null,
  });
}

function rowSsim(pred, target) {
  const windows = new SsimWindows({width: side, channels, masked: false}, constants);
  for (const row of rowPairs({pred, target, valid: null, weights: null}, constants.centre)) windows.push(row);
  return windows.means();
}

function threeErrors(pred, target) {
  const sums = differenceSums(pred, target);
  return sums.of(huber) + sums.of(charbonnier) + sums.of(logCosh);
}

function threePlainErrors(pred, target) {
  return plainSum(pred, target, huber) + plainSum(pred, target, charbonnier) + plainSum(pred, target, logCosh);
}

function plainErrors(pred, target) {
  return (
    plainSum(pred, target, (d) => d ** 2) + plainSum(pred, target, Math.abs) + plainSum(pred, target, (d) => d ** 2)
  );
}

function plainSum(pred, target, f) {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += f(pred.data[i] * pred.scale - target.data[i] * target.scale);
  return sum;
}

function huber(d) {
  return Math.abs(d) <= 1 ? d ** 2 / 2 : Math.abs(d) - 0.5;
}

function charbonnier(d) {
  return Math.sqrt(d ** 2 + 1e-6);
}

function logCosh(d) {
  return Math.abs(d) + Math.log1p(Math.expm1(-2 * Math.abs(d)) / 2);
}

function plainVariation({data, scale}, f) {
  const stride = side * channels;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const right = i % stride < stride - channels ? data[i + channels] - data[i] : 0;
    const down = i + stride < length ? data[i + stride] - data[i] : 0;
    sum += f(right * scale, down * scale);
  }
  return sum;
}

function sumOfBoth(dx, dy) {
  return Math.abs(dx) + Math.abs(dy);
}
