import type {Raster} from '../images/raster.js';

/** Distinct values that are kept; with more than this nothing is a label map. */
const DISTINCT = 256;
/** Ids of classes as people number them. */
const LARGEST_ID = 63;
/** The usual id of pixels that are left out. */
export const LEFT_OUT = 255;
/** A grey image of so few levels is a label map rather than a photograph. */
const MOST_IDS = 32;

/** What the values of some images have in common. */
export class ValueSummary {
  images = 0;
  /** The largest number of channels. */
  channels = 0;
  /** Whether all come from integer files. */
  integer = true;
  /** The largest value that the integer types can hold; 0 for floats. */
  maximum = 0;
  min = Infinity;
  max = -Infinity;
  /** Whether the channels of every pixel sum to 1 (to the maximum, for integers), as probabilities do. */
  sumToOne = true;
  private readonly distinct = new Set<number>();

  add(raster: Raster): void {
    const {data, channels, maximum} = raster;
    this.images++;
    this.channels = Math.max(this.channels, channels);
    this.integer &&= maximum !== null;
    this.maximum = Math.max(this.maximum, maximum ?? 0);
    for (const value of data) {
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      if (this.distinct.size <= DISTINCT) this.distinct.add(value);
    }
    this.sumToOne &&= channels > 1 && sumsTo(raster, maximum ?? 1);
  }

  /** The distinct values in order; null when there are more than 256. */
  get ids(): readonly number[] | null {
    return this.distinct.size > DISTINCT ? null : [...this.distinct].sort((a, b) => a - b);
  }

  /** One channel of 0 and 1, of 0 and 255, or of 0 and 65535. */
  get binary(): boolean {
    const ids = this.ids ?? [];
    const others = ids.filter((id) => id !== 0);
    return this.channels === 1 && ids.length > 0 && others.length <= 1 && others.every((id) => FOREGROUND.includes(id));
  }

  /** One channel of few whole numbers that look like class ids. `palette`: the files have one. */
  labels(palette: boolean): boolean {
    const ids = this.ids;
    if (this.channels !== 1 || ids === null || ids.length < 2 || !ids.every(Number.isInteger)) return false;
    if (palette) return true;
    return ids.length <= MOST_IDS && ids.every((id) => (id >= 0 && id <= LARGEST_ID) || id === LEFT_OUT);
  }
}

const FOREGROUND: readonly number[] = [1, 255, 65_535];

function sumsTo({data, channels}: Raster, expected: number): boolean {
  const tolerance = expected * Math.max(1e-2, channels / 255);
  for (let at = 0; at < data.length; at += channels) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[at + c] as number;
    if (Math.abs(sum - expected) > tolerance) return false;
  }
  return true;
}
