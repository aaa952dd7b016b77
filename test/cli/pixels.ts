import {random} from '../losses/random.js';
import type {Pixels} from './workspace.js';

/** An image of noise, the same for the same seed. */
export function noise(seed: number, height: number, width: number, channels: 1 | 3 = 3): Pixels {
  const next = random(seed);
  return {height, width, channels, data: Uint8Array.from({length: height * width * channels}, () => 256 * next())};
}

/** An image of one value. */
export function flat(value: number, height: number, width: number, channels: 1 | 3 = 3): Pixels {
  return {height, width, channels, data: new Uint8Array(height * width * channels).fill(value)};
}
