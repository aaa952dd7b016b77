import type {Cell, Direction} from '../rows/row.js';

/** A sample and its value in one column. */
export interface RankedSample {
  readonly key: string;
  readonly value: number;
}

/**
 * The worst samples of one column, worst first: the largest values where lower is better, the smallest where
 * higher is. Infinite values rank like any other; undefined and failed cells have no rank. Equal values stay in
 * the order they came, which is key order. A column that is no objective by itself has no worst sample.
 */
export class WorstSamples {
  private readonly list: RankedSample[] = [];
  private readonly sign: number;

  constructor(
    better: Direction,
    private readonly kept: number,
  ) {
    this.sign = better === 'lower' ? 1 : better === 'higher' ? -1 : 0;
  }

  add(key: string, cell: Cell): void {
    if (this.sign === 0 || typeof cell !== 'number' || Number.isNaN(cell)) return;
    const last = this.list.at(-1);
    if (this.list.length === this.kept && last && !this.worse(cell, last.value)) return;
    let place = this.list.length;
    while (place > 0 && this.worse(cell, (this.list[place - 1] as RankedSample).value)) place--;
    this.list.splice(place, 0, {key, value: cell});
    if (this.list.length > this.kept) this.list.pop();
  }

  /** The worst `count`; no more than were kept. */
  first(count: number): readonly RankedSample[] {
    return this.list.slice(0, count);
  }

  private worse(a: number, b: number): boolean {
    return this.sign > 0 ? a > b : a < b;
  }
}
