import type {Raster} from '../../../src/images/raster.js';
import {random} from '../random.js';
import {bytes, floats, type Rasters} from '../score.js';

/** A textured 8-bit pair: smooth waves with noise, and the same distorted. */
export function texturedPair(height: number, width: number, channels: number, seed = 1): Rasters {
  const next = random(seed);
  const level = (i: number) => 128 + 70 * Math.sin(i / 7) + 40 * (next() - 0.5);
  const target = Array.from({length: height * width * channels}, (_, i) => Math.round(level(i)));
  const pred = target.map((value) => Math.min(255, Math.max(0, Math.round(0.9 * value + 30 * (next() - 0.4)))));
  return {pred: bytes(height, width, channels, pred), target: bytes(height, width, channels, target)};
}

/** A flat 8-bit pair, bright, one level apart in a few places. */
export function flatPair(height: number, width: number, channels: number, level = 250): Rasters {
  const length = height * width * channels;
  const pred = Array.from({length}, (_, i) => (i % 97 === 0 ? level - 1 : level));
  return {
    pred: bytes(height, width, channels, pred),
    target: bytes(height, width, channels, Array(length).fill(level)),
  };
}

/** Marks a share of the pixels, and one whole corner, as ignored. */
export function ignoreMask(height: number, width: number, share = 0.1, seed = 2): Raster {
  const next = random(seed);
  const corner = (i: number) => Math.floor(i / width) < height / 3 && i % width < width / 3;
  return bytes(
    height,
    width,
    1,
    Array.from({length: height * width}, (_, i) => (corner(i) || next() < share ? 255 : 0)),
  );
}

/** Weights from 0 to 2 in quarters, which float32 holds exactly. */
export function weightMap(height: number, width: number, seed = 3): Raster {
  const next = random(seed);
  return floats(
    height,
    width,
    1,
    Array.from({length: height * width}, () => Math.floor(next() * 9) / 4),
  );
}
