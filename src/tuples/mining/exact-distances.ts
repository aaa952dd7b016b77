import type {RowRange} from '../../kernels/row-products.js';
import type {TripletMeasure} from './strategy.js';

/** Distances of single pairs in float64: the bits that `distancesIn` gives, without its tiles. */
export class ExactDistances {
  constructor(
    private readonly rows: RowRange,
    private readonly measure: TripletMeasure,
  ) {}

  /** The distance in the measure. */
  between(first: number, second: number): number {
    return this.measured(this.squared(first, second));
  }

  /** The distance in the measure, of |x − y|². */
  measured(squared: number): number {
    if (this.measure === 'l2') return Math.sqrt(squared);
    return this.measure === 'cosine' ? squared / 2 : squared;
  }

  /** |x − y|² of the rows, summed over the columns in their order. */
  squared(first: number, second: number): number {
    const {values, dimensions} = this.rows;
    const end = (first + 1) * dimensions;
    let sum = 0;
    for (let i = first * dimensions, j = second * dimensions; i < end; i++, j++) {
      const difference = (values[i] as number) - (values[j] as number);
      sum += difference * difference;
    }
    return sum;
  }

  /** The |x − y|² that measures so, within a few roundings; infinite bounds stay. */
  toSquared(distance: number): number {
    if (this.measure === 'l2') return distance * Math.abs(distance);
    return this.measure === 'cosine' ? distance * 2 : distance;
  }
}
