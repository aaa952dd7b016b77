import {emptyRow, type RowPair} from './row-pair.js';

/** How a {@link BoxMean} reads its rows. */
export interface BoxMeanShape {
  readonly width: number;
  readonly channels: number;
  /** Side of the boxes. */
  readonly factor: number;
  /** `drop`: incomplete boxes at the right and bottom are left out; `mean`: they give the mean of what they have. */
  readonly remainder: 'drop' | 'mean';
  readonly masked: boolean;
  readonly weighted: boolean;
}

/**
 * Shrinks two images by `factor`, row by row: each coarse pixel is the mean of the valid pixels of its box,
 * Σ m·x / Σ m; it is valid where any of them is, and weighs as much as they do in the mean.
 */
export class BoxMean {
  /** Width of the coarse rows. */
  readonly width: number;
  readonly #shape: BoxMeanShape;
  readonly #sums: RowPair;
  readonly #result: RowPair;
  #rows = 0;

  constructor(shape: BoxMeanShape) {
    const {width, channels, factor, remainder, masked, weighted} = shape;
    this.#shape = shape;
    this.width = remainder === 'drop' ? Math.floor(width / factor) : Math.ceil(width / factor);
    this.#sums = emptyRow(this.width, channels, {valid: masked, weight: weighted});
    this.#result = emptyRow(this.width, channels, {valid: masked, weight: weighted});
  }

  /** Takes a fine row; gives a coarse one with every `factor`-th, else null. Its buffers are reused. */
  push(row: RowPair): RowPair | null {
    const {channels} = this.#shape;
    const {x, y, valid, weight} = this.#sums;
    this.#add(row.x, x, channels);
    this.#add(row.y, y, channels);
    if (row.valid && valid) this.#add(row.valid, valid, 1);
    if (row.weight && weight) this.#add(row.weight, weight, 1);
    this.#rows++;
    return this.#rows === this.#shape.factor ? this.#finish() : null;
  }

  /** After the last fine row: the coarse row of an incomplete box, if there is one and it is not dropped. */
  end(): RowPair | null {
    return this.#rows > 0 && this.#shape.remainder === 'mean' ? this.#finish() : null;
  }

  #add(from: Float64Array, to: Float64Array, channels: number): void {
    const {factor} = this.#shape;
    const box = factor * channels;
    const end = Math.min(from.length, this.width * box);
    for (let channel = 0; channel < channels; channel++) {
      let out = channel;
      for (let start = channel; start < end; start += box) {
        const stop = Math.min(start + box, end);
        let sum = to[out] as number;
        for (let i = start; i < stop; i += channels) sum += from[i] as number;
        to[out] = sum;
        out += channels;
      }
    }
  }

  #finish(): RowPair {
    const {channels, factor} = this.#shape;
    const {x, y, valid, weight} = this.#sums;
    const result = this.#result;
    for (let pixel = 0; pixel < this.width; pixel++) {
      const columns = Math.min(factor, this.#shape.width - pixel * factor);
      const count = valid?.[pixel] ?? this.#rows * columns;
      const share = count === 0 ? 0 : 1 / count;
      for (let i = pixel * channels; i < (pixel + 1) * channels; i++) {
        result.x[i] = (x[i] as number) * share;
        result.y[i] = (y[i] as number) * share;
      }
      result.valid?.fill(Math.sign(count), pixel, pixel + 1);
      result.weight?.fill((weight?.[pixel] as number) * share, pixel, pixel + 1);
    }
    for (const sums of [x, y, valid, weight]) sums?.fill(0);
    this.#rows = 0;
    return result;
  }
}
