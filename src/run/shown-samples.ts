import type {Column, Row} from '../rows/row.js';
import {WorstSamples} from './worst.js';

/** Which samples of a column are shown: so many of its worst or best, or all that have a value. */
export type Shown = {readonly of: 'worst' | 'best'; readonly count: number} | {readonly of: 'all'};

/** A sample that is shown, and what tells later that its files are still those that were scored. */
export interface ShownSample {
  readonly key: string;
  /** Its place among the run's samples. */
  readonly at: number;
  readonly value: number;
  readonly sha256: Readonly<Record<string, string>>;
}

/** Chooses the samples that are shown of each column while rows pass by, in key order. Holds no more than those. */
export class ShownSamples {
  private readonly ranked = new Map<string, Ranking>();
  private at = 0;

  /** Columns that are no objective by themselves have no worst and no best sample. */
  constructor(columns: readonly Column[], shown: Shown) {
    for (const {name, better} of columns) {
      if (shown.of === 'all') this.ranked.set(name, new Everything());
      else this.ranked.set(name, new Ranked(shown.of === 'worst' ? better : opposite(better), shown.count));
    }
  }

  /** The next row, which is that of the run's next sample. */
  add(row: Row): void {
    const at = this.at++;
    if (row.status === 'failed' && Object.keys(row.sha256).length === 0) return;
    for (const [name, ranking] of this.ranked) {
      const value = row.cells[name];
      if (typeof value === 'number' && !Number.isNaN(value)) ranking.add({key: row.key, at, value, sha256: row.sha256});
    }
  }

  /** The samples of a column, the first one first: the worst, the best, or in key order. */
  of(column: string): readonly ShownSample[] {
    return this.ranked.get(column)?.list() ?? [];
  }
}

interface Ranking {
  add(sample: ShownSample): void;
  list(): readonly ShownSample[];
}

class Everything implements Ranking {
  private readonly samples: ShownSample[] = [];

  add(sample: ShownSample): void {
    this.samples.push(sample);
  }

  list(): readonly ShownSample[] {
    return this.samples;
  }
}

class Ranked implements Ranking {
  private readonly order: WorstSamples;
  private readonly known = new Map<string, ShownSample>();

  constructor(
    better: Column['better'],
    private readonly count: number,
  ) {
    this.order = new WorstSamples(better, count);
  }

  add(sample: ShownSample): void {
    this.order.add(sample.key, sample.value);
    this.known.set(sample.key, sample);
    // Now and then, so that a row costs little and memory stays within a few times what is kept.
    if (this.known.size > 4 * this.count + 64) this.forget();
  }

  list(): readonly ShownSample[] {
    return this.order.first(this.count).map(({key}) => this.known.get(key) as ShownSample);
  }

  private forget(): void {
    const kept = this.list();
    this.known.clear();
    for (const sample of kept) this.known.set(sample.key, sample);
  }
}

function opposite(better: Column['better']): Column['better'] {
  return better === 'lower' ? 'higher' : better === 'higher' ? 'lower' : 'none';
}
