import type {PixelMap} from '../losses/pixel-map.js';

/** A map in half the memory. */
export interface KeptMap extends Pick<PixelMap, 'height' | 'width'> {
  readonly values: Float32Array;
}

/** Bytes of maps that are kept for their second use; the others are computed again. */
const BYTES_KEPT = 256 * 2 ** 20;

/** Maps that wait for the scale they share, as far as memory allows. */
export class KeptMaps {
  private readonly maps = new Map<string, KeptMap>();
  private bytes = 0;

  constructor(private readonly limit = BYTES_KEPT) {}

  add(name: string, {height, width, values}: PixelMap): void {
    if (this.bytes + 4 * values.length > this.limit) return;
    this.bytes += 4 * values.length;
    this.maps.set(name, {height, width, values: Float32Array.from(values)});
  }

  /** Gives a map away; null where it was not kept. */
  take(name: string): KeptMap | null {
    const map = this.maps.get(name) ?? null;
    if (map) {
      this.maps.delete(name);
      this.bytes -= map.values.byteLength;
    }
    return map;
  }
}
