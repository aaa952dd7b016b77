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
   * Where lower is better: from 0 to the 99.5th percentile; where values are negative too, as far below 0 as above, so that
   * 0 is in the middle. Where higher is: from the 0.5th percentile to the largest. Where that is one value, the extremes;
   * where those are, 1 wide.
   */
  scale(): HeatScale {
    const sorted = Float64Array.from(this.values).sort();
    if (sorted.length === 0) return {low: 0, high: 1};
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
    const extremes = {low: at(0), high: at(1)};
    return this.better === 'lower'
      ? fromZero({low: at(LEFT_OUT), high: at(1 - LEFT_OUT)}, extremes)
      : toLargest({low: at(LEFT_OUT), high: at(1)}, extremes);
  }
}

/** A share of the scale that rounding may reach below 0. */
const ROUNDING = 1e-6;

function fromZero({low, high}: HeatScale, extremes: HeatScale): HeatScale {
  const reach = Math.max(-low, high);
  if (-low > ROUNDING * reach && reach > 0) return {low: -reach, high: reach};
  if (high > 0) return {low: 0, high};
  return {low: 0, high: extremes.high > 0 ? extremes.high : 1};
}

function toLargest({low, high}: HeatScale, extremes: HeatScale): HeatScale {
  if (high > low) return {low, high};
  return high > extremes.low ? extremes : {low: high - 1, high};
}
