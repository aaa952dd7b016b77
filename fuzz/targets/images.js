import {decodeImage} from '../../dist/images/decode.js';
import {readImageHeader} from '../../dist/images/image-header.js';
import {resealedPng} from '../resealed-png.js';
import {filesOf} from './files.js';

const READINGS = ['pixels', 'labels', 'mask', 'scores'];
const OPTIONS = {color: 'auto', alpha: 'drop', orient: true, icc: 'convert', page: null, maxPixels: 100_000};
const PALETTE = new Map([
  [0, 0],
  [0x800000, 1],
]);

/** Each image as each of the readings, the later ones under a palette. */
async function decoded(bytes) {
  let last;
  for (const [i, reading] of READINGS.entries()) {
    last = await decodeImage(bytes, 'image', reading, {...OPTIONS, palette: i % 2 === 0 ? null : PALETTE}).catch(known);
  }
  if (last instanceof Error) throw last;
}

/** A failed sample is an outcome; the other readings are tried all the same. */
function known(error) {
  if (error?.name === 'SampleError') return error;
  throw error;
}

const ofFormat = (folder, pattern) => ({seeds: () => filesOf(`fixtures/images/${folder}`, pattern), attempt: decoded});

const FOLDERS = {
  png: /\.png$/,
  jpeg: /\.jpg$/,
  webp: /\.webp$/,
  avif: /\.avif$/,
  tiff: /\.tif$/,
  bmp: /\.bmp$/,
  pnm: /\.(p.m|pfm)$/,
  npy: /\.npy$/,
  npz: /\.npz$/,
  icc: /\.(png|jpg|webp|tif)$/,
};

export const images = {
  ...Object.fromEntries(Object.entries(FOLDERS).map(([folder, pattern]) => [folder, ofFormat(folder, pattern)])),
  // Most of what is changed in a PNG is told by its checksums; here are those that are not.
  'png-sealed': {...ofFormat('png', FOLDERS.png), attempt: (bytes) => decoded(resealedPng(bytes))},
  'image-header': {
    seeds: () => Object.entries(FOLDERS).flatMap(([folder, pattern]) => filesOf(`fixtures/images/${folder}`, pattern)),
    attempt: (_bytes, {path}) => readImageHeader(path),
  },
};
