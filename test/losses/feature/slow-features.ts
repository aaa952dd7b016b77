import type {Raster} from '../../../src/images/raster.js';
import {NetworkLibrary} from '../../../src/networks/open.js';
import type {NetworkRequest} from '../../../src/networks/request.js';
import {wasm} from '../score.js';

/** A layer's activations of one image, `[position][channel]`. */
export interface Activations {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

const SQUEEZENET: NetworkRequest = {network: 'squeezenet1_0', weights: 'default', pooling: 'max', input: 'weights'};

/** Activations of an image with values in [0, 1], by layer. */
export async function activations(
  image: Raster,
  layers: readonly string[],
  request: Partial<NetworkRequest> = {},
): Promise<Record<string, Activations>> {
  const tf = await wasm();
  const library = new NetworkLibrary(tf);
  const network = await library.open({...SQUEEZENET, ...request});
  const tensors = tf.tidy(() => {
    const input = tf.tensor4d(Float32Array.from(image.data), [1, image.height, image.width, image.channels]);
    return network.features(input, layers);
  });
  const made: Record<string, Activations> = {};
  for (const [layer, tensor] of Object.entries(tensors)) {
    const [, height, width, channels] = tensor.shape;
    made[layer] = {height, width, channels, data: (await tensor.data()) as Float32Array};
    tensor.dispose();
  }
  await library.close();
  return made;
}

/** Every position, or those that are valid. */
function positions({height, width}: Activations, valid?: (y: number, x: number) => boolean): number[] {
  return [...Array(height * width).keys()].filter((p) => !valid || valid(Math.floor(p / width), p % width));
}

/** ‖F − A‖² / (C·H·W). */
export function meanSquares(f: Activations, a: Activations, valid?: (y: number, x: number) => boolean): number {
  const at = positions(f, valid);
  let sum = 0;
  for (const p of at) {
    for (let c = 0; c < f.channels; c++) {
      sum += ((f.data[p * f.channels + c] as number) - (a.data[p * a.channels + c] as number)) ** 2;
    }
  }
  return sum / (f.channels * at.length);
}

/** The Gram matrix F·Fᵀ and its number of positions. */
export function gram(f: Activations, valid?: (y: number, x: number) => boolean): {g: Float64Array; m: number} {
  const {channels, data} = f;
  const at = positions(f, valid);
  const g = new Float64Array(channels ** 2);
  for (const p of at) {
    for (let i = 0; i < channels; i++) {
      for (let j = 0; j < channels; j++) {
        const product = (data[p * channels + i] as number) * (data[p * channels + j] as number);
        g[i * channels + j] = (g[i * channels + j] as number) + product;
      }
    }
  }
  return {g, m: at.length};
}

/** Σ (G·s − A·t)². */
export function scaledDifference(g: Float64Array, s: number, a: Float64Array, t: number): number {
  return g.reduce((sum, value, i) => sum + (value * s - (a[i] as number) * t) ** 2, 0);
}
