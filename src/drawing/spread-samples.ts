import type {Row} from '../rows/row.js';
import type {ShownSample} from '../run/shown-samples.js';
import type {Run} from '../run/start.js';
import {WorstSamples} from '../run/worst.js';

/** A sample in several runs. */
export interface SpreadSample {
  readonly key: string;
  /** Its value in a column, run by run; null where a run has none. */
  readonly values: readonly (number | null)[];
  /** Where each run has it; null where it does not. */
  readonly places: readonly (Pick<ShownSample, 'at' | 'sha256'> | null)[];
}

/** A sample whose rows are under way. */
interface Waiting {
  readonly rows: (Row | null)[];
  readonly places: SpreadSample['places'][number][];
  missing: number;
}

/** Of each column, the samples whose largest and smallest value in several runs are farthest apart. */
export class SpreadSamples {
  private readonly columns: readonly string[];
  private readonly ranked: ReadonlyMap<string, WorstSamples>;
  private readonly kept = new Map<string, Waiting>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly owners = new Map<string, number>();
  private readonly next: number[];

  /** Rows come in the order of each run's samples; those of one key are waited for from every run that has it. */
  constructor(
    runs: readonly Pick<Run, 'samples' | 'columns' | 'losses'>[],
    private readonly count: number,
  ) {
    this.next = runs.map(() => 0);
    for (const {samples} of runs) {
      for (const {key} of samples) this.owners.set(key, (this.owners.get(key) ?? 0) + 1);
    }
    const [first] = runs;
    const own = first?.columns.filter(({name, better}) => better !== 'none' && isOwn(name, first.losses)) ?? [];
    this.columns = own.map(({name}) => name);
    this.ranked = new Map(this.columns.map((name) => [name, new WorstSamples('lower', count)]));
  }

  add(run: number, row: Row): void {
    const {key, sha256} = row;
    const at = this.next[run] as number;
    this.next[run] = at + 1;
    const nobody = this.next.map(() => null);
    const own = this.waiting.get(key) ?? {rows: [...nobody], places: [...nobody], missing: this.owners.get(key) ?? 1};
    this.waiting.set(key, own);
    own.rows[run] = row;
    own.places[run] = {at, sha256};
    own.missing--;
    if (own.missing > 0) return;
    this.waiting.delete(key);
    this.rank(key, own);
  }

  /** The samples that differ most, those that differ most first; none that are alike in all runs. */
  byColumn(): Record<string, readonly SpreadSample[]> {
    const lists = this.columns.map((column) => [column, this.list(column)] as const);
    return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
  }

  private rank(key: string, own: Waiting): void {
    for (const [column, ranked] of this.ranked) {
      const spread = spreadOf(valuesOf(own, column));
      if (spread > 0) ranked.add(key, spread);
    }
    this.kept.set(key, own);
    if (this.kept.size > 4 * this.count * this.columns.length + 64) this.forget();
  }

  private list(column: string): SpreadSample[] {
    const first = this.ranked.get(column)?.first(this.count) ?? [];
    return first.map(({key}) => {
      const own = this.kept.get(key) as Waiting;
      return {key, values: valuesOf(own, column), places: own.places};
    });
  }

  private forget(): void {
    const shown = new Set(this.columns.flatMap((column) => this.list(column).map(({key}) => key)));
    for (const key of this.kept.keys()) if (!shown.has(key)) this.kept.delete(key);
  }
}

function isOwn(column: string, losses: readonly {readonly id: string}[]): boolean {
  return column === 'total' || losses.some(({id}) => id === column);
}

function valuesOf({rows}: Waiting, column: string): (number | null)[] {
  return rows.map((row) => {
    const cell = row?.cells[column];
    return typeof cell === 'number' ? cell : null;
  });
}

/** 0 of fewer than two values, and of infinities alone. */
function spreadOf(values: readonly (number | null)[]): number {
  const numbers = values.filter((value) => value !== null);
  const spread = Math.max(...numbers) - Math.min(...numbers);
  return numbers.length < 2 || Number.isNaN(spread) ? 0 : spread;
}
