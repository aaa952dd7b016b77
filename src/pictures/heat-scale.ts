import type {LossMap, PixelMap} from '../losses/pixel-map.js';

/** The interval of values that the colours of heat maps share. */
export interface HeatScale {
  readonly low: number;
  readonly high: number;
}

/** The share of pixels at the bad end that the scale leaves out, so that one wild pixel does not darken the rest. */
const LEFT_OUT = 0.005;

/** Values that a scale is made from, of all its maps. */
const VALUES = 2 ** 21;
const LEAST_OF_MAP = 2 ** 8;
const MOST_OF_MAP = 2 ** 16;

/** Finds the scale that several maps of one loss share, from values spread evenly over each. */
export class HeatScaler {
  private readonly values: number[] = [];
  private readonly each: number;

  /** `maps`: how many there will be. */
  constructor(
    private readonly better: LossMap['better'],
    maps: number,
  ) {
    this.each = Math.min(MOST_OF_MAP, Math.max(LEAST_OF_MAP, Math.floor(VALUES / Math.max(1, maps))));
  }

  add({values}: Pick<PixelMap, 'values'>): void {
    const count = Math.min(this.each, values.length);
    for (let i = 0; i < count; i++) {
      const value = values[Math.floor((i * values.length) / count)] as number;
      if (Number.isFinite(value)) this.values.push(value);
    }
  }

  /**
   * Where lower is better: from 0 (or the 0.5th percentile, where values are negative) to the 99.5th percentile; where
   * higher is, from the 0.5th percentile to the largest. Where that is one value, the extremes; where those are, 1 wide.
   */
  scale(): HeatScale {
    const sorted = Float64Array.from(this.values).sort();
    if (sorted.length === 0) return {low: 0, high: 1};
    const [least, most] = [sorted[0] as number, sorted[sorted.length - 1] as number];
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
    if (this.better === 'lower') {
      const low = Math.min(0, at(LEFT_OUT));
      const high = at(1 - LEFT_OUT);
      if (high > low) return {low, high};
      return most > low ? {low, high: most} : {low, high: low + 1};
    }
    if (most > at(LEFT_OUT)) return {low: at(LEFT_OUT), high: most};
    return most > least ? {low: least, high: most} : {low: most - 1, high: most};
  }
}
