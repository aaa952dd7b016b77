import {RunError} from '../../errors.js';
import type {Approximation} from './approximation.js';
import type {ExactDistances} from './exact-distances.js';
import type {Anchor} from './strategy.js';

/** The other vectors as an anchor sees them: approximate squared distances to all, exact ones where they are asked for. */
export class Negatives {
  /** How far an approximate squared distance may be off. */
  readonly error: number;
  private readonly known = new Map<number, number>();

  /**
   * `products` are the anchor's with every vector; those with its own identity are overwritten with NaN, so that no
   * comparison holds for them.
   */
  constructor(
    readonly anchor: Anchor,
    private readonly products: Float32Array,
    private readonly approximation: Approximation,
    readonly exact: ExactDistances,
  ) {
    this.error = approximation.errors[anchor.index] as number;
    for (const member of anchor.members) products[member] = Number.NaN;
  }

  /** Visits every negative whose approximate squared distance is from `low` to `high`, which a visit may change. */
  scan(low: number, high: number, visit: (item: number, squared: number) => number): void {
    const {products, approximation} = this;
    const {squares, scale} = approximation;
    const own = squares[this.anchor.index] as number;
    let reach = high;
    for (let item = 0; item < products.length; item++) {
      const squared = own + (squares[item] as number) - scale * (products[item] as number);
      if (squared <= reach && squared >= low) reach = visit(item, squared);
    }
  }

  /** Every negative whose approximate squared distance is from `low` to `high`, ascending. */
  within(low: number, high: number): {readonly items: Int32Array; readonly squared: Float64Array} {
    const {products, approximation} = this;
    const {squares, scale} = approximation;
    const own = squares[this.anchor.index] as number;
    const items = new Int32Array(products.length);
    const squared = new Float64Array(products.length);
    let size = 0;
    for (let item = 0; item < products.length; item++) {
      const distance = own + (squares[item] as number) - scale * (products[item] as number);
      items[size] = item;
      squared[size] = distance;
      // What is out of reach is written over; without a branch, which could not be foretold.
      size += Number(distance <= high && distance >= low);
    }
    return {items: items.subarray(0, size), squared: squared.subarray(0, size)};
  }

  /** d_an, computed once. Throws RunError where the products are farther off than float32 can be. */
  distance(item: number): number {
    let distance = this.known.get(item);
    if (distance === undefined) {
      const squared = this.exact.squared(this.anchor.index, item);
      this.check(item, squared);
      distance = this.exact.measured(squared);
      this.known.set(item, distance);
    }
    return distance;
  }

  private check(item: number, exact: number): void {
    const {squares, scale} = this.approximation;
    const own = squares[this.anchor.index] as number;
    const squared = own + (squares[item] as number) - scale * (this.products[item] as number);
    if (Math.abs(squared - exact) <= this.error) return;
    throw new RunError(
      'wrong-products',
      `a product of vectors is off by more than float32 rounds: ${squared} for ${exact}`,
    );
  }
}
