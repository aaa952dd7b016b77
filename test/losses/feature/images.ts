import type {Raster} from '../../../src/images/raster.js';
import {readPng} from '../../png.js';
import type {Random} from '../random.js';
import {floats} from '../score.js';

/** A fixture, `photos/target/000` for example, as floats in [0, 1]. */
export async function fixtureImage(name: string): Promise<Raster> {
  const {data, height, width, channels} = await readPng(new URL(`../../../fixtures/${name}.png`, import.meta.url));
  return floats(
    height,
    width,
    channels,
    Array.from(data, (level) => level / 255),
  );
}

/** The square of that size at a corner. */
export function square({data, width, channels}: Raster, top: number, left: number, size: number): Raster {
  const out = new Float64Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    const from = ((y + top) * width + left) * channels;
    out.set(data.subarray(from, from + size * channels), y * size * channels);
  }
  return floats(size, size, channels, out);
}

/** Gaussian blur; past the edge the edge goes on. */
export function blurred({data, height, width, channels}: Raster, sigma: number): Raster {
  const reach = Math.ceil(4 * sigma);
  const kernel = Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, value) => sum + value);
  const clamp = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
  const along = (from: ArrayLike<number>, dx: number, dy: number) =>
    Float64Array.from(from, (_, i) => {
      const [y, x, c] = [Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels];
      const at = (k: number) => (clamp(y + k * dy, height) * width + clamp(x + k * dx, width)) * channels + c;
      return kernel.reduce((sum, value, k) => sum + value * (from[at(k - reach)] as number), 0) / total;
    });
  return floats(height, width, channels, along(along(data, 1, 0), 0, 1));
}

/** The same image cut into square tiles, which are put back in another order. */
export function shuffledTiles({data, height, width, channels}: Raster, size: number, next: Random): Raster {
  const columns = width / size;
  const order = Array.from({length: columns * (height / size)}, (_, tile) => ({tile, rank: next()}));
  order.sort((a, b) => a.rank - b.rank);
  const out = new Float64Array(data.length);
  const pixel = (tile: number, y: number, x: number) =>
    ((Math.floor(tile / columns) * size + y) * width + (tile % columns) * size + x) * channels;
  order.forEach(({tile}, place) => {
    for (let y = 0; y < size; y++) {
      const from = pixel(tile, y, 0);
      out.set(data.subarray(from, from + size * channels), pixel(place, y, 0));
    }
  });
  return floats(height, width, channels, out);
}

/** An image of the mean colour. */
export function flat({data, height, width, channels}: Raster): Raster {
  const means = Array.from({length: channels}, (_, c) => {
    let sum = 0;
    for (let i = c; i < data.length; i += channels) sum += data[i] as number;
    return sum / (height * width);
  });
  return floats(
    height,
    width,
    channels,
    Array.from(data, (_, i) => means[i % channels] as number),
  );
}

/** Mean squared error. */
export function meanSquaredError(a: Raster, b: Raster): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return sum / a.data.length;
}
